import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { type Envelope, envelopeOf } from '../envelope.ts'
import type { Logger } from '../log.ts'
import { runAsSpan } from '../span.ts'
import { continueTrace } from '../trace.ts'
import { type Handler, type Queue, Rejected } from './message-queue.ts'
import type { QueueMetrics } from './queue-metrics.ts'

/** A message as its server hands it over. */
export type Received = {
  content: unknown
  deliveryCount: number
  /** Where the server gave up on it, and why. */
  death?: { queue: string; reason: string }
}

/** What the server is to do with it: `retry` after `waitSeconds`. */
export type Verdict =
  | { kind: 'ack' }
  | { kind: 'retry'; waitSeconds: number; reason: string }
  | { kind: 'dead'; reason: string }

type Deps = { kysely: Kysely<unknown>; log: Logger; metrics: QueueMetrics }
type Deliver = (received: Received, closing: AbortSignal) => Promise<Verdict>

const longestReason = 500

/** Runs a handler on what a server delivers, in the trace of the message and within the queue's time, and judges the outcome. */
export function createDelivery<T>(queue: Queue<T>, handler: Handler<T>, { kysely, log, metrics }: Deps): Deliver {
  const schema = envelopeOf(queue.topic.body)
  const most = queue.retry.limit + 1

  return async ({ content, deliveryCount }, closing) => {
    const parsed = schema.safeParse(content)
    if (!parsed.success) {
      metrics.consumed(queue.name, 'dead', 0)
      return { kind: 'dead', reason: `Not a message of ${queue.topic.name}: ${faultsOf(parsed.error.issues)}` }
    }
    const message = parsed.data as Envelope<T>
    const span = { name: `process ${queue.name}`, kind: 'consumer' as const }
    return await runAsSpan(continueTrace(message.metadata.trace), span, async () => {
      const startedAt = performance.now()
      const signal = AbortSignal.any([closing, AbortSignal.timeout(queue.timeoutSeconds * 1000)])
      const isLast = deliveryCount >= most
      const runOnce = (work: (transaction: Transaction<unknown>) => Promise<void>) =>
        consumeOnce(kysely, { queue: queue.name, messageId: message.header.messageId }, work)
      let verdict: Verdict = { kind: 'ack' }
      try {
        await endWith(signal, handler({ message, deliveryCount, isLast, signal, runOnce }))
      } catch (error) {
        verdict = judge(error, isLast, waitBefore(queue, deliveryCount))
        const fields = { err: error, 'queue.name': queue.name, 'queue.deliveries': deliveryCount }
        if (verdict.kind === 'dead') log.error(fields, 'A message became a dead letter')
        else log.warn(fields, 'A message could not be dealt with; it is delivered again')
      }
      metrics.consumed(queue.name, verdict.kind, (performance.now() - startedAt) / 1000)
      return verdict
    })
  }
}

function judge(error: unknown, isLast: boolean, waitSeconds: number): Verdict {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, longestReason)
  if (isLast || error instanceof Rejected) return { kind: 'dead', reason }
  return { kind: 'retry', waitSeconds, reason }
}

/** Doubles with each delivery, and a random half of it is left out, so that what failed together does not come back together. */
function waitBefore({ retry }: Pick<Queue, 'retry'>, deliveryCount: number): number {
  const whole = Math.min(retry.longestSeconds, retry.firstSeconds * 2 ** Math.min(deliveryCount - 1, 30))
  return whole * (0.5 + Math.random() / 2)
}

/** Rejects at the signal even when the handler pays no heed to it: its place in the prefetch is needed. */
async function endWith(signal: AbortSignal, work: Promise<void>): Promise<void> {
  const ended = Promise.withResolvers<never>()
  const onAbort = () => ended.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) onAbort()
    await Promise.race([work, ended.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    work.catch(() => undefined)
  }
}

async function consumeOnce(
  kysely: Kysely<unknown>,
  { queue, messageId }: { queue: string; messageId: string },
  work: (transaction: Transaction<unknown>) => Promise<void>,
): Promise<boolean> {
  return await kysely.transaction().execute(async (transaction) => {
    // A second delivery waits here for the first one's transaction to end.
    const { numAffectedRows = 0n } = await sql`
      insert into queue_consumed (queue, message_id) values (${queue}, ${messageId}) on conflict do nothing`.execute(
      transaction,
    )
    if (numAffectedRows === 0n) return false
    await work(transaction)
    return true
  })
}

function faultsOf(issues: readonly { path: PropertyKey[]; code?: string }[]): string {
  // Paths and kinds of fault only: what was sent may be anything.
  return issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.map(String).join('.')} ${code ?? ''}`.trim())
    .join(', ')
}
