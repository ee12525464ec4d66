import { type BusinessQuery, type Catalog, type Condition, type Entity, splitMeasure } from '#catalog'
import type { SubscriptionContent } from './subscription.ts'

/** A condition on a measure: of the whole, or of each group. `limit` is a number or a measure of the same rows. */
export type MeasureTest = {
  measure: string
  operator: 'lt' | 'lte' | 'gt' | 'gte' | 'eq' | 'ne'
  limit: number | string
}

/**
 * How an alert is judged: `measured` asks what the measures are now and holds them against their limits; `found` asks for the records
 * that meet the conditions, each of which is news once; with `onlyNew`, none that was there at the first judgement.
 */
export type Watch =
  | { kind: 'measured'; ask: BusinessQuery; tests: MeasureTest[] }
  | { kind: 'found'; ask: BusinessQuery; onlyNew: boolean }

/** Records that are told apart; of more, the first are: the newest, where the entity has a date. */
const mostFound = 500
const ordered = ['lt', 'lte', 'gt', 'gte', 'eq', 'ne']

/** What to ask the ERP to judge `query`. A condition on a measure is of the total there, though a question's would be of each record. */
export function watchQuery(
  { query, onlyNew = false }: Pick<SubscriptionContent, 'query' | 'onlyNew'>,
  catalog: Catalog,
): Watch | undefined {
  const entity = catalog.entities[query.entity]
  if (!entity) return undefined
  const { entity: name, where = [], period, groupBy } = query
  const tests = query.measures.length === 0 ? [] : where.flatMap((condition) => toTest(condition, entity) ?? [])
  const kept = where.filter((condition) => query.measures.length === 0 || !toTest(condition, entity))
  const common = { entity: name, ...(period && { period }) }
  if (tests.length === 0)
    return {
      kind: 'found',
      ask: { ...common, measures: [], ...(where.length && { where }), limit: mostFound },
      onlyNew,
    }
  const limits = tests.flatMap(({ limit }) => (typeof limit === 'string' ? [limit] : []))
  const measures = [...new Set([...tests.map(({ measure }) => measure), ...limits])]
  // An answer has room for so many groups: those that may have crossed come first.
  const groups = groupBy && { groupBy, orderBy: tests.slice(0, 1).map(orderOf) }
  const ask = { ...common, measures, ...(kept.length && { where: kept }), ...groups }
  return { kind: 'measured', ask, tests }
}

const orderOf = ({ measure, operator }: MeasureTest): [string, 'asc' | 'desc'] => [
  measure,
  operator === 'lt' || operator === 'lte' ? 'asc' : 'desc',
]

const isMeasure = (text: string, { measures }: Entity): boolean => {
  const { measure } = splitMeasure(text)
  return measure === 'count' || Object.hasOwn(measures, measure)
}

function toTest([field, operator, value]: Condition, entity: Entity): MeasureTest | undefined {
  if (!isMeasure(field, entity) || !ordered.includes(operator)) return undefined
  if (typeof value === 'number') return { measure: field, operator: operator as MeasureTest['operator'], limit: value }
  if (typeof value !== 'string' || !isMeasure(value, entity)) return undefined
  return { measure: field, operator: operator as MeasureTest['operator'], limit: value }
}
