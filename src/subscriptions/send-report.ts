import type { Kysely, Transaction } from 'kysely'
import { shapeOf } from '#catalog'
import { type Report, renderReport } from '#chat'
import type { QueryAnswer } from '#erp'
import { AppError } from '#platform/errors'
import { drawChart } from './chart/draw-chart.ts'
import { describeReportMail, mostFileRows, plainText, type ReportMail, sayCut } from './describe-report-mail.ts'
import { subscriptionErrors } from './errors.ts'
import { type OwnersQuery, readAsOwner } from './read-as-owner.ts'
import { lockActive, stopSubscription } from './stop-subscription.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

export type DueTime = { dueAt: string; at: Date; signal: AbortSignal }
/** Runs `work` in the transaction that marks what was due as done; false, and nothing run, when it is done already. */
export type RunOnce = (work: (transaction: Transaction<unknown>) => Promise<void>) => Promise<boolean>

/**
 * Looks up a report with the rights that its owner has now and has it sent, once for its due time. Pauses it when the owner may not
 * see it any more. Throws what the ERP throws.
 */
export async function sendReport(
  deps: SubscriptionDeps,
  subscription: Subscription,
  due: DueTime,
  runOnce: RunOnce,
): Promise<void> {
  const read = await readAsOwner(deps, subscription, { ask: subscription.query, at: due.at })
  if ('stop' in read) {
    await runOnce(async (transaction) => await stopSubscription(deps, subscription, read, transaction))
    return
  }
  const { report, complete } = await lookUp(deps, subscription, read, due.signal)
  const chart = subscription.channel === 'email' ? await drawChart(report.answer) : undefined
  const file = subscription.channel === 'email' && report.answer.table ? await complete.writeWorkbook() : undefined
  const key = `subscription:${subscription.subscription}:${due.dueAt}`
  let isSent = false
  await runOnce(async (transaction) => {
    if (!(await lockActive(subscription.subscription, transaction))) return
    await hand(deps, { subscription, read, report, chart, file, key }, transaction)
    await deps.store.note(subscription.subscription, { at: deps.now(), outcome: 'sent' }, transaction)
    await deps.audit.recordWith(transaction, {
      ...{ actorId: read.owner.userId, action: 'subscription.send', outcome: 'ok', ip: null },
      details: { subscription: subscription.subscription, channel: subscription.channel, shape: shapeOf(read.query) },
    })
    isSent = true
  })
  if (isSent) deps.metrics.done('report', 'sent')
}

/** The answer as the chat shows it, and with every row for the file where the first has not all. */
async function lookUp(deps: SubscriptionDeps, subscription: Subscription, read: OwnersQuery, signal: AbortSignal) {
  const { catalog, answerQuery } = deps
  const { language, question } = subscription
  const render = (answer: QueryAnswer): Report => {
    const { query, rows, today } = read
    const note = sayCut(answer, language)
    const report = renderReport({ catalog, language, today, query, answer, rows, now: deps.now(), question, note })
    if (!report) throw new Error(`Permission was given for entity ${query.entity}, which the catalog does not have`)
    return report
  }
  const answer = await answerQuery(read.permitted, signal)
  const report = render(answer)
  if (answer.completeness.kind === 'complete' || read.query.limit !== undefined) return { report, complete: report }
  const all = { ...read.permitted, query: { ...read.permitted.query, limit: mostFileRows } }
  return { report, complete: render(await answerQuery(all, signal)) }
}

type Sending = ReportMail & { subscription: Subscription; read: OwnersQuery; key: string }

async function hand({ outbox, publicUrl }: SubscriptionDeps, sending: Sending, within: Kysely<unknown>): Promise<void> {
  const { subscription, read, report, key } = sending
  const { language } = subscription
  const link = new URL('/', publicUrl).href
  if (subscription.channel === 'push') {
    if (!outbox.push) throw new AppError(subscriptionErrors.channelOff)
    const { userId } = read.owner
    await outbox.push(
      { userId, language, title: report.title, text: plainText(report.answer.text), link, idempotencyKey: key },
      within,
    )
    return
  }
  if (!outbox.mail) throw new AppError(subscriptionErrors.channelOff)
  if (!read.owner.email) throw new AppError(subscriptionErrors.addressMissing)
  await outbox.mail(
    { ...describeReportMail(sending, { address: read.owner.email, link }), idempotencyKey: key },
    within,
  )
}
