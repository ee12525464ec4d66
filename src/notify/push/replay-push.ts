import type { DeadLetters } from '#platform/queue'
import { batchQueue, pushQueue } from './push-queue.ts'

const mostLetters = 5_000

/** Has what became a dead letter of a message delivered again, with its tries anew. Answers how many letters there were. */
export async function replayPush(deadLetters: DeadLetters, push: string): Promise<number> {
  const lists = await Promise.all(
    [pushQueue, batchQueue].map(({ name }) => deadLetters.list({ queue: name, body: { push }, limit: mostLetters })),
  )
  return await deadLetters.replay(lists.flat().map(({ id }) => id))
}
