import type { Entity } from '#catalog'
import { AppError } from '#platform/errors'
import type { RecordSpec } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { fieldType, isNumeric } from '../../fields.ts'
import type { Filter } from '../../filter.ts'
import { holds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import { sortRows } from '../finish-rows.ts'
import { type Asking, fetchPages, type Pages } from './fetch-pages.ts'
import { isDirect, locate, type MappedSet } from './mapped-set.ts'
import type { NameTables } from './name-tables.ts'
import { createRowReader } from './read-rows.ts'
import { needsTest, type SplitFilter } from './split-filter.ts'
import { writeRecordRequest } from './write-request.ts'

/** What a fetch is about: the entity in the catalog's words and in the ERP's, the names it needs, and its filter split. */
export type Source = { entity: Entity; mapped: MappedSet; tables: NameTables; split: SplitFilter }

/**
 * Records, all of them or the first. Where the ERP cannot test, order or cut what is asked for, all records that could be
 * meant are read, and that is done here. Throws as `fetchPages`.
 */
export async function fetchRecords(asking: Asking, source: Source, spec: RecordSpec): Promise<Pages> {
  const { entity, mapped, tables, split } = source
  const cutsHere =
    mapped.lines !== undefined || needsTest(split) || spec.orderBy.some(({ by }) => !isDirect(mapped, by))
  const top = cutsHere ? undefined : spec.limit
  if (top !== undefined && top > spec.maxRows) throw new AppError(erpErrors.tooBig)
  const fields = fieldsToRead(spec, split, cutsHere)
  const paths = fields.map((field) => locate(mapped, field).path)
  const path = writeRecordRequest({
    set: mapped.set,
    dialect: mapped.dialect,
    paths: withKey(paths, mapped),
    filter: split.sent,
    orderBy: orderOf(spec, mapped, cutsHere),
    // Pages by offset are cut by their own $top.
    top: mapped.dialect.paging === 'offset' ? undefined : top,
  })
  const pages = await fetchPages(asking, {
    path,
    dialect: mapped.dialect,
    key: mapped.key,
    isAggregate: false,
    hasLines: mapped.lines !== undefined,
    read: createRowReader(entity, mapped, fields, tables),
    enough: top,
    maxRows: spec.maxRows,
  })
  if (!cutsHere) return { ...pages, rows: pages.rows.slice(0, spec.limit).map((row) => pick(row, spec)) }
  const passing = pages.rows.filter((row) => holds(split.rest, row))
  sortRows(passing, spec.orderBy, (field) => isNumeric(fieldType(entity, field)))
  return { ...pages, rows: passing.slice(0, spec.limit).map((row) => pick(row, spec)), count: passing.length }
}

/**
 * Records that the ERP keeps in several sets, as one: all of each are read, and put in order and cut here. Throws as
 * `fetchPages`.
 */
export async function fetchTogether(
  fetchSet: (mapped: MappedSet, spec: RecordSpec) => Promise<Pages>,
  sets: MappedSet[],
  spec: RecordSpec,
  entity: Entity,
): Promise<Pages> {
  const { limit, ...whole } = spec
  const fields = [...new Set([...spec.fields, ...spec.orderBy.map(({ by }) => by)])]
  const all = await Promise.all(sets.map((mapped) => fetchSet(mapped, { ...whole, fields, orderBy: [] })))
  const rows = all.flatMap((pages) => pages.rows)
  if (rows.length > spec.maxRows) throw new AppError(erpErrors.tooBig)
  sortRows(rows, spec.orderBy, (field) => isNumeric(fieldType(entity, field)))
  return {
    rows: rows.slice(0, limit).map((row) => pick(row, spec)),
    count: rows.length,
    asOf: all.map(({ asOf }) => asOf).sort()[0] ?? '',
    calls: all.reduce((sum, { calls }) => sum + calls, 0),
  }
}

/** The catalog fields that a filter looks at. */
export function fieldsIn(filter: Filter): string[] {
  if ('of' in filter) return filter.of.flatMap(fieldsIn)
  return filter.is === 'comparison' && 'field' in filter.right ? [filter.field, filter.right.field] : [filter.field]
}

function fieldsToRead({ fields, orderBy }: RecordSpec, { rest }: SplitFilter, cutsHere: boolean): string[] {
  const here = cutsHere ? [...orderBy.map(({ by }) => by), ...fieldsIn(rest)] : []
  return [...new Set([...fields, ...here])]
}

/** The key tells records apart where they are counted, and is what is selected when nothing else is. */
function withKey(paths: string[][], { key, dialect, lines }: MappedSet): string[][] {
  const hasOwn = paths.some((path) => path.length === 1)
  const keys = dialect.counted || !hasOwn ? key.map((name) => [name]) : []
  // A record without lines would not be told from one whose lines did not come.
  const needsLines = lines !== undefined && !paths.some(([first]) => first === lines)
  return [...paths, ...keys, ...(needsLines ? [[lines, '']] : [])]
}

/** Pages only follow each other in an order without ties. What is sorted here needs no other. */
function orderOf(spec: RecordSpec, mapped: MappedSet, cutsHere: boolean): [string, boolean][] {
  const order = cutsHere
    ? []
    : spec.orderBy.map(({ by, descending }): [string, boolean] => [locate(mapped, by).text, descending])
  for (const key of mapped.key) if (!order.some(([name]) => name === key)) order.push([key, false])
  return order
}

function pick(row: Row, { fields }: RecordSpec): Row {
  return Object.fromEntries(fields.map((name) => [name, row[name] ?? null]))
}
