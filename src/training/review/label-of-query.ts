import { type BusinessQuery, type Catalog, splitDimension, splitMeasure } from '#catalog'

/** The label that a query teaches: its topic where the model has one of that name, else that it is a question. */
export function labelOfQuery({ entity, measures: [first] }: BusinessQuery, labels: readonly string[]): string {
  const topic = `${entity}.${first === undefined ? '' : splitMeasure(first).measure}`
  return labels.includes(topic) ? topic : 'ask'
}

/** The first name in a query that the catalog does not have, `entity.field`; undefined when it has them all. */
export function findUnknownName(query: BusinessQuery, { entities }: Catalog): string | undefined {
  const entity = Object.hasOwn(entities, query.entity) ? entities[query.entity] : undefined
  if (!entity) return query.entity
  const hasMeasure = (name: string) => name === 'count' || Object.hasOwn(entity.measures, splitMeasure(name).measure)
  const hasField = (name: string) => Object.hasOwn(entity.dimensions, splitDimension(name).field)
  const hasEither = (name: string) => hasMeasure(name) || hasField(name)
  const missing =
    query.measures.find((name) => !hasMeasure(name)) ??
    [...(query.groupBy ?? []), ...(query.select ?? [])].find((name) => !hasEither(name)) ??
    [...(query.where ?? []), ...(query.orderBy ?? [])].map(([name]) => name).find((name) => !hasEither(name)) ??
    (query.period && !hasField(query.period.field) ? query.period.field : undefined)
  return missing === undefined ? undefined : `${query.entity}.${missing}`
}
