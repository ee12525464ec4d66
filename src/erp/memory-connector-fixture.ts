import { AppError } from '#platform/errors'
import { AggregateUnsupported, type ErpConnector, type FetchSpec } from './erp-connector.ts'
import { erpErrors } from './errors.ts'
import { cellNumber } from './group.ts'
import { groupRecords } from './group-records.ts'
import { groupHolds, holds } from './holds.ts'
import type { Row } from './query-answer.ts'
import { compareCells } from './sort-rows.ts'

export type MemoryConnector = ErpConnector & { asked: FetchSpec[] }

type Options = {
  tables: Record<string, Row[]>
  aggregate?: 'server' | 'none' | 'pretends'
  countDistinct?: boolean
  dateParts?: ('year' | 'month')[]
  asOf?: string
}

/** A connector over rows in memory. `pretends`: says it can group and then cannot. `asked` is every spec it got. */
export function createMemoryConnector({
  tables,
  aggregate = 'server',
  countDistinct = true,
  dateParts = ['year', 'month'],
  asOf,
}: Options): MemoryConnector {
  const asked: FetchSpec[] = []
  return {
    asked,
    capabilities: () => ({ aggregate: aggregate === 'none' ? 'none' : 'server', countDistinct, dateParts }),
    fetch: async (spec, signal) => {
      signal.throwIfAborted()
      asked.push(spec)
      if (spec.kind === 'groups' && aggregate !== 'server') throw new AggregateUnsupported(true)
      if (spec.kind === 'groups' && !countDistinct && spec.aggregates.some(({ fn }) => fn === 'distinct'))
        throw new Error('was asked for a distinct count')
      const records = (tables[spec.entity] ?? []).filter((record) => holds(spec.filter, record))
      const rows =
        spec.kind === 'groups'
          ? groupRecords(records, spec).filter((row) => spec.having.every((test) => groupHolds(test, row)))
          : records.map((record) =>
              Object.fromEntries(
                [...spec.fields, ...spec.orderBy.map(({ by }) => by)].map((f) => [f, record[f] ?? null]),
              ),
            )
      rows.sort((a, b) => {
        for (const { by, descending } of spec.orderBy) {
          const numeric = cellNumber(a[by]) !== null && cellNumber(b[by]) !== null
          const difference = compareCells(a[by] ?? null, b[by] ?? null, { numeric, descending })
          if (difference !== 0) return difference
        }
        return 0
      })
      if (rows.slice(0, spec.limit).length > spec.maxRows) throw new AppError(erpErrors.tooBig)
      return {
        rows: rows.slice(0, spec.limit),
        count: rows.length,
        source: 'live',
        asOf: asOf ?? '2026-11-23T05:00:00.000Z',
        calls: 1,
      }
    },
    status: () => ({ state: 'live', servers: [] }),
    close: async () => undefined,
  }
}
