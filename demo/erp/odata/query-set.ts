import type pg from 'pg'
import type { EntitySet } from '../model.ts'
import { applyTransformations, type Relation, relationOf } from './apply-sql.ts'
import { badRequest, ODataError } from './errors.ts'
import { compileCondition, compileExpression } from './filter-sql.ts'
import type { OrderTerm, QueryOptions } from './options.ts'
import { afterSql, type OrderColumn, orderSql, type PagePosition } from './page.ts'
import { type Column, createParams, type SqlParams, sqlTypes } from './scope.ts'
import type { DatabaseValue } from './write-json.ts'

export type ResultPage = {
  columns: readonly Column[]
  rows: DatabaseValue[][]
  count?: string
  /** Where the next page begins; absent on the last one. */
  next?: PagePosition
}

/** Runs a collection query and reads one page of it. Throws ODataError for what the caller got wrong. */
export async function querySet(
  pool: pg.Pool,
  set: EntitySet,
  options: QueryOptions,
  position: PagePosition,
): Promise<ResultPage> {
  const params = createParams()
  const relation = narrow(applyTransformations(relationOf(set), options.apply, params), options, params)
  const columns = selectColumns(relation, options.select)
  // The count sees the same parameters, so it is asked before paging adds its own.
  const counting = options.isCounted ? countRows(pool, relation, [...params.values]) : undefined
  const page = readPage({ pool, relation, columns, options, position, params })
  const [count, read] = await Promise.all([counting, page])
  return { columns, ...read, ...(count !== undefined && { count }) }
}

/** `/$count`: how many rows the filter leaves. */
export function countSet(pool: pg.Pool, set: EntitySet, options: QueryOptions): Promise<string> {
  const params = createParams()
  const relation = narrow(applyTransformations(relationOf(set), options.apply, params), options, params)
  return countRows(pool, relation, params.values)
}

/** The entity with that key. Throws a 404 when there is none. */
export async function readEntity(
  pool: pg.Pool,
  set: EntitySet,
  key: string,
  select: string[] | undefined,
): Promise<{ columns: readonly Column[]; row: DatabaseValue[] }> {
  const relation = relationOf(set)
  const columns = selectColumns(relation, select)
  const [keyColumn] = relation.keys
  if (!keyColumn) throw new Error(`${set.name} has no key`)
  const params = createParams()
  const isReadable = keyColumn.type === 'String' || /^-?\d{1,9}$/.test(key)
  const condition = isReadable ? `${keyColumn.sql} = ${params.bind(key, sqlTypes[keyColumn.type])}` : 'false'
  const rows = await runSql(pool, `select ${listSql(columns)} from ${relation.from} where ${condition}`, params.values)
  const [row] = rows
  if (!row) throw new ODataError(404, 'NotFound', `${set.name} has no entity with the key '${key.slice(0, 64)}'.`)
  return { columns, row }
}

function narrow(relation: Relation, { filter }: QueryOptions, params: SqlParams): Relation {
  if (!filter) return relation
  return { ...relation, from: `${relation.from} where ${compileCondition(filter, relation.scope, params)}` }
}

function selectColumns({ scope }: Relation, select: string[] | undefined): readonly Column[] {
  return select ? select.map((name) => scope.column(name)) : scope.columns
}

const listSql = (columns: readonly { sql: string }[]) => columns.map(({ sql }) => sql).join(', ')

async function countRows(pool: pg.Pool, relation: Relation, values: SqlParams['values']): Promise<string> {
  const rows = await runSql(pool, `select count(*) from ${relation.from}`, values)
  return String(rows[0]?.[0] ?? 0)
}

type PageRequest = {
  pool: pg.Pool
  relation: Relation
  columns: readonly Column[]
  options: QueryOptions
  position: PagePosition
  params: SqlParams
}

async function readPage(request: PageRequest): Promise<{ rows: DatabaseValue[][]; next?: PagePosition }> {
  const { pool, relation, columns, options, position, params } = request
  const left = options.top === undefined ? Number.MAX_SAFE_INTEGER : options.top - position.taken
  const order = orderColumns(relation, options.orderBy, params)
  const size = Math.min(position.size, left)
  const isContinued = position.taken > 0
  const wheres = isContinued ? [afterSql(order, position.after, params)] : []
  const hasFilter = options.filter !== undefined
  const where = wheres.map((sql) => ` ${hasFilter ? 'and' : 'where'} ${sql}`).join('')
  const offset = isContinued ? 0 : options.skip
  // One row more than the page tells whether another page follows.
  const sql =
    `select ${listSql([...columns, ...order])} from ${relation.from}${where}${orderSql(order)}` +
    ` limit ${Math.max(0, size) + 1} offset ${offset}`
  const found = await runSql(pool, sql, params.values)
  const rows = found.slice(0, size).map((row) => row.slice(0, columns.length))
  const last = found[size - 1]
  const hasMore = found.length > size && left > size
  if (!hasMore || !last) return { rows }
  return { rows, next: { after: last.slice(columns.length), taken: position.taken + rows.length, size: position.size } }
}

/** The order asked for, then the key, so that no two rows are equal in it. */
function orderColumns(relation: Relation, terms: OrderTerm[], params: SqlParams): OrderColumn[] {
  const asked = terms.map(({ expression, isDescending }): OrderColumn => {
    const column = compileExpression(expression, relation.scope, params)
    if (expression.kind === 'literal' || column.type === 'Null') {
      throw badRequest('InvalidOrderby', '$orderby: a value is no order; name a property.')
    }
    return { ...column, isDescending }
  })
  const ties = relation.keys.filter((key) => !asked.some(({ sql }) => sql === key.sql))
  return [...asked, ...ties.map((key) => ({ ...key, isDescending: false }))]
}

async function runSql(pool: pg.Pool, text: string, values: SqlParams['values']): Promise<DatabaseValue[][]> {
  const result = await pool.query<DatabaseValue[]>({ text, values, rowMode: 'array' })
  return result.rows
}
