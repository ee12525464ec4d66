import type { ReviewChoices, ReviewQuery } from '../../../../src/training/review/api.ts'

export type EntityChoice = ReviewChoices['entities'][number]
type Condition = NonNullable<ReviewQuery['where']>[number]
type Operator = Condition[1]
type DraftCondition = { id: number; field: string; operator: Operator; value: string }

/** A query as its form has it: everything text, empty where nothing is chosen. */
export type QueryDraft = {
  entity: string
  measure: string
  groupBy: string
  conditions: DraftCondition[]
  periodField: string
  from: string
  to: string
  limit: string
}

export const operators: Operator[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains']
export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const

/** The form of what a question was read as, or was said to mean. */
export function draftOf(query: ReviewQuery, { period }: Pick<EntityChoice, 'period'>): QueryDraft {
  return {
    ...{ entity: query.entity, measure: query.measures[0] ?? '', groupBy: query.groupBy?.[0] ?? '' },
    conditions: (query.where ?? []).map(([field, operator, value], id) => ({
      ...{ id, field, operator },
      value: Array.isArray(value) ? value.join(', ') : String(value),
    })),
    ...{ periodField: query.period?.field ?? period ?? '', from: query.period?.from ?? '', to: query.period?.to ?? '' },
    limit: query.limit === undefined ? '' : String(query.limit),
  }
}

/**
 * The query of a form. What `base` has beside and the form has no field for (comparison, order, more measures) stays as long as it is
 * about the same entity.
 */
export function queryOfDraft(draft: QueryDraft, choice: EntityChoice, base?: ReviewQuery): ReviewQuery {
  const kept = base?.entity === draft.entity ? base : undefined
  const { compareTo, orderBy, select } = kept ?? {}
  const numeric = new Set([
    'count',
    ...choice.measures.map(({ name }) => name),
    ...choice.dimensions.filter(({ type }) => ['number', 'year', 'money'].includes(type)).map(({ name }) => name),
  ])
  const where = draft.conditions.flatMap((one) => conditionOf(one, numeric.has(one.field)))
  const limit = Number.parseInt(draft.limit, 10)
  const { periodField: field, from, to } = draft
  const relative = kept?.period && kept.period.from === from && kept.period.to === to ? kept.period.relative : undefined
  return {
    entity: draft.entity,
    measures: replaceFirst(kept?.measures, draft.measure),
    ...(draft.groupBy && { groupBy: replaceFirst(kept?.groupBy, draft.groupBy) }),
    ...(where.length > 0 && { where }),
    ...(field &&
      (from || to) && { period: { field, ...(from && { from }), ...(to && { to }), ...(relative && { relative }) } }),
    ...(limit > 0 && { limit }),
    ...(compareTo && { compareTo }),
    ...(orderBy && { orderBy }),
    ...(select && !draft.measure && { select }),
  }
}

/** The list with another first; nothing first is nothing at all. */
function replaceFirst(list: readonly string[] | undefined, first: string): string[] {
  return first === '' ? [] : [first, ...(list ?? []).slice(1).filter((name) => name !== first)]
}

function conditionOf({ field, operator, value }: DraftCondition, isNumeric: boolean): Condition[] {
  const parts = (operator === 'in' ? value.split(',') : [value]).map((part) => part.trim()).filter(Boolean)
  if (field === '' || parts.length === 0) return []
  const values = parts.map((part) => (isNumeric && Number.isFinite(Number(part)) ? Number(part) : part))
  return [[field, operator, operator === 'in' ? values : (values[0] ?? '')]]
}
