import type { Logger } from '#platform/log'
import type { Delivery } from '#platform/queue'
import type { ClaimedEmail, EmailStore } from './email-store.ts'
import type { MailMetrics } from './mail-metrics.ts'
import { type Mailer, MailFailure } from './mailer.ts'
import type { SendSlots } from './send-slots.ts'

type Deps = { store: EmailStore; mailer: Mailer; slots: SendSlots; metrics: MailMetrics; log: Logger }
type EmailDelivery = Pick<Delivery<{ email: string }>, 'message' | 'isLast' | 'signal'>

/** What a claim outlasts its sending by, for noting the outcome. */
const marginMs = 5_000

/**
 * Sends the message of a delivery. A process has one under way at a time, from its claim to the note of its outcome, so that one that is
 * killed leaves one message of which nobody knows whether it went: that one is sent again, all others are not.
 */
export function createEmailSender(deps: Deps): (delivery: EmailDelivery) => Promise<void> {
  let turn: Promise<unknown> = Promise.resolve()
  return ({ message, isLast, signal }) => {
    const mine = turn.then(() => {
      signal.throwIfAborted()
      return deps.slots(() => sendOne(deps, message.body.email, isLast), signal)
    })
    turn = mine.catch(() => undefined)
    return mine
  }
}

async function sendOne(deps: Deps, email: string, isLast: boolean): Promise<void> {
  const { store, mailer, metrics } = deps
  const claimed = await store.claim(email, mailer.deadlineMs + marginMs)
  if (claimed === 'done') return
  if (claimed === 'busy') throw new Error('Another worker has this message under way, or died with it')
  const { outgoing, pending: recipients } = claimed
  const startedAt = performance.now()
  try {
    const sent = await mailer.send({ ...outgoing, recipients })
    metrics.sent((performance.now() - startedAt) / 1000)
    const { deferred } = await store.recordSent(email, sent, isLast)
    if (deferred !== undefined) throw new MailFailure('transient', 'MAIL_DEFERRED', deferred)
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    await recordFailed(deps, claimed, { email, failure: error, isLast })
  }
}

async function recordFailed(
  { store, metrics, log }: Deps,
  claimed: ClaimedEmail,
  { email, failure, isLast }: { email: string; failure: MailFailure; isLast: boolean },
): Promise<void> {
  metrics.failed(failure.kind)
  await store.recordFailure(claimed, email, failure, isLast)
  if (failure.kind === 'operator')
    log.error(
      { 'mail.error': failure.code, 'mail.reply': failure.reply },
      'No mail goes out until the configuration is corrected',
    )
  // What the server will never take is no dead letter: replaying it would not help, and its record says why.
  if (failure.kind === 'permanent') return
  throw failure
}
