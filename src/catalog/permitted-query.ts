import type { BusinessQuery, Condition } from './business-query.ts'

/** Rows a person may see: all of them, or those that satisfy every condition of at least one alternative. */
export type RowFilter = 'all' | Condition[][]

declare const permitted: unique symbol

/**
 * A business query with its reader's row rules and with `@me`, `@myDepartment` and `@today` resolved. The ERP side takes
 * nothing else, so a query that nobody permitted does not compile. `reader` names the actor for cache keys and logs.
 */
export type PermittedQuery = { query: BusinessQuery; rows: RowFilter; reader: string; [permitted]: true }

/** Marks a query as permitted. Only `auth` calls this for people, `sync` for the service itself: the architecture test says so. */
export function permitQuery(query: BusinessQuery, rows: RowFilter, reader: string): PermittedQuery {
  return { query, rows, reader } as PermittedQuery
}
