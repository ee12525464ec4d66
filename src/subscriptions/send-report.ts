import type { Kysely, Transaction } from 'kysely'
import { shapeOf } from '#catalog'
import { type Report, renderReport, scheduleWords } from '#chat'
import type { Attachment, EmailRequest } from '#notify'
import { AppError } from '#platform/errors'
import { type ChartImage, drawChart } from './chart/draw-chart.ts'
import { subscriptionErrors } from './errors.ts'
import { type OwnersQuery, readAsOwner } from './read-as-owner.ts'
import { lockActive, stopSubscription } from './stop-subscription.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

/** Rows that a mail shows; the workbook has up to `mostFileRows`. */
const mostRows = 30
const mostFileRows = 5_000
/** What is left of ten megabytes for the picture and the file. */
const mostFileBytes = 8 * 1024 * 1024

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
  const render = (answer: Awaited<ReturnType<typeof answerQuery>>): Report => {
    const { query, rows, today } = read
    const report = renderReport({ catalog, language, today, query, answer, rows, now: deps.now(), question })
    if (!report) throw new Error(`Permission was given for entity ${query.entity}, which the catalog does not have`)
    return report
  }
  const answer = await answerQuery(read.permitted, signal)
  const report = render(answer)
  if (answer.completeness.kind === 'complete' || read.query.limit !== undefined) return { report, complete: report }
  const all = { ...read.permitted, query: { ...read.permitted.query, limit: mostFileRows } }
  return { report, complete: render(await answerQuery(all, signal)) }
}

type Sending = {
  subscription: Subscription
  read: OwnersQuery
  report: Report
  chart: ChartImage | undefined
  file: Awaited<ReturnType<Report['writeWorkbook']>> | undefined
  key: string
}

async function hand({ outbox, publicUrl }: SubscriptionDeps, sending: Sending, within: Kysely<unknown>): Promise<void> {
  const { subscription, read, report, key } = sending
  const { language } = subscription
  const link = new URL('/', publicUrl).href
  const text = plainText(report.answer.text)
  if (subscription.channel === 'push') {
    if (!outbox.push) throw new AppError(subscriptionErrors.channelOff)
    const { userId } = read.owner
    await outbox.push({ userId, language, title: report.title, text, link, idempotencyKey: key }, within)
    return
  }
  if (!outbox.mail) throw new AppError(subscriptionErrors.channelOff)
  if (!read.owner.email) throw new AppError(subscriptionErrors.addressMissing)
  await outbox.mail({ ...describeMail(sending, { link, text }), idempotencyKey: key }, within)
}

function describeMail(
  { subscription, read, report, chart, file }: Sending,
  { link, text }: { link: string; text: string },
) {
  const { language, cron = '' } = subscription
  const { table, coverage = '', sourceText = '' } = report.answer
  const hasFile = file !== undefined && file.content.length <= mostFileBytes
  const rows = table?.rows.slice(0, mostRows).map((row) => row.map((cell) => cut(cell.text))) ?? []
  const total = table?.total?.map((cell) => cut(cell?.text ?? ''))
  const attachments: Attachment[] = [
    ...(chart ? [{ name: 'chart.png', type: 'image/png', content: chart.png, contentId: 'chart' }] : []),
    ...(hasFile ? [{ name: file.name, type: file.mediaType, content: file.content }] : []),
  ]
  const when = scheduleWords(cron, language)
  const count = table?.rowCount ?? 0
  const more =
    language === 'ko'
      ? `모두 ${count}행이에요. 나머지는 첨부한 파일에 있어요.`
      : `${count} rows in all; the rest is in the attached file.`
  return {
    template: 'report',
    version: 2,
    language,
    variables: {
      title: cut(report.title, 150),
      period: coverage,
      summary: cut(text, 1_500),
      columns: table?.columns.map(({ label }) => cut(label)) ?? [],
      sides: table?.columns.map(({ numeric }) => (numeric ? 'right' : 'left')) ?? [],
      rows: [...rows, ...(total ? [total] : [])],
      ...(count > mostRows && hasFile && { more }),
      ...(chart && { chart: cut(text, 500) }),
      source: sourceText,
      schedule: language === 'ko' ? `${when}에 보내 드려요.` : `Sent ${when}.`,
      link,
    },
    recipients: [{ kind: 'to', address: read.owner.email }],
    attachments,
    requestedBy: 'subscriptions',
  } satisfies EmailRequest
}

const cut = (text: string, most = 300): string => {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}

/** Without the chat's only markup. */
export const plainText = (text: string): string => text.replaceAll('**', '')
