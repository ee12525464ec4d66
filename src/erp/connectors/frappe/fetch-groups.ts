import type { Entity } from '#catalog'
import { AppError } from '#platform/errors'
import { Exact } from '../../decimal.ts'
import {
  type Aggregate,
  AggregateUnsupported,
  aggregateName,
  type GroupKey,
  type GroupSpec,
  isCount,
  keyName,
} from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { groupHolds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import { mergeGroups, numbersOf, sortRows } from '../finish-rows.ts'
import { readDecimal, readWhole } from '../read-cells.ts'
import type { Asking } from './asking.ts'
import { type Dialect, DialectRefused, writeFunction } from './dialect.ts'
import { mostRounds, needsTest } from './fetch-records.ts'
import { locateField, type MappedDocument, type Place, qualify, recordKey, selectField } from './locate-field.ts'
import { fieldCell, type RecordCell, readRow } from './read-record.ts'
import { floatDigits, type SplitFilter, splitFilter } from './split-filter.ts'
import type { List } from './write-list.ts'

type Source = { asking: Asking; entity: Entity; mapped: MappedDocument }
type Column = { field: unknown; groupBy?: string; cell: RecordCell }
type Found = { rows: Row[]; count: number }

const recordCount = 'record_count'

/**
 * Groups, tested, sorted and cut here: Frappe tests no groups and cannot say how many there are. They are all there when
 * their records are as many as the list counts. Throws AggregateUnsupported for what only records can tell.
 */
export async function fetchGroups(source: Source, spec: GroupSpec): Promise<Found> {
  const { asking, entity } = source
  const scope = splitFilter(spec.filter, source.mapped)
  if (needsTest(scope)) throw new AggregateUnsupported(false)
  try {
    for (let round = 0; round < mostRounds; round += 1) {
      const [rows, count] = await Promise.all([
        readGroups(source, spec, scope),
        spec.keys.length > 0 ? asking.count(scope) : undefined,
      ])
      if (count === undefined || sumCounts(rows) === count) return finish(rows, entity, spec)
      asking.checkTime()
    }
  } catch (error) {
    throw error instanceof DialectRefused ? new AggregateUnsupported(false) : error
  }
  throw new AppError(erpErrors.changing)
}

function readGroups(source: Source, spec: GroupSpec, scope: SplitFilter): Promise<Row[]> {
  const { asking, entity, mapped } = source
  const countColumn = mapped.lines ? qualify(recordKey(mapped)) : 'name'
  const count: RecordCell = { name: recordCount, property: recordCount, read: readWhole }
  const columnsOf = (dialect: Dialect): Column[] => [
    ...spec.keys.map((key) => keyColumn(key, { entity, mapped, dialect })),
    ...spec.aggregates.map((aggregate) => aggregateColumn(aggregate, { mapped, dialect })),
    { field: writeFunction(dialect, 'count', countColumn, recordCount), cell: count },
  ]
  // The cells are the same in both dialects.
  const cells = columnsOf('object').map(({ cell }) => cell)
  const write = (dialect: Dialect): List => {
    const columns = columnsOf(dialect)
    const groupBy = columns.flatMap((column) => column.groupBy ?? [])
    const order = groupBy.length > 0 ? groupBy : [recordCount]
    return {
      fields: [...new Map(columns.map(({ field }) => [JSON.stringify(field), field])).values()],
      scope,
      groupBy: [...new Set(groupBy)],
      orderBy: [...new Set(order)].map((column) => ({ column, descending: false })),
      start: 0,
      length: spec.maxRows + 1,
    }
  }
  return asking.listWith(write, (records) => records.map((record) => readRow(record, cells)))
}

function keyColumn(
  key: GroupKey,
  { entity, mapped, dialect }: { entity: Entity; mapped: MappedDocument; dialect: Dialect },
): Column {
  const place = ownPlace(mapped, key.field)
  if (key.part) {
    if (dialect === 'text') throw new AggregateUnsupported(false)
    const alias = `part_${key.part}_${key.field}`
    const column = mapped.lines ? qualify(place) : place.column
    const cell = { name: keyName(key), property: alias, read: readWhole }
    return { field: writeFunction(dialect, key.part, column, alias), groupBy: alias, cell }
  }
  const { select, property } = selectField(mapped, place)
  return { field: select, groupBy: qualify(place), cell: fieldCell(entity, key.field, property) }
}

function aggregateColumn(
  aggregate: Aggregate,
  { mapped, dialect }: { mapped: MappedDocument; dialect: Dialect },
): Column {
  const name = aggregateName(aggregate)
  if (aggregate.fn === 'distinct') throw new AggregateUnsupported(false)
  // Version 15 takes a greatest or least of a name in full for a table of that name.
  const isMisread = mapped.lines && dialect === 'text' && aggregate.fn !== 'count' && aggregate.fn !== 'sum'
  if (isMisread) throw new AggregateUnsupported(false)
  const place = aggregate.fn === 'count' ? recordKey(mapped) : ownPlace(mapped, aggregate.field)
  const property = aggregate.fn === 'count' ? recordCount : `${aggregate.fn}_${aggregate.field}`
  const column = mapped.lines ? qualify(place) : place.column
  const read = isCount(aggregate) ? readWhole : readDecimal
  return { field: writeFunction(dialect, aggregate.fn, column, property), cell: { name, property, read } }
}

/** Groups by or over a linked document's field are not in version 15, and in 16 only by a notation of its own. */
function ownPlace(mapped: MappedDocument, field: string): Place {
  const place = locateField(mapped, field)
  if (place.at === 'link') throw new AggregateUnsupported(false)
  return place
}

function sumCounts(rows: Row[]): number {
  return rows.reduce((sum, row) => sum + Number(row[recordCount]), 0)
}

function finish(rows: Row[], entity: Entity, spec: GroupSpec): Found {
  if (rows.length > spec.maxRows) throw new AppError(erpErrors.tooBig)
  const own = rows.map(({ [recordCount]: _, ...row }) => row)
  if (own.some((row) => spec.aggregates.some((aggregate) => isRounded(row, aggregate))))
    throw new AggregateUnsupported(false)
  const groups = mergeGroups(own, spec).filter((row) => spec.having.every((test) => groupHolds(test, row)))
  sortRows(groups, spec.orderBy, numbersOf(entity, spec.keys))
  return { rows: groups.slice(0, spec.limit), count: groups.length }
}

/** Frappe sends sums as binary floats. One with more digits than those hold for certain is added up here instead. */
function isRounded(row: Row, aggregate: Aggregate): boolean {
  const cell = row[aggregateName(aggregate)] ?? null
  if (isCount(aggregate) || cell === null) return false
  const value = new Exact(String(cell))
  return value.precision() > floatDigits || value.abs().greaterThanOrEqualTo(`1e${floatDigits}`)
}
