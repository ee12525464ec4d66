import type { BusinessQuery } from '#catalog'
import type { Cause } from '../data/data-store.ts'
import type { WriteAlso } from '../jobs/job-store.ts'

/** What is to be done with a question (`open`), or was: given a label, or put aside because it teaches nothing. */
export const reviewStates = ['open', 'labelled', 'discarded'] as const
export type ReviewState = (typeof reviewStates)[number]

/** What a question means, said by a person: its label, and the whole query where they gave one. */
export type Verdict = { label: string; query?: BusinessQuery | undefined }

/** How a question was understood, part by part, as its reader saw it. */
type Chip = { kind: string; label: string; value: string }

/** A question for a person to label. Texts are as they were written. */
export type Candidate = {
  turnId: string
  question: string
  askedAt: Date
  cause: Cause
  suggested: string | null
  reading: Record<string, unknown> | null
  chips: Chip[]
  /** What its reader said was wrong with the answer. */
  complaint: { cause: string | null; remark: string | null }
  /** The question that it was asked again as. */
  ledTo: string | null
  verdict: Verdict | null
  isDiscarded: boolean
  reviewedBy: string | null
}

/** A question with what it means, to hold a model against. */
export type ReviewedQuestion = { turnId: string; text: string; askedAt: Date; verdict: Verdict }

type Filter = { state: ReviewState; cause?: Cause | undefined; limit: number }

/** What people say of questions that went wrong. Reviews never change what was asked. */
export type ReviewStore = {
  /** The newest first. */
  list(filter: Filter): Promise<Candidate[]>
  /** How many there are in a state, by cause. */
  count(state: ReviewState): Promise<Partial<Record<Cause, number>>>
  /** Throws TRAINING_CANDIDATE_NOT_FOUND, as do the next two; the last review counts. */
  review(turnId: string, verdict: Verdict, by: string, also?: WriteAlso): Promise<void>
  discard(turnId: string, by: string, also?: WriteAlso): Promise<void>
  /** Takes a review or a discard back. */
  reopen(turnId: string, also?: WriteAlso): Promise<void>
  /** The ones reviewed last first. */
  readReviewed(limit: number): Promise<ReviewedQuestion[]>
  /** How many were labelled after `since`, here and brought from elsewhere. */
  countNew(since: Date | undefined): Promise<number>
}
