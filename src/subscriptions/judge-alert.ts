import { type BusinessQuery, type Entity, shapeOf } from '#catalog'
import { describeSubject, renderReport } from '#chat'
import type { QueryAnswer } from '#erp'
import { plainText } from './describe-report-mail.ts'
import { conditionOf, subjectOfNew } from './describe-subscription.ts'
import { type Crossing, findCrossings } from './find-crossings.ts'
import { quietUntil } from './plan-times.ts'
import { type OwnersQuery, readAsOwner } from './read-as-owner.ts'
import type { DueTime, RunOnce } from './send-report.ts'
import { lockActive, stopSubscription } from './stop-subscription.ts'
import type { Notice, Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { type Watch, watchQuery } from './watch-query.ts'

/** Groups or records that one notice names. */
const mostNamed = 10

/**
 * Judges an alert with the rights that its owner has now, and keeps what it has to tell with what it has seen, in one transaction. Pauses
 * it when the owner may not see the data any more. Throws what the ERP throws.
 */
export async function judgeAlert(
  deps: SubscriptionDeps,
  subscription: Subscription,
  due: DueTime,
  runOnce: RunOnce,
): Promise<void> {
  const { store, catalog, metrics } = deps
  const id = subscription.subscription
  const watch = watchQuery(subscription, catalog)
  const entity = catalog.entities[subscription.query.entity]
  const read = await readAsOwner(deps, subscription, { ask: watch?.ask ?? subscription.query, at: due.at })
  if ('stop' in read || !watch || !entity) {
    const why = 'stop' in read ? read : { stop: 'gone' as const, owner: read.owner }
    await runOnce(async (transaction) => await stopSubscription(deps, subscription, why, transaction))
    return
  }
  const { memory, judged } = await store.readMemory(id)
  const answer = await deps.answerQuery(read.permitted, due.signal)
  const found = findCrossings(watch, answer, { entity, memory, rights: JSON.stringify(read.rows) })
  await runOnce(async (transaction) => {
    if (!(await lockActive(id, transaction))) return
    const isOurs = await store.writeMemory(id, { memory: found.memory, judged }, transaction)
    const at = deps.now()
    // Another worker has judged it by other data meanwhile; which were newer nobody knows, so it is looked at again.
    if (!isOurs) {
      await store.change({ owner: subscription.owner, subscription: id }, { nextAt: at, at }, transaction)
      return
    }
    await store.note(id, { at, outcome: 'judged' }, transaction)
    if (found.crossings.length === 0) return
    const content = describeCrossing(deps, { subscription, read, watch, entity, answer, crossings: found.crossings })
    const deliverAt = quietUntil(subscription.quietHours, subscription.timeZone, at) ?? at
    await store.addNotices([{ subscription: id, owner: subscription.owner, content, deliverAt, at }], transaction)
    metrics.crossed(found.crossings.length)
    await deps.audit.recordWith(transaction, {
      ...{ actorId: read.owner.userId, action: 'alert.crossed', outcome: 'ok', ip: null },
      details: { subscription: id, shape: shapeOf(read.query) },
    })
  })
  metrics.done('alert', 'judged')
}

type Crossed = {
  subscription: Subscription
  read: OwnersQuery
  watch: Watch
  entity: Entity
  answer: QueryAnswer
  crossings: Crossing[]
}

/** What is so now, in the chat's words: the total's sentence, or the groups or records that have come to meet the condition. */
function describeCrossing(deps: SubscriptionDeps, crossed: Crossed): Notice {
  const { subscription, read, watch, answer, crossings } = crossed
  const { catalog } = deps
  const { language, question } = subscription
  const wording = { catalog, language, today: read.today }
  const words = { catalog, language, now: deps.now() }
  const isWhole = watch.kind === 'measured' && !watch.ask.groupBy
  const rows = crossings.slice(0, mostNamed).map(({ row }) => row)
  const shown: QueryAnswer = isWhole ? answer : { ...answer, rows, totals: {}, completeness: { kind: 'complete' } }
  // How they were looked up is nothing to tell: in which order, and how many at most.
  const { orderBy: _, limit: __, ...asked } = read.query
  const query: BusinessQuery = isWhole ? { ...asked, measures: asked.measures.slice(0, 1) } : asked
  const report = renderReport({ ...wording, query, answer: shown, rows: read.rows, now: deps.now(), question })
  const names = isWhole ? '' : listRows(report?.answer.table, crossings.length, language)
  return {
    title: subscription.onlyNew ? subjectOfNew(subscription, words) : (describeSubject(query, wording) ?? question),
    text: isWhole ? plainText(report?.answer.text ?? question) : names,
    limit: `${language === 'ko' ? '조건' : 'Condition'}: ${conditionOf(subscription, words)}`,
    at: report?.answer.sourceText ?? '',
  }
}

type Table = NonNullable<ReturnType<typeof renderReport>>['answer']['table']

/** 한빛상사 1억 2,000만 · 가온전자 …: the first cells of each row. */
function listRows(table: Table, count: number, language: 'ko' | 'en'): string {
  const rows =
    table?.rows.map((row) =>
      row
        .slice(0, 4)
        .map(({ text }) => text)
        .filter(Boolean)
        .join(' '),
    ) ?? []
  const rest = count - rows.length
  const more = rest > 0 ? [language === 'ko' ? `외 ${rest}건` : `and ${rest} more`] : []
  return [...rows, ...more].join(' · ')
}
