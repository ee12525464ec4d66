import type { Understand } from '#nlu'
import { seoulDate } from '#platform/seoul-date'
import { isReadAs } from './judge-reading.ts'
import type { ReviewedQuestion } from './review-store.ts'

/** How many reviewed questions a model is held against, the last reviewed first. */
export const mostReviewed = 200

/**
 * Reads reviewed questions, each as of the day it was asked and outside its conversation, and says which are read as people said.
 * They were learned from when they were not held out: it is what a review has changed, not how well a model reads what it never saw.
 */
export async function measureReviewed(
  questions: readonly ReviewedQuestion[],
  understand: Understand,
  pause: () => Promise<void>,
): Promise<{ turnId: string; isRight: boolean }[]> {
  const read: { turnId: string; isRight: boolean }[] = []
  for (const { turnId, text, askedAt, verdict } of questions) {
    await pause()
    const request = { text, today: seoulDate(askedAt), state: {}, language: 'ko', partial: true } as const
    const { understanding } = await understand(request)
    read.push({ turnId, isRight: isReadAs(verdict, understanding) })
  }
  return read
}
