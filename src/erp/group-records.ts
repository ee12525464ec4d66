import { Exact, formatExact } from './decimal.ts'
import { type Aggregate, aggregateName, type GroupKey, type GroupSpec, isCount, keyName } from './erp-connector.ts'
import { addParts, cellNumber, emptyParts, memberOf } from './group.ts'
import { type Part, type Parts, partNumber } from './measure.ts'
import type { Cell, Row } from './query-answer.ts'

/** Groups complete records as an ERP would have: the same rows for the same spec, in order of first appearance. */
export function groupRecords(records: Row[], { keys, aggregates }: Pick<GroupSpec, 'keys' | 'aggregates'>): Row[] {
  const groups = new Map<string, { cells: Cell[]; parts: Map<string, Part> }>()
  // Without keys there is one group even of no records: nothing counted, nothing summed.
  if (keys.length === 0) groups.set('[]', { cells: [], parts: emptyParts(aggregates) })
  for (const record of records) {
    const cells = keys.map((key) => readKey(record, key))
    const id = JSON.stringify(cells)
    const group = groups.get(id) ?? { cells, parts: emptyParts(aggregates) }
    addParts(group.parts, recordParts(record, aggregates), aggregates)
    groups.set(id, group)
  }
  return [...groups.values()].map(({ cells, parts }) => ({
    ...Object.fromEntries(keys.map((key, i) => [keyName(key), cells[i] ?? null])),
    ...Object.fromEntries(aggregates.map((aggregate) => [aggregateName(aggregate), partCell(aggregate, parts)])),
  }))
}

/** The aggregates of one record, as if it were a group. */
export function recordParts(record: Row, aggregates: Aggregate[]): Parts {
  return new Map(aggregates.map((aggregate) => [aggregateName(aggregate), recordPart(record, aggregate)]))
}

function recordPart(record: Row, aggregate: Aggregate): Part {
  if (aggregate.fn === 'count') return new Exact(1)
  return aggregate.fn === 'distinct' ? memberOf(record[aggregate.field]) : cellNumber(record[aggregate.field])
}

/** The fields that grouping needs of each record. */
export function fieldsOf(keys: GroupKey[], aggregates: Aggregate[]): string[] {
  const read = aggregates.flatMap((aggregate) => (aggregate.fn === 'count' ? [] : [aggregate.field]))
  return [...new Set([...keys.map((key) => key.field), ...read])]
}

function readKey(record: Row, { field, part }: GroupKey): Cell {
  const cell = record[field] ?? null
  if (!part || typeof cell !== 'string') return cell
  return Number(part === 'year' ? cell.slice(0, 4) : cell.slice(5, 7))
}

/** What a row shows of an aggregate: counts as numbers, amounts as exact texts. */
export function partCell(aggregate: Aggregate, parts: Parts): Cell {
  const value = partNumber(parts, aggregate)
  if (value === null) return null
  return isCount(aggregate) ? value.toNumber() : formatExact(value)
}
