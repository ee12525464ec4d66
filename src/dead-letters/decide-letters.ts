import type { AuditLog } from '#audit'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { DeadLetter, DeadLetters } from '#platform/queue'
import type { LetterOutcome } from './api.ts'
import { deadLetterErrors } from './errors.ts'

export type LetterDeps = {
  database: Database
  deadLetters: DeadLetters
  audit: Pick<AuditLog, 'recordWith'>
}

/** Who decides, and from where. */
export type Caller = { userId: string; ip: string }

/** `reason` is why they are discarded. */
type Decision = { kind: 'replay' } | { kind: 'discard'; reason: string }

/** As many as one call deals with; it says how many are left. */
const mostAtOnce = 1_000

/** Hands one dead letter to its queue again or throws it away, and puts that on record. Throws DEAD_LETTER_UNKNOWN, _QUEUE_GONE. */
export async function decideLetter(
  deps: LetterDeps,
  id: string,
  decision: Decision,
  caller: Caller,
): Promise<LetterOutcome> {
  const letter = await deps.deadLetters.read(id)
  if (!letter) throw new AppError(deadLetterErrors.unknown)
  const done = await decide(deps, [letter], decision, caller)
  if (done === 0) {
    const isThere = (await deps.deadLetters.read(id)) !== undefined
    // Else somebody else was faster.
    throw new AppError(isThere ? deadLetterErrors.queueGone : deadLetterErrors.unknown)
  }
  return { done, left: await countLeft(deps, letter.queue) }
}

/** Does so with those of a queue, the oldest thousand of them. Of a queue that is no more none are replayed. */
export async function decideQueue(
  deps: LetterDeps,
  queue: string,
  decision: Decision,
  caller: Caller,
): Promise<LetterOutcome> {
  const letters = await deps.deadLetters.list({ queue, limit: mostAtOnce })
  const done = letters.length === 0 ? 0 : await decide(deps, letters, decision, caller)
  return { done, left: await countLeft(deps, queue) }
}

async function decide(
  { database, deadLetters, audit }: LetterDeps,
  letters: readonly DeadLetter[],
  decision: Decision,
  { userId, ip }: Caller,
): Promise<number> {
  const ids = letters.map(({ id }) => id)
  return await database.kysely.transaction().execute(async (transaction) => {
    const count = await deadLetters[decision.kind](ids, transaction)
    if (count === 0) return 0
    const [first] = letters
    const details = { queue: first?.queue, count, ...(count === 1 && { letter: first?.id }) }
    await audit.recordWith(transaction, {
      ...{ actorId: userId, action: `dead-letter.${decision.kind}`, outcome: 'ok', ip, details },
      ...(decision.kind === 'discard' && { personal: { reason: decision.reason } }),
    })
    return count
  })
}

async function countLeft({ deadLetters }: LetterDeps, queue: string): Promise<number> {
  return (await deadLetters.counts()).find((one) => one.queue === queue)?.count ?? 0
}
