import { AppError } from '#platform/errors'
import { Exact, readExact } from './decimal.ts'
import type { Dimension } from './dimension.ts'
import { type Aggregate, aggregateName } from './erp-connector.ts'
import { erpErrors } from './errors.ts'
import type { Part, Parts } from './measure.ts'
import type { Cell, Row } from './query-answer.ts'

/** One group of an answer: what it is of, and its aggregates. */
export type Group = { cells: Cell[]; parts: Parts }

/** The groups of ERP rows, those that fall into one of ours merged. Order of first appearance. */
export function foldRows(rows: Row[], dimensions: Dimension[], aggregates: Aggregate[]): Group[] {
  const groups = new Map<string, { cells: Cell[]; parts: Map<string, Part> }>()
  for (const row of rows) {
    const cells = dimensions.map((dimension) => dimension.read(row))
    const id = JSON.stringify(cells)
    const group = groups.get(id)
    if (group) addParts(group.parts, readParts(row, aggregates), aggregates)
    else groups.set(id, { cells, parts: readParts(row, aggregates) })
  }
  return [...groups.values()]
}

/** The aggregates of all groups together. Of none: nothing counted, nothing summed. */
export function mergeParts(groups: { parts: Parts }[], aggregates: Aggregate[]): Parts {
  const [only, ...others] = groups
  if (only && others.length === 0) return only.parts
  const total = emptyParts(aggregates)
  for (const group of groups) addParts(total, group.parts, aggregates)
  return total
}

/** The aggregates of an ERP row, decimals exact. A row by member has the counted value itself in place of the count. */
export function readParts(row: Row, aggregates: Aggregate[]): Map<string, Part> {
  return new Map(aggregates.map((aggregate) => [aggregateName(aggregate), readPart(row, aggregate)]))
}

/** One value of a distinct count; what is missing is not counted. */
export function memberOf(cell: Cell | undefined): Set<Cell> {
  return new Set(cell === null || cell === undefined ? [] : [cell])
}

/** The aggregates of no record at all. */
export function emptyParts(aggregates: Aggregate[]): Map<string, Part> {
  return new Map(aggregates.map((aggregate) => [aggregateName(aggregate), emptyValue(aggregate)]))
}

/**
 * Adds the aggregates of more records to those of some, whose sets it keeps. Throws ERP_BAD_REPLY for two distinct counts
 * without their values: they do not add up, and no number is better than a wrong one.
 */
export function addParts(total: Map<string, Part>, more: Parts, aggregates: Aggregate[]): void {
  for (const aggregate of aggregates) {
    const name = aggregateName(aggregate)
    const [a, b] = [total.get(name) ?? null, more.get(name) ?? null]
    total.set(name, a && b ? combine(aggregate, a, b) : (a ?? b))
  }
}

/** The number in a cell: of a decimal text, of a count. */
export function cellNumber(cell: Cell | undefined): Exact | null {
  if (cell === null || cell === undefined || typeof cell === 'boolean') return null
  return readExact(String(cell)) ?? null
}

function readPart(row: Row, aggregate: Aggregate): Part {
  const name = aggregateName(aggregate)
  return aggregate.fn === 'distinct' && !Object.hasOwn(row, name)
    ? memberOf(row[aggregate.field])
    : cellNumber(row[name])
}

function combine(aggregate: Aggregate, a: Exact | Set<Cell>, b: Exact | Set<Cell>): Exact | Set<Cell> {
  if (aggregate.fn === 'distinct' || a instanceof Set || b instanceof Set) {
    if (!(a instanceof Set && b instanceof Set))
      throw new AppError(erpErrors.badReply, { cause: new Error('distinct counts of two groups') })
    for (const value of b) a.add(value)
    return a
  }
  if (aggregate.fn === 'max') return Exact.max(a, b)
  return aggregate.fn === 'min' ? Exact.min(a, b) : a.plus(b)
}

function emptyValue(aggregate: Aggregate): Part {
  if (aggregate.fn === 'distinct') return new Set()
  return aggregate.fn === 'max' || aggregate.fn === 'min' ? null : new Exact(0)
}
