import type { DeadLetters } from '#platform/queue'
import { batchQueue, pushQueue } from './push-queue.ts'

const mostLetters = 5_000

/** Has what became a dead letter of a message delivered again, with its tries anew. Answers how many letters there were. */
export async function replayPush(deadLetters: DeadLetters, push: string): Promise<number> {
  const lists = await Promise.all(
    [pushQueue, batchQueue].map(({ name }) => deadLetters.list({ queue: name, limit: mostLetters })),
  )
  const ids = lists.flat().filter(({ message }) => pushOf(message) === push)
  return await deadLetters.replay(ids.map(({ id }) => id))
}

function pushOf(message: unknown): unknown {
  const body = typeof message === 'object' && message !== null && 'body' in message ? message.body : undefined
  return typeof body === 'object' && body !== null && 'push' in body ? body.push : undefined
}
