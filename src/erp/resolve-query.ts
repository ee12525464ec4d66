import {
  type BusinessQuery,
  type Condition,
  type Entity,
  type Period,
  type RowFilter,
  splitDimension,
  splitMeasure,
} from '#catalog'
import { type Dimension, readDimension } from './dimension.ts'
import type { DatePart } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import { fieldType, isRatio } from './fields.ts'
import { every, type Filter, some } from './filter.ts'
import { type GroupCondition, readGroupCondition } from './group-condition.ts'
import { type Measure, readMeasure } from './measure.ts'
import { dateText, recordFilter } from './resolve-condition.ts'

/** A business query with every name looked up, every value checked, and its reader's rows built in. */
export type ResolvedQuery = {
  entity: Entity
  /** Period, row rules and conditions on records. */
  filter: Filter
  /** The same without conditions on what is grouped by: the whole that a share is of. */
  wholeFilter: Filter
  /** With a grouping: conditions on the groups' totals. */
  groupConditions: GroupCondition[]
  /** Without: conditions on a number worked out of each record, which no ERP can test. */
  recordConditions: GroupCondition[]
  dimensions: Dimension[]
  measures: Measure[]
  period: Period | undefined
}

/**
 * Looks everything up. With a grouping a condition on a measure tests the group's total, without one each record.
 * Throws QUERY_INVALID.
 */
export function resolveQuery(
  query: BusinessQuery,
  rows: RowFilter,
  { entity, dateParts }: { entity: Entity; dateParts: readonly DatePart[] },
): ResolvedQuery {
  const dimensions = (query.groupBy ?? []).map((name) => readDimension(entity, name, dateParts))
  const measures = query.measures.map((name) => readMeasure(entity, name))
  const where = query.where ?? []
  const onMeasure = where.filter(([name]) => isMeasureName(entity, name))
  const tested = dimensions.length > 0 ? onMeasure : onMeasure.filter(([name]) => isRatio(entity, name))
  const onRecords = where.filter((condition) => !tested.includes(condition))
  // Shares are of everything but the choice among the things compared; without a grouping, of everything.
  const chosen = (field: string) => dimensions.length === 0 || dimensions.some((dimension) => dimension.field === field)
  const fixed = [rowsFilter(entity, rows), periodFilter(entity, query.period)]
  const conditions = tested.map((condition) => readGroupCondition(entity, condition))
  return {
    entity,
    filter: every([...fixed, ...onRecords.map((condition) => recordFilter(entity, condition))]),
    wholeFilter: every([
      ...fixed,
      ...onRecords.filter(([field]) => !chosen(field)).map((c) => recordFilter(entity, c)),
    ]),
    groupConditions: dimensions.length > 0 ? conditions : [],
    recordConditions: dimensions.length > 0 ? [] : conditions,
    dimensions,
    measures,
    period: query.period,
  }
}

/** A measure of any kind; a number attribute such as days overdue is tested on records even with a grouping. */
function isMeasureName(entity: Entity, name: string): boolean {
  if (name === 'count') return true
  const { prefix, measure } = splitMeasure(name)
  return prefix !== undefined || Object.hasOwn(entity.measures, measure)
}

/** Records that satisfy every condition of at least one alternative; row rules test records whatever the query groups by. */
function rowsFilter(entity: Entity, rows: RowFilter): Filter {
  if (rows === 'all') return every([])
  return some(
    rows.map((alternative) => every(alternative.map((condition: Condition) => recordFilter(entity, condition)))),
  )
}

function periodFilter(entity: Entity, period: BusinessQuery['period']): Filter {
  if (!period) return every([])
  const { field, from, to } = period
  if (fieldType(entity, field) !== 'date') throw invalidQuery(field, `'${field}' is not a date`)
  const edge = (operator: 'gte' | 'lte', date: string | undefined): Filter[] =>
    date ? [{ is: 'comparison', field, operator, right: { type: 'date', value: dateText(field, date) } }] : []
  if (from && to && from > to) throw invalidQuery(field, 'the period ends before it begins')
  return every([...edge('gte', from), ...edge('lte', to)])
}

/** Whether an `orderBy` name means this dimension: `date` also means `date:month`. */
export function sameDimension(dimension: Dimension, name: string): boolean {
  return dimension.column.name === name || (dimension.field === name && splitDimension(name).grain === undefined)
}
