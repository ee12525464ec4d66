import { type RawBuilder, sql } from 'kysely'
import {
  type Aggregate,
  aggregateName,
  type GroupKey,
  type GroupSpec,
  type GroupTest,
  invalidQuery,
  isCount,
  keyName,
} from '#erp'
import { type EntityTable, tableRef } from './entity-table.ts'
import { type Fields, limitOf, type Output, orderTerm, type Select, show } from './select-parts.ts'
import { type FieldSql, writeComparison, writeFilter } from './write-filter.ts'

/**
 * The statement for groups. What is inside groups records and does no more for each of them than it must; taking apart, testing,
 * sorting and formatting are done outside, a group at a time. Throws QUERY_INVALID.
 */
export function selectGroups(table: EntityTable, spec: GroupSpec, { columns, fieldSql }: Fields): Select {
  const inner = openInner()
  const keys = spec.keys.map((key): Output => {
    const column = columns.get(key.field)
    const value = keySql(key, spec.keys, fieldSql, inner.addKey)
    const isWhole = key.part !== undefined || (column?.isWhole ?? true)
    return { name: keyName(key), value, isWhole, isNumeric: key.part === undefined && column?.sqlType === 'numeric' }
  })
  const aggregateOutput = (aggregate: Aggregate): Output => {
    const value = inner.add(aggregateSql(aggregate, fieldSql))
    return { name: aggregateName(aggregate), value, isWhole: isCount(aggregate), isNumeric: !isCount(aggregate) }
  }
  const outputs = [...keys, ...spec.aggregates.map(aggregateOutput)]
  const byName = new Map(outputs.map((output) => [output.name, output.value]))
  const sqlOf = (aggregate: Aggregate) => byName.get(aggregateName(aggregate)) ?? aggregateOutput(aggregate).value
  const tests = spec.having.map((test) => writeTest(test, sqlOf))
  const order = spec.orderBy.map(({ by, descending }) => {
    const value = byName.get(by)
    if (!value) throw invalidQuery(by, `'${by}' is not in the groups`)
    return orderTerm(value, descending)
  })
  const shown = outputs.map((output, i) => sql`${show(output)} as ${sql.id(`c${i}`)}`)
  const counted = spec.limit === undefined ? sql`` : sql`, count(*) over () as total`
  return {
    // Materialized: seeing the limit behind it PostgreSQL would sort a million records to have the first groups soon.
    statement: sql`
      with g as materialized (
        select ${inner.list()} from ${tableRef(table)} where ${writeFilter(spec.filter, fieldSql)} ${inner.grouping()}
      )
      select ${sql.join(shown)}${counted} from g
      ${tests.length > 0 ? sql`where ${sql.join(tests, sql` and `)}` : sql``}
      ${order.length > 0 ? sql`order by ${sql.join(order)}` : sql``} limit ${limitOf(spec)}`,
    cells: outputs,
  }
}

/** The columns of the inner statement, `g0`, `g1`, …; the keys first. */
function openInner() {
  const values: RawBuilder<unknown>[] = []
  const keys: number[] = []
  const byKey = new Map<string, RawBuilder<unknown>>()
  const add = (value: RawBuilder<unknown>) => sql.id(`g${values.push(value) - 1}`)
  return {
    add,
    /** Adds a key, once by its name. */
    addKey: (name: string, value: RawBuilder<unknown>) => {
      const known = byKey.get(name)
      if (known) return known
      const added = add(value)
      keys.push(values.length)
      byKey.set(name, added)
      return added
    },
    list: () => sql.join(values.map((value, i) => sql`${value} as ${sql.id(`g${i}`)}`)),
    grouping: () => (keys.length > 0 ? sql`group by ${sql.join(keys.map((position) => sql.lit(position)))}` : sql``),
  }
}

type AddKey = (name: string, value: RawBuilder<unknown>) => RawBuilder<unknown>

/**
 * Parts of a date are taken of the group, not of each record: its month, or its year where nobody asks for months, is one value
 * to group by and costs a third of numbers taken out of every date.
 */
function keySql({ field, part }: GroupKey, all: GroupKey[], fieldSql: FieldSql, add: AddKey): RawBuilder<unknown> {
  const value = fieldSql(field)
  if (!part) return add(field, value)
  const unit = all.some((key) => key.field === field && key.part === 'month') ? 'month' : 'year'
  const isOfMonth = unit === 'month' && !all.some((key) => key.field === field && key.part === 'year')
  // Months of any year are no stretch of time.
  if (isOfMonth) return add(`${field}:${part}`, sql`extract(month from ${value})::integer`)
  const start = add(`${field}:${unit}`, sql`date_trunc(${sql.lit(unit)}, ${value}::timestamp)`)
  return sql`extract(${sql.raw(part)} from ${start})`
}

function aggregateSql(aggregate: Aggregate, fieldSql: FieldSql): RawBuilder<unknown> {
  if (aggregate.fn === 'count') return sql`count(*)`
  const value = fieldSql(aggregate.field)
  return aggregate.fn === 'distinct' ? sql`count(distinct ${value})` : sql`${sql.raw(aggregate.fn)}(${value})`
}

function writeTest(
  { left, operator, right }: GroupTest,
  sqlOf: (one: Aggregate) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  const value = typeof right === 'string' ? sql`${right}::numeric` : sqlOf(right)
  return writeComparison(sqlOf(left), operator, value, typeof right !== 'string')
}
