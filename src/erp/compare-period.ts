import type { BusinessQuery, Entity } from '#catalog'
import { previousPeriod, previousYear, type Span } from './period.ts'

/**
 * The earlier period that a query is compared with; undefined without `compareTo`, and for a question without a beginning,
 * which has nothing before it. A period without an end runs until today.
 */
export function comparedPeriod({ compareTo, period }: BusinessQuery, today: string): Span | undefined {
  if (!compareTo || !period?.from) return undefined
  const span = { from: period.from, to: period.to ?? today }
  if (span.to < span.from) return undefined
  return compareTo === 'previousYear' ? previousYear(span) : previousPeriod(span, today, period.relative)
}

/** The query over the earlier period: everything of it, so that whatever is shown now can be found then. */
export function earlierQuery(query: BusinessQuery, entity: Entity, span: Span): BusinessQuery {
  const { limit: _, ...rest } = query
  const isGrouped = (query.groupBy ?? []).length > 0
  const where = (query.where ?? []).filter(([name]) => !isGrouped || Object.hasOwn(entity.dimensions, name))
  return { ...rest, where, period: { field: query.period?.field ?? '', ...span } }
}
