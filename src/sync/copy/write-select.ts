import { sql } from 'kysely'
import { type FetchSpec, invalidQuery, type RecordSpec } from '#erp'
import { type EntityTable, tableRef } from './entity-table.ts'
import { type Fields, limitOf, type Output, orderTerm, type Select, show } from './select-parts.ts'
import { writeFilter } from './write-filter.ts'
import { selectGroups } from './write-groups.ts'

/** The statement for a spec. `today` is the day until which days are counted. Throws QUERY_INVALID. */
export function writeSelect(table: EntityTable, spec: FetchSpec, today: string): Select {
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  const fieldSql: Fields['fieldSql'] = (field) => {
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

function selectRecords(table: EntityTable, spec: RecordSpec, { columns, fieldSql }: Fields): Select {
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
  const list = outputs.map(({ value, isNumeric }, i) => sql`${show({ value, isNumeric })} as ${sql.id(`c${i}`)}`)
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
