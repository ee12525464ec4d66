import type { Entity } from '#catalog'
import { AppError } from '#platform/errors'
import type { RecordSpec } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { fieldType, isNumeric } from '../../fields.ts'
import type { Filter } from '../../filter.ts'
import { holds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import { sortRows } from '../finish-rows.ts'
import type { Asking } from './asking.ts'
import { locateField, type MappedDocument, qualify, recordKey, selectField } from './locate-field.ts'
import { fieldCell, type RecordCell, readRow } from './read-record.ts'
import { type SplitFilter, splitFilter } from './split-filter.ts'
import type { List } from './write-list.ts'

/** How often a list is read anew when it changed under our reading. */
export const mostRounds = 3

type Source = { asking: Asking; entity: Entity; mapped: MappedDocument; pageSize: number }
type Plan = {
  asking: Asking
  cells: RecordCell[]
  key: RecordCell
  list: Omit<List, 'start' | 'length'>
  pageSize: number
}
type Found = { rows: Row[]; count: number }

/**
 * Records, all of them or the first. Frappe has no cursor: a list is whole when it has as many different records as are
 * counted, and nothing was changed from before its first page until after its last. Throws ERP_CHANGING when it never is.
 */
export async function fetchRecords(source: Source, spec: RecordSpec): Promise<Found> {
  const { entity, mapped } = source
  const scope = splitFilter(spec.filter, mapped)
  const isSortable = spec.orderBy.every(({ by }) => locateField(mapped, by).at !== 'link')
  const cutsHere = !isSortable || needsTest(scope)
  const plan = planList(source, spec, { scope, isOrdered: spec.limit !== undefined && !cutsHere })
  const { rows, count } = await readWhole(plan, spec, cutsHere ? undefined : spec.limit)
  const shown = (row: Row) => Object.fromEntries(spec.fields.map((field) => [field, row[field] ?? null]))
  if (spec.limit !== undefined && !cutsHere) return { rows: rows.map(shown), count }
  const passing = rows.filter((row) => holds(scope.rest, row))
  sortRows(passing, spec.orderBy, (field) => isNumeric(fieldType(entity, field)))
  return { rows: passing.slice(0, spec.limit).map(shown), count: passing.length }
}

/** Whether records pass what is sent that do not pass the filter. */
export function needsTest({ rest }: SplitFilter): boolean {
  return rest.is !== 'every' || rest.of.length > 0
}

function planList(
  { asking, entity, mapped, pageSize }: Source,
  { fields, orderBy }: RecordSpec,
  { scope, isOrdered }: { scope: SplitFilter; isOrdered: boolean },
): Plan {
  const needed = new Set([...fields, ...orderBy.map(({ by }) => by), ...fieldsIn(scope.rest)])
  const selected = [...needed].map((field) => ({ field, ...selectField(mapped, locateField(mapped, field)) }))
  const key = selectField(mapped, recordKey(mapped))
  const order = isOrdered
    ? orderBy.map(({ by, descending }) => ({ column: qualify(locateField(mapped, by)), descending }))
    : []
  const unique = qualify(recordKey(mapped))
  return {
    asking,
    pageSize,
    cells: selected.map(({ field, property }) => fieldCell(entity, field, property)),
    key: { name: 'recordKey', property: key.property, read: String },
    list: {
      fields: [...new Set([...selected.map(({ select }) => select), key.select])],
      scope,
      // Pages only follow each other in an order without ties.
      orderBy: order.some(({ column }) => column === unique)
        ? order
        : [...order, { column: unique, descending: false }],
    },
  }
}

function fieldsIn(filter: Filter): string[] {
  if ('of' in filter) return filter.of.flatMap(fieldsIn)
  return filter.is === 'comparison' && 'field' in filter.right ? [filter.field, filter.right.field] : [filter.field]
}

async function readWhole(plan: Plan, { maxRows }: RecordSpec, limit: number | undefined): Promise<Found> {
  for (let round = 0; round < mostRounds; round += 1) {
    const found = await readOnce(plan, maxRows, limit)
    if (found) return found
    plan.asking.checkTime()
  }
  throw new AppError(erpErrors.changing)
}

/** One reading; undefined when the list changed under it. */
async function readOnce(plan: Plan, maxRows: number, limit: number | undefined): Promise<Found | undefined> {
  const { asking, pageSize } = plan
  const [count, page] = await Promise.all([
    asking.count(plan.list.scope),
    readPage(plan, 0, Math.min(limit ?? pageSize, pageSize)),
  ])
  const expected = Math.min(limit ?? count, count)
  if (expected > maxRows) throw new AppError(erpErrors.tooBig)
  // One page is one statement of the database: nothing can have moved within it.
  if (page.length === expected) return { rows: page.map(({ row }) => row), count }
  return page.length > expected ? undefined : readPages(plan, limit)
}

type KeyedRow = { key: unknown; row: Row }

async function readPages(plan: Plan, limit: number | undefined): Promise<Found | undefined> {
  const before = await readState(plan)
  const expected = Math.min(limit ?? before.count, before.count)
  const rows = new Map<unknown, Row>()
  while (rows.size < expected) {
    plan.asking.checkTime()
    const page = await readPage(plan, rows.size, Math.min(plan.pageSize, expected - rows.size))
    const isNew = page.length > 0 && page.every(({ key }) => !rows.has(key))
    if (!isNew) return undefined
    for (const { key, row } of page) rows.set(key, row)
  }
  const after = await readState(plan)
  const isSame = before.count === after.count && before.newest === after.newest
  return isSame ? { rows: [...rows.values()], count: before.count } : undefined
}

/** What changes when a record comes, goes or is edited. */
async function readState({ asking, list }: Plan): Promise<{ count: number; newest: string | null }> {
  const [count, newest] = await Promise.all([asking.count(list.scope), asking.newest(list.scope)])
  return { count, newest }
}

function readPage({ asking, cells, key, list }: Plan, start: number, length: number): Promise<KeyedRow[]> {
  return asking.list({ ...list, start, length }, (records) =>
    records.map((record) => ({ key: readRow(record, [key]).recordKey, row: readRow(record, cells) })),
  )
}
