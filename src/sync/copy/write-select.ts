import { type RawBuilder, sql } from 'kysely'
import {
  type Aggregate,
  aggregateName,
  type FetchSpec,
  type GroupKey,
  type GroupSpec,
  type GroupTest,
  invalidQuery,
  isCount,
  keyName,
  type RecordSpec,
} from '#erp'
import { type CopyColumn, type EntityTable, tableRef } from './entity-table.ts'
import { type FieldSql, writeComparison, writeFilter } from './write-filter.ts'

/** A statement and what its columns are: `c0`, `c1`, … in the order of `cells`, and `total` where the rows are cut. */
export type Select = { statement: RawBuilder<Record<string, unknown>>; cells: { name: string; isWhole: boolean }[] }

type Output = { name: string; value: RawBuilder<unknown>; isWhole: boolean; isNumeric: boolean }

/** The statement for a spec. `today` is the day until which days are counted. Throws QUERY_INVALID. */
export function writeSelect(table: EntityTable, spec: FetchSpec, today: string): Select {
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const fieldSql: FieldSql = (field) => {
    if (columns.has(field)) return sql.id(field)
    const date = Object.hasOwn(table.daysPast, field) ? table.daysPast[field] : undefined
    if (date === undefined || !columns.has(date)) throw invalidQuery(field, `'${field}' is not in the copy`)
    // With no date there are no days; greatest() alone would make it none past.
    return sql`(case when ${sql.id(date)} is not null then greatest(0, ${today}::date - ${sql.id(date)}) end)`
  }
  return spec.kind === 'records'
    ? selectRecords(table, spec, { columns, fieldSql })
    : selectGroups(table, spec, { columns, fieldSql })
}

type Names = { columns: Map<string, CopyColumn>; fieldSql: FieldSql }

function selectRecords(table: EntityTable, spec: RecordSpec, { columns, fieldSql }: Names): Select {
  const outputs = [...new Set(spec.fields)].map((name): Output => {
    const column = columns.get(name)
    const isNumeric = column?.sqlType === 'numeric'
    return { name, value: fieldSql(name), isWhole: column?.isWhole ?? true, isNumeric }
  })
  const order = spec.orderBy.map(({ by, descending }) => orderTerm(fieldSql(by), descending))
  const inner = sql`
    from ${tableRef(table)} where ${writeFilter(spec.filter, fieldSql)}
    order by ${sql.join([...order, ...keyOrder])} limit ${limitOf(spec)}`
  const total = sql`(select count(*) from ${tableRef(table)} where ${writeFilter(spec.filter, fieldSql)})`
  const list = outputs.map(({ value, isNumeric }, i) => sql`${show(value, isNumeric)} as ${sql.id(`c${i}`)}`)
  // Without fields a record is still a row.
  const shown = list.length > 0 ? sql.join(list) : sql`1 as none`
  const counted = spec.limit === undefined ? sql`` : sql`, ${total} as total`
  return { statement: sql`select ${shown}${counted} ${inner}`, cells: outputs }
}

/**
 * The ERP's own order of records that are otherwise equal is that of its keys: numbers by size, texts by code unit. A key of
 * several fields is an array of texts.
 */
const keyOrder = [sql`case when _key ~ '^[0-9]{1,18}$' then _key::bigint end`, sql`_key`]

function selectGroups(table: EntityTable, spec: GroupSpec, { columns, fieldSql }: Names): Select {
  const keys = spec.keys.map((key): Output => {
    const column = columns.get(key.field)
    const isWhole = key.part !== undefined || (column?.isWhole ?? true)
    return { name: keyName(key), value: keySql(key, fieldSql), isWhole, isNumeric: column?.sqlType === 'numeric' }
  })
  const tested = spec.having.flatMap(({ left, right }) => (typeof right === 'string' ? [left] : [left, right]))
  const aggregates = spec.aggregates.map((aggregate): Output => {
    const value = aggregateSql(aggregate, fieldSql)
    return { name: aggregateName(aggregate), value, isWhole: isCount(aggregate), isNumeric: !isCount(aggregate) }
  })
  const outputs = [...keys, ...aggregates]
  const aliases = new Map(outputs.map(({ name }, i) => [name, `c${i}`]))
  const hidden = tested.filter((aggregate) => !aliases.has(aggregateName(aggregate)))
  for (const aggregate of hidden) aliases.set(aggregateName(aggregate), `c${aliases.size}`)
  const alias = (name: string) => {
    const found = aliases.get(name)
    if (found === undefined) throw invalidQuery(name, `'${name}' is not in the groups`)
    return sql.id(found)
  }
  const all = [...outputs.map(({ value }) => value), ...hidden.map((aggregate) => aggregateSql(aggregate, fieldSql))]
  const list = all.map((value, i) => sql`${value} as ${sql.id(`c${i}`)}`)
  const grouping = keys.length > 0 ? sql`group by ${sql.join(keys.map((_, i) => sql.lit(i + 1)))}` : sql``
  const tests = spec.having.map((test) => writeTest(test, alias))
  const order = spec.orderBy.map(({ by, descending }) => orderTerm(alias(by), descending))
  const counted = spec.limit === undefined ? sql`` : sql`, count(*) over () as total`
  // Sorted and formatted as groups, not as records: a text of every record would cost more than the grouping.
  const shown = outputs.map(({ isNumeric }, i) => sql`${show(sql.id(`c${i}`), isNumeric)} as ${sql.id(`c${i}`)}`)
  return {
    statement: sql`
      select ${sql.join(shown)}${counted}
      from (select ${sql.join(list)} from ${tableRef(table)} where ${writeFilter(spec.filter, fieldSql)} ${grouping}) as g
      ${tests.length > 0 ? sql`where ${sql.join(tests, sql` and `)}` : sql``}
      ${order.length > 0 ? sql`order by ${sql.join(order)}` : sql``} limit ${limitOf(spec)}`,
    cells: outputs,
  }
}

/** One row more than is allowed tells that there are too many. */
function limitOf({ limit, maxRows }: FetchSpec): number {
  return Math.min(limit ?? Number.MAX_SAFE_INTEGER, maxRows + 1)
}

function keySql({ field, part }: GroupKey, fieldSql: FieldSql): RawBuilder<unknown> {
  return part ? sql`extract(${sql.raw(part)} from ${fieldSql(field)})` : fieldSql(field)
}

function aggregateSql(aggregate: Aggregate, fieldSql: FieldSql): RawBuilder<unknown> {
  if (aggregate.fn === 'count') return sql`count(*)`
  const value = fieldSql(aggregate.field)
  return aggregate.fn === 'distinct' ? sql`count(distinct ${value})` : sql`${sql.raw(aggregate.fn)}(${value})`
}

function writeTest(
  { left, operator, right }: GroupTest,
  alias: (name: string) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const value = typeof right === 'string' ? sql`${right}::numeric` : alias(aggregateName(right))
  return writeComparison(alias(aggregateName(left)), operator, value, typeof right !== 'string')
}

/** A number without the zeros behind it that a sum of 1.5 and 1.5 has. */
function show(value: RawBuilder<unknown>, isNumeric: boolean): RawBuilder<unknown> {
  return isNumeric ? sql`trim_scale(${value})` : value
}

/** Nothing is the lowest value, as in OData. */
function orderTerm(value: RawBuilder<unknown>, descending: boolean): RawBuilder<unknown> {
  return descending ? sql`${value} desc nulls last` : sql`${value} nulls first`
}
