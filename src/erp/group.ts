import { Exact, readExact } from './decimal.ts'
import type { Dimension } from './dimension.ts'
import { type Aggregate, aggregateName } from './erp-connector.ts'
import type { Parts } from './measure.ts'
import type { Cell, Row } from './query-answer.ts'

/** One group of an answer: what it is of, and its aggregates. */
export type Group = { cells: Cell[]; parts: Parts }

/** The groups of ERP rows, those that fall into one of ours merged. Order of first appearance. */
export function foldRows(rows: Row[], dimensions: Dimension[], aggregates: Aggregate[]): Group[] {
  const groups = new Map<string, { cells: Cell[]; parts: Map<string, Exact | null> }>()
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
  const total = emptyParts(aggregates)
  for (const group of groups) addParts(total, group.parts, aggregates)
  return total
}

/** The aggregates of an ERP row, decimals exact. */
export function readParts(row: Row, aggregates: Aggregate[]): Map<string, Exact | null> {
  return new Map(aggregates.map((aggregate) => [aggregateName(aggregate), cellNumber(row[aggregateName(aggregate)])]))
}

/** The aggregates of no record at all. */
export function emptyParts(aggregates: Aggregate[]): Map<string, Exact | null> {
  return new Map(aggregates.map((aggregate) => [aggregateName(aggregate), emptyValue(aggregate)]))
}

/** Adds the aggregates of more records to those of some. */
export function addParts(total: Map<string, Exact | null>, more: Parts, aggregates: Aggregate[]): void {
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

function combine(aggregate: Aggregate, a: Exact, b: Exact): Exact {
  if (aggregate.fn === 'max') return Exact.max(a, b)
  return aggregate.fn === 'min' ? Exact.min(a, b) : a.plus(b)
}

function emptyValue(aggregate: Aggregate): Exact | null {
  return aggregate.fn === 'max' || aggregate.fn === 'min' ? null : new Exact(0)
}
