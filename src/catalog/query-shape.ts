import type { BusinessQuery } from './business-query.ts'

/** What a query asks about, for the record: names of the catalog only, never a value that somebody asked for. */
export type QueryShape = {
  entity: string
  measures: string[]
  groupBy?: string[]
  /** Fields of the conditions, each once. */
  where?: string[]
  period?: string
  compareTo?: string
  select?: string[]
}

/** The shape of `query`. */
export function shapeOf({ entity, measures, groupBy, where, period, compareTo, select }: BusinessQuery): QueryShape {
  return {
    entity,
    measures,
    ...(groupBy?.length && { groupBy }),
    ...(where?.length && { where: [...new Set(where.map(([field]) => field))] }),
    ...(period && { period: period.field }),
    ...(compareTo && { compareTo }),
    ...(select?.length && { select }),
  }
}
