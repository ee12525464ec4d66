import type { BusinessQuery, Catalog } from '#catalog'
import type { Logger } from '#platform/log'
import { seoulDate } from '#platform/seoul-date'
import { type CollectedGroups, collectGroups, presentGroups } from './answer-groups.ts'
import { answerRecords } from './answer-records.ts'
import { comparedPeriod, earlierQuery } from './compare-period.ts'
import type { ErpConnector } from './erp-connector.ts'
import { type Fetching, openFetching } from './fetching.ts'
import { mergeParts } from './group.ts'
import { findHeldEntity } from './held-entity.ts'
import type { Span } from './period.ts'
import type { AnswerQuery, Column, QueryAnswer, Row } from './query-answer.ts'
import { type ResolvedQuery, resolveQuery } from './resolve-query.ts'

/** How much is shown when the question names no limit, and how much may be gone through to work an answer out. */
type Budget = { shownRecords: number; shownGroups: number; maxRecords: number; maxGroups: number }

export type AnswerDeps = { connector: ErpConnector; catalog: Catalog; log: Logger; now: () => Date; budget: Budget }

type Part = { rows: Row[]; totals: Row; count: number }
type Answered = Part & { columns: Column[]; previous?: Omit<Part, 'count'> & Span }
type Task = { query: BusinessQuery; resolved: ResolvedQuery; fetching: Fetching; today: string; budget: Budget }

/** Binds the use case: a permitted query in, the ERP's rows out. Throws AppError as `AnswerQuery` says. */
export function answerQuery(deps: AnswerDeps): AnswerQuery {
  const { connector, catalog, log, now, budget } = deps
  return async (permitted, signal) => {
    const { query, rows } = permitted
    const startedAt = performance.now()
    // When one part of an answer fails, nobody waits for the others.
    const stop = new AbortController()
    const fetching = openFetching(
      { connector, log, now, maxRecords: budget.maxRecords },
      AbortSignal.any([signal, stop.signal]),
    )
    try {
      const entity = findHeldEntity(catalog, permitted)
      const resolve = (asked: BusinessQuery) =>
        resolveQuery(asked, rows, { entity, dateParts: fetching.capabilities.dateParts })
      const task = { query, resolved: resolve(query), fetching, today: seoulDate(now()), budget }
      const earlier = comparedPeriod(query, task.today)
      const earlierTask = earlier && earlierOf(task, earlier, resolve)
      const plannedAt = performance.now()
      const answered = await run(task, earlierTask)
      const workedMs = performance.now() - plannedAt
      return present(answered, fetching, { planMs: plannedAt - startedAt, workedMs })
    } finally {
      stop.abort()
    }
  }
}

function present(answered: Answered, fetching: Fetching, spent: { planMs: number; workedMs: number }): QueryAnswer {
  const { columns, rows, totals, previous, count } = answered
  const { erpMs, calls, source, asOf } = fetching.summary()
  return {
    columns,
    rows,
    totals,
    ...(previous ? { previous } : {}),
    source,
    asOf,
    completeness: count > rows.length ? { kind: 'first', of: count } : { kind: 'complete' },
    timing: { planMs: spent.planMs, erpMs, workMs: Math.max(0, spent.workedMs - erpMs), calls },
  }
}

type Earlier = { task: Task; span: Span }

function earlierOf(task: Task, span: Span, resolve: (query: BusinessQuery) => ResolvedQuery): Earlier {
  const query = earlierQuery(task.query, task.resolved.entity, span)
  return { span, task: { ...task, query, resolved: resolve(query) } }
}

async function run(task: Task, earlier: Earlier | undefined): Promise<Answered> {
  const isRecords = task.query.measures.length === 0 && task.resolved.dimensions.length === 0
  return isRecords ? runRecords(task, earlier) : runGroups(task, earlier)
}

async function runRecords(task: Task, earlier: Earlier | undefined): Promise<Answered> {
  const answer = ({ query, resolved, fetching, budget }: Task) =>
    answerRecords(resolved, query, fetching, { shown: budget.shownRecords, maxRecords: budget.maxRecords })
  const [now, then] = await Promise.all([answer(task), earlier && answer(earlier.task)])
  return { ...now, ...(earlier && then ? { previous: { ...earlier.span, rows: then.rows, totals: then.totals } } : {}) }
}

async function runGroups(task: Task, earlier: Earlier | undefined): Promise<Answered> {
  // The earlier groups are not tested themselves: those that pass now are picked and merged.
  const mergesLater = earlier !== undefined && task.resolved.groupConditions.length > 0
  const collect = ({ query, resolved, fetching, today, budget }: Task) =>
    collectGroups(resolved, query, fetching, { maxGroups: budget.maxGroups, today, mergesLater })
  const [now, then] = await Promise.all([collect(task), earlier && collect(earlier.task)])
  const limit = task.query.limit ?? task.budget.shownGroups
  const { rows, totals } = presentGroups(task.resolved, now, limit)
  const columns = [...task.resolved.dimensions, ...task.resolved.measures].map(({ column }) => column)
  const answered: Answered = { columns, rows, totals, count: now.count }
  if (!earlier || !then) return answered
  const matching = matchGroups(task, now, then)
  return {
    ...answered,
    previous: { ...earlier.span, ...presentGroups(earlier.task.resolved, matching, task.budget.shownGroups) },
  }
}

/**
 * Of the earlier groups those that stand beside the ones shown: a top 5 is compared with the same five. A total over groups
 * that pass a condition is compared with the same groups. Dates have moved on, so a series keeps all of its own.
 */
function matchGroups({ query, resolved }: Task, now: CollectedGroups, then: CollectedGroups): CollectedGroups {
  const isConditioned = resolved.groupConditions.length > 0
  const isCut = query.limit !== undefined && now.count > query.limit
  const hasDates = resolved.dimensions.some(({ column }) => column.type === 'date')
  if (hasDates || !(isCut || isConditioned)) return then
  const id = (cells: unknown[]) => JSON.stringify(cells)
  const covered = new Set(now.groups.map(({ cells }) => id(cells)))
  const shown = new Set(now.groups.slice(0, query.limit).map(({ cells }) => id(cells)))
  const same = then.groups.filter(({ cells }) => covered.has(id(cells)))
  return {
    ...then,
    groups: then.groups.filter(({ cells }) => shown.has(id(cells))),
    totals: isConditioned ? mergeParts(same, then.aggregates) : then.totals,
  }
}
