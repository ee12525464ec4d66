import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { MappedDocument } from './locate-field.ts'
import type { SplitFilter } from './split-filter.ts'

/** Servers refuse longer request lines, with errors that say nothing. */
const longestQuery = 14_000

export type List = {
  fields: unknown[]
  /** What every record passes, but for the rest that is tested here. */
  scope: Pick<SplitFilter, 'filters' | 'orFilters'>
  groupBy?: string[]
  orderBy: { column: string; descending: boolean }[]
  start: number
  /** Always said: without it Frappe gives 20. */
  length: number
}

/** Path and query of a list. Throws QUERY_TOO_BIG when the conditions do not fit in a request. */
export function writeList(mapped: MappedDocument, { fields, scope, groupBy, orderBy, start, length }: List): string {
  const order = orderBy.map(({ column, descending }) => `${column} ${descending ? 'desc' : 'asc'}`)
  const params: [string, string][] = [
    ['fields', JSON.stringify(fields)],
    ['filters', JSON.stringify(scope.filters)],
    ...(scope.orFilters.length > 0 ? [['or_filters', JSON.stringify(scope.orFilters)] satisfies [string, string]] : []),
    ...(groupBy && groupBy.length > 0 ? [['group_by', groupBy.join(', ')] satisfies [string, string]] : []),
    ['order_by', order.join(', ')],
    ['limit_start', String(start)],
    ['limit_page_length', String(length)],
  ]
  const query = params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  if (query.length > longestQuery)
    throw new AppError(erpErrors.tooBig, { details: [{ issue: 'too many values in the conditions' }] })
  return `api/resource/${encodeURIComponent(mapped.set)}?${query}`
}
