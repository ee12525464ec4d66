import { type Entity, type MeasurePrefix, splitMeasure } from '#catalog'
import { divide, Exact, formatExact, percentOf } from './decimal.ts'
import { type Aggregate, aggregateName } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import { fieldType, isNumeric, isRatio } from './fields.ts'
import type { Cell, Column } from './query-answer.ts'

/**
 * One aggregate of a group: a number, null where the ERP had nothing to aggregate, or of a distinct count the values
 * themselves, where groups are yet to be merged: an order in two weeks is one order of the month.
 */
export type Part = Exact | Set<Cell> | null

/** The aggregates of a group by `aggregateName`. */
export type Parts = ReadonlyMap<string, Part>

/**
 * A number asked of a group. It is worked out of parts that can be merged (sums, count, max, min, distinct values), so
 * groups are merged before it is: the rate of a quarter comes from the quarter's sums, never from its months' rates.
 */
export type Measure = {
  column: Column
  parts: Aggregate[]
  /** The part by which an ERP can sort in the measure's stead. */
  sortedBy?: Aggregate
  /** The part that is the measure itself, so that an ERP can test conditions on it. */
  direct?: Aggregate
  /** Whether it needs the parts of the whole, too. */
  isShare: boolean
  value(parts: Parts, whole: Parts): Exact | null
}

const count: Aggregate = { fn: 'count' }

/** Reads a measure as the query names it. Throws QUERY_INVALID for one that is not there or cannot be prefixed so. */
export function readMeasure(entity: Entity, name: string): Measure {
  const { prefix, measure: field } = splitMeasure(name)
  if (field === 'count') return countMeasure(entity, name, prefix)
  const type = fieldType(entity, field)
  if (!isNumeric(type)) throw invalidQuery(name, `'${field}' is not a number`)
  const ratio = isRatio(entity, field) ? entity.measures[field]?.ratio : undefined
  // The average of a rate over a group is the rate of the group.
  if (ratio && (!prefix || prefix === 'avg')) return ratioMeasure(name, ratio)
  if (ratio) throw invalidQuery(name, `'${field}' is worked out and has no ${prefix}`)
  if (prefix === 'avg') return averageMeasure(name, type, field)
  if (prefix === 'share') return shareMeasure(name, { fn: 'sum', field })
  return plainMeasure(name, type, { fn: prefix ?? 'sum', field })
}

/** How a measure's value shows in a row: counts as numbers, everything else as exact decimal text. */
export function measureCell(measure: Measure, value: Exact | null): Cell {
  if (value === null) return null
  return measure.column.type === 'count' ? value.toNumber() : formatExact(value)
}

function countMeasure(entity: Entity, name: string, prefix: MeasurePrefix | undefined): Measure {
  const part: Aggregate = entity.countBy ? { fn: 'distinct', field: entity.countBy } : count
  if (prefix === undefined) return plainMeasure(name, 'count', part)
  if (prefix === 'share') return shareMeasure(name, part)
  throw invalidQuery(name, `a count has no ${prefix}`)
}

function plainMeasure(name: string, type: Column['type'], part: Aggregate): Measure {
  // Nothing to sum is zero; nothing to take the greatest of is nothing.
  const empty = part.fn === 'max' || part.fn === 'min' ? null : new Exact(0)
  return {
    column: column(name, type),
    parts: [part],
    sortedBy: part,
    direct: part,
    isShare: false,
    value: (parts) => partNumber(parts, part) ?? empty,
  }
}

/** Sum over the number of records; a record that has no amount counts as zero. */
function averageMeasure(name: string, type: Column['type'], field: string): Measure {
  return {
    column: column(name, type),
    parts: [{ fn: 'sum', field }, count],
    isShare: false,
    value: (parts) => divide(sumOf(parts, field), partNumber(parts, count) ?? new Exact(0)),
  }
}

function ratioMeasure(name: string, ratio: { of: string; over: string }): Measure {
  return {
    column: column(name, 'percent'),
    parts: [
      { fn: 'sum', field: ratio.of },
      { fn: 'sum', field: ratio.over },
    ],
    isShare: false,
    value: (parts) => percentOf(sumOf(parts, ratio.of), sumOf(parts, ratio.over)),
  }
}

function shareMeasure(name: string, part: Aggregate): Measure {
  return {
    column: column(name, 'percent'),
    parts: [part],
    isShare: true,
    value: (parts, whole) =>
      percentOf(partNumber(parts, part) ?? new Exact(0), partNumber(whole, part) ?? new Exact(0)),
  }
}

function column(name: string, type: Column['type']): Column {
  return { name, role: 'measure', type }
}

function sumOf(parts: Parts, field: string): Exact {
  return partNumber(parts, { fn: 'sum', field }) ?? new Exact(0)
}

/** The number of an aggregate; null where there is none. */
export function partNumber(parts: Parts, aggregate: Aggregate): Exact | null {
  const part = parts.get(aggregateName(aggregate)) ?? null
  return part instanceof Set ? new Exact(part.size) : part
}

/** The sums shown under a list of records: of its measures, not of numbers that are attributes, such as a unit price. */
export function measuresOfColumns(entity: Entity, columns: Column[]): Measure[] {
  return columns.filter(({ role }) => role === 'measure').map(({ name }) => readMeasure(entity, name))
}
