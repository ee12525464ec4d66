import type { BusinessQuery } from './business-query.ts'
import type { Catalog } from './schema.ts'

/**
 * The query with what its entity takes for granted: of leave, without a word of time, people mean this year's, and a sum over
 * the years means nothing. `today` is ISO. What was completed is part of the query, so it is shown, exported and kept.
 */
export function completeQuery(query: BusinessQuery, catalog: Catalog, today: string): BusinessQuery {
  const year = catalog.entities[query.entity]?.presentYear
  if (!year || query.period || query.groupBy?.includes(year)) return query
  if (query.where?.some(([field]) => field === year)) return query
  return { ...query, where: [...(query.where ?? []), [year, 'eq', Number(today.slice(0, 4))]] }
}
