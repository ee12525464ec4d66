import type { BusinessQuery } from '#catalog'
import type { Understanding } from '../understanding.ts'

/** What a label says of a reading: the parts that are told apart, and nothing of how sure it is. */
export type ExpectedReading = { intent: string } & Partial<
  Pick<Understanding, 'query' | 'view' | 'format' | 'schedule' | 'field' | 'candidates'>
>

const asSet = (list: readonly unknown[] | undefined): string[] =>
  (list ?? []).map((value) => JSON.stringify(value)).sort()

/** A query with its sets in order and without what does not change its meaning (select, relative). */
function canonicalQuery(query: BusinessQuery): unknown {
  const { entity, measures, groupBy, where = [], period, compareTo, orderBy = [], limit } = query
  const conditions = where.map(([field, operator, value]) => [
    field,
    operator,
    Array.isArray(value) ? asSet(value) : value,
  ])
  return [
    entity,
    asSet(measures),
    asSet(groupBy),
    asSet(conditions),
    period ? [period.field, period.from ?? null, period.to ?? null] : null,
    compareTo ?? null,
    orderBy,
    limit ?? null,
  ]
}

const carriesQuery = ['query', 'refine', 'subscribe', 'alert']

function canonical({ intent, query, view, format, schedule, field, candidates }: ExpectedReading): unknown {
  if (carriesQuery.includes(intent))
    return [intent, query ? canonicalQuery(query) : null, intent === 'subscribe' ? schedule : null]
  if (intent === 'clarify') return [intent, field, asSet(candidates)]
  if (intent === 'view') return [intent, view]
  return intent === 'export' ? [intent, format] : [intent]
}

/** Whether a reading is what its label says, whole or not at all: a query that is right but for one condition is wrong. */
export function isSameReading(expected: ExpectedReading, got: ExpectedReading): boolean {
  return JSON.stringify(canonical(expected)) === JSON.stringify(canonical(got))
}
