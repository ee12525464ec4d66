import type { Catalog } from '#catalog'
import { seoulDate } from '#platform/seoul-date'
import {
  AggregateUnsupported,
  type ErpConnector,
  type FetchResult,
  type FetchSpec,
  type GroupSpec,
  keyName,
  type RecordSpec,
  type SortKey,
} from '../erp-connector.ts'
import { findEntity } from '../fields.ts'
import { isNever } from '../filter.ts'
import { groupRecords } from '../group-records.ts'
import { groupHolds } from '../holds.ts'
import type { Row } from '../query-answer.ts'
import { mergeGroups, numbersOf, sortRows } from './finish-rows.ts'
import { mapCell, mapRecords } from './mapped-records.ts'
import { rewriteFilter, type ValueMapping } from './rewrite-filter.ts'

/**
 * A connector that knows only the ERP's own values, as one of the catalog's: its words become our codes, several of them one,
 * and days since a date are worked out where the ERP stores the date alone. Groups that become one are added up.
 */
export function createMappedValues(connector: ErpConnector, catalog: Catalog, now = () => new Date()): ErpConnector {
  async function fetch(spec: FetchSpec, signal: AbortSignal): Promise<FetchResult> {
    const mapped = catalog.mapping.entities[spec.entity]
    const isPlain = !mapped || Object.keys({ ...mapped.values, ...mapped.daysPast }).length === 0
    if (isPlain) return connector.fetch(spec, signal)
    const mapping: ValueMapping = { values: mapped.values, daysPast: mapped.daysPast, today: seoulDate(now()) }
    const filter = rewriteFilter(spec.filter, mapping)
    if (isNever(filter)) return { ...ofNothing(spec), source: 'live', asOf: now().toISOString(), calls: 0 }
    if (spec.kind === 'records') return fetchRecords({ ...spec, filter }, mapping)
    return fetchGroups({ ...spec, filter }, mapping)

    async function fetchRecords(own: RecordSpec, { daysPast }: ValueMapping): Promise<FetchResult> {
      const fields = [...new Set(own.fields.map((field) => daysPast[field] ?? field))]
      const result = await connector.fetch({ ...own, fields, orderBy: own.orderBy.map(turnOrder) }, signal)
      const rows = result.rows.map((row) =>
        Object.fromEntries(own.fields.map((name) => [name, mapCell(name, row, mapping)])),
      )
      return { ...result, rows }
    }

    async function fetchGroups(own: GroupSpec, { daysPast, values }: ValueMapping): Promise<FetchResult> {
      const isMapped = (name: string) => name in daysPast || name in values
      // The greatest number of days, or how many codes there are, only the records can tell.
      if (own.aggregates.some((one) => one.fn !== 'count' && isMapped(one.field))) throw new AggregateUnsupported(false)
      if (!own.keys.some((key) => isMapped(key.field))) return connector.fetch(own, signal)
      if (own.aggregates.some(({ fn }) => fn === 'distinct')) throw new AggregateUnsupported(false)
      const keys = own.keys.map((key) => ({ ...key, field: daysPast[key.field] ?? key.field }))
      const { limit, ...whole } = { ...own, keys, orderBy: [], having: [] }
      const result = await connector.fetch(whole, signal)
      const names = own.aggregates.map((one) => (one.fn === 'count' ? 'count' : `${one.fn}:${one.field}`))
      const rows = result.rows.map((row) => ({
        ...Object.fromEntries(
          own.keys.map((key) => [
            keyName(key),
            key.part ? (row[keyName(key)] ?? null) : mapCell(key.field, row, mapping),
          ]),
        ),
        ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
      }))
      const passing = mergeGroups(rows, own).filter((row) => own.having.every((test) => groupHolds(test, row)))
      sortRows(passing, own.orderBy, numbersOf(findEntity(catalog, own.entity), own.keys))
      return { ...result, rows: passing.slice(0, limit), count: passing.length }
    }

    /** More days have passed since an earlier date. */
    function turnOrder({ by, descending }: SortKey): SortKey {
      const date = mapping.daysPast[by]
      return date === undefined ? { by, descending } : { by: date, descending: !descending }
    }
  }

  const { records } = connector
  return { ...connector, fetch, ...(records ? { records: mapRecords(records, catalog, now) } : {}) }
}

function ofNothing(spec: FetchSpec): { rows: Row[]; count: number } {
  const rows = spec.kind === 'groups' ? groupRecords([], spec) : []
  return { rows, count: rows.length }
}
