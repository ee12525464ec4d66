import type { Logger } from '#platform/log'
import {
  AggregateUnsupported,
  type ErpCapabilities,
  type ErpConnector,
  type FetchResult,
  type FetchSpec,
  type GroupSpec,
  type RecordSpec,
} from './erp-connector.ts'
import { isNever } from './filter.ts'
import { type GroupCondition, measuresOf, passes } from './group-condition.ts'
import { fieldsOf, groupRecords, recordParts } from './group-records.ts'
import type { AnswerSource, Row } from './query-answer.ts'

/** The worst first. */
const sources: readonly AnswerSource[] = ['copy', 'failover', 'live']

/** What one answer took from the ERP: the worst source, the oldest instant, wall-clock milliseconds. */
type FetchSummary = { source: AnswerSource; asOf: string; erpMs: number; calls: number }
export type Rows = { rows: Row[]; count: number }

/** The ERP as one answer sees it: rows by spec, whatever the ERP can do itself. */
export type Fetching = {
  capabilities: ErpCapabilities
  records(spec: RecordSpec): Promise<Rows>
  /**
   * Groups; with `tests`, of the records that pass them. Where the ERP cannot group, from all its records. It may then
   * return more than the spec's limit, in any order and untested by `having`: callers sort, test and cut what they get.
   */
  groups(spec: GroupSpec, tests?: GroupCondition[]): Promise<Rows>
  summary(): FetchSummary
}

type Deps = { connector: ErpConnector; log: Logger; now: () => Date; maxRecords: number }

/** Opens the ERP for one answer; every fetch ends with `signal`. */
export function openFetching({ connector, log, now, maxRecords }: Deps, signal: AbortSignal): Fetching {
  const seen: FetchResult[] = []
  const clock = openClock()

  async function fetch(spec: FetchSpec): Promise<Rows> {
    if (isNever(spec.filter)) {
      const rows = spec.kind === 'groups' ? groupRecords([], spec) : []
      return { rows, count: rows.length }
    }
    const result = await clock.measure(() => connector.fetch(spec, signal))
    seen.push(result)
    return result
  }

  async function groupOwn(spec: GroupSpec, tests: GroupCondition[]): Promise<Rows> {
    const tested = tests.flatMap(measuresOf).flatMap((measure) => measure.parts)
    const fields = fieldsOf(spec.keys, [...spec.aggregates, ...tested])
    const { entity, filter } = spec
    const all = await fetch({ kind: 'records', entity, filter, fields, orderBy: [], maxRows: maxRecords })
    const rows = groupRecords(keepPassing(all.rows, tests), spec)
    return { rows, count: rows.length }
  }

  return {
    capabilities: connector.capabilities(),
    records: fetch,
    groups: async (spec, tests = []) => {
      if (tests.length > 0 || connector.capabilities().aggregate === 'none') return groupOwn(spec, tests)
      try {
        return await fetch(spec)
      } catch (error) {
        if (!(error instanceof AggregateUnsupported)) throw error
        log.warn({ 'erp.entity': spec.entity, err: error }, 'The ERP cannot group this; summing its records here')
        return groupOwn(spec, tests)
      }
    },
    summary: () => ({
      source: sources.find((source) => seen.some((result) => result.source === source)) ?? 'live',
      asOf: seen.map((result) => result.asOf).sort()[0] ?? now().toISOString(),
      erpMs: clock.elapsedMs(),
      calls: seen.reduce((sum, result) => sum + result.calls, 0),
    }),
  }
}

/** The records that pass every test of a number worked out of them. */
export function keepPassing(records: Row[], tests: GroupCondition[]): Row[] {
  const parts = tests.flatMap(measuresOf).flatMap((measure) => measure.parts)
  return records.filter((record) => {
    const own = recordParts(record, parts)
    return tests.every((test) => passes(test, own, own))
  })
}

/** Wall-clock time during which at least one of several overlapping waits was running. */
function openClock(): { measure<T>(wait: () => Promise<T>): Promise<T>; elapsedMs(): number } {
  let [running, startedAt, total] = [0, 0, 0]
  return {
    measure: async (wait) => {
      if (running === 0) startedAt = performance.now()
      running += 1
      try {
        return await wait()
      } finally {
        running -= 1
        if (running === 0) total += performance.now() - startedAt
      }
    },
    elapsedMs: () => total,
  }
}
