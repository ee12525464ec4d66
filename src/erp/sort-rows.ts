import type { Entity } from '#catalog'
import type { Exact } from './decimal.ts'
import type { Dimension } from './dimension.ts'
import type { SortKey } from './erp-connector.ts'
import { aggregateName, keyName } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import { hasField } from './fields.ts'
import { cellNumber, type Group } from './group.ts'
import { type Measure, type Parts, readMeasure } from './measure.ts'
import type { Cell, Row } from './query-answer.ts'
import { sameDimension } from './resolve-query.ts'

type GroupOrder = { by: number | Measure; descending: boolean }
type Asked = readonly (readonly [string, 'asc' | 'desc'])[]

/**
 * The order of groups: as asked; else time forwards, and what is not time from the largest down. Ties by name, so that
 * the same question gives the same top 5. Throws QUERY_INVALID for an order by what is neither grouped nor measured.
 */
export function groupOrder(entity: Entity, dimensions: Dimension[], measures: Measure[], asked: Asked): GroupOrder[] {
  const given = asked.map(([name, direction]): GroupOrder => {
    const index = dimensions.findIndex((dimension) => sameDimension(dimension, name))
    if (index < 0 && Object.hasOwn(entity.dimensions, name)) throw invalidQuery(name, `'${name}' is not grouped by`)
    return { by: index < 0 ? readMeasure(entity, name) : index, descending: direction === 'desc' }
  })
  const names = dimensions.map((_, index): GroupOrder => ({ by: index, descending: false }))
  if (given.length > 0) return [...given, ...names]
  const dates = names.filter(({ by }) => typeof by === 'number' && dimensions[by]?.column.type === 'date')
  const largest = measures.slice(0, 1).map((measure): GroupOrder => ({ by: measure, descending: true }))
  return [...dates, ...largest, ...names]
}

/** The order in an ERP's terms, or undefined when only we can sort so. */
export function serverOrder(order: GroupOrder[], dimensions: Dimension[]): SortKey[] | undefined {
  const keys: SortKey[] = []
  for (const { by, descending } of order) {
    if (typeof by === 'number') {
      for (const key of dimensions[by]?.keys ?? []) keys.push({ by: keyName(key), descending })
    } else {
      if (!by.sortedBy) return undefined
      keys.push({ by: aggregateName(by.sortedBy), descending })
    }
  }
  // A key that comes again can no longer change the order.
  return keys.filter((key, index) => keys.findIndex((other) => other.by === key.by) === index)
}

/** Sorts groups in place; what has no value comes last either way. */
export function sortGroups(groups: Group[], order: GroupOrder[], whole: Parts): Group[] {
  const value = (group: Group, by: number | Measure) =>
    typeof by === 'number' ? group.cells[by] : by.value(group.parts, whole)
  const keyed = groups.map((group) => ({ group, values: order.map(({ by }) => value(group, by) ?? null) }))
  keyed.sort((a, b) => {
    for (const [index, { descending }] of order.entries()) {
      const difference = compareValues(a.values[index] ?? null, b.values[index] ?? null, descending)
      if (difference !== 0) return difference
    }
    return 0
  })
  return keyed.map(({ group }) => group)
}

/** Compares cells of one column: numbers as numbers, texts by code unit, nothing last. */
export function compareCells(
  a: Cell,
  b: Cell,
  { numeric, descending }: { numeric: boolean; descending: boolean },
): number {
  return compareValues(numeric ? cellNumber(a) : a, numeric ? cellNumber(b) : b, descending)
}

/** Whether a row has nothing in one of the columns that rows are sorted by. */
export function hasGaps(rows: Row[], order: SortKey[]): boolean {
  return rows.some((row) => order.some(({ by }) => (row[by] ?? null) === null))
}

/** The order of records: as asked; else newest first; master data by name. Throws QUERY_INVALID. */
export function recordOrder(entity: Entity, asked: Asked): SortKey[] {
  if (asked.length > 0) {
    return asked.map(([name, direction]) => {
      if (!hasField(entity, name)) throw invalidQuery(name, `'${name}' is not a field of ${entity.entity}`)
      return { by: name, descending: direction === 'desc' }
    })
  }
  if (entity.period && entity.kind !== 'master') return [{ by: entity.period, descending: true }]
  return entity.columns.slice(0, 1).map((by) => ({ by, descending: false }))
}

function compareValues(a: Cell | Exact, b: Cell | Exact, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const sign = descending ? -1 : 1
  if (typeof a === 'object' && typeof b === 'object') return sign * a.comparedTo(b)
  return a === b ? 0 : sign * (a < b ? -1 : 1)
}
