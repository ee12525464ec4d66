import type { Entity } from '#catalog'
import { seoulDate } from '#platform/seoul-date'
import { formatExact, readExact } from '../../decimal.ts'
import { aggregateName, type GroupSpec, isCount, keyName } from '../../erp-connector.ts'
import { fieldType } from '../../fields.ts'
import type { Cell, Row } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { cellReader, type ReadCell, readDecimal, readWhole } from '../read-cells.ts'
import type { Dialect } from './dialect.ts'
import { locate, type MappedSet, type Place } from './mapped-set.ts'
import type { NameTables } from './name-tables.ts'
import { linesOf, type RawRecord, valueAt } from './read-page.ts'
import { aliasOf } from './write-request.ts'

/** Reads the rows of a record: itself, or one for each of its lines. May throw RetryableReply. */
export type ReadRows = (record: RawRecord) => Row[]

type RowCell = { name: string; place: Place; read: ReadCell }

/** How records of a set become rows of the fields, names for keys included. */
export function createRowReader(entity: Entity, mapped: MappedSet, fields: string[], tables: NameTables): ReadRows {
  const cells = fields.map((name): RowCell => {
    const place = locate(mapped, name)
    const read = fieldReader(entity, mapped, name, place)
    if (!Object.hasOwn(mapped.names, name)) return { name, place, read }
    const names = tables.namesOf(name)
    return { name, place, read: (raw) => nameOf(names, read(raw)) }
  })
  const { lines } = mapped
  if (lines === undefined) return (record) => [readRow(cells, record, undefined)]
  return (record) => linesOf(record, lines).map((line) => readRow(cells, record, line))
}

/** A key that has no name is shown itself. */
function nameOf(names: ReadonlyMap<string, string>, key: Cell): Cell {
  return typeof key === 'string' ? (names.get(key) ?? key) : key
}

function readRow(cells: RowCell[], record: RawRecord, line: RawRecord | undefined): Row {
  return Object.fromEntries(
    cells.map(({ name, place, read }) => {
      const raw = place.inLines && line ? valueAt(line, place.path.slice(1)) : valueAt(record, place.path)
      return [name, read(raw)]
    }),
  )
}

/** Reads the groups of a `$apply`. */
export function createGroupReader(entity: Entity, mapped: MappedSet, { keys, aggregates }: GroupSpec): ReadRows {
  const cells: { name: string; path: string[]; read: ReadCell }[] = [
    ...keys.map((key) => {
      const place = locate(mapped, key.field)
      return key.part
        ? { name: keyName(key), path: [aliasOf(keyName(key))], read: readWhole }
        : { name: keyName(key), path: place.path, read: fieldReader(entity, mapped, key.field, place) }
    }),
    ...aggregates.map((aggregate) => ({
      name: aggregateName(aggregate),
      path: [aliasOf(aggregateName(aggregate))],
      read: isCount(aggregate) ? readWhole : readDecimal,
    })),
  ]
  return (record) => [Object.fromEntries(cells.map(({ name, path, read }) => [name, read(valueAt(record, path))]))]
}

/** What a property may hold, as its dialect writes it. A property that is missing is no empty value. */
function fieldReader(entity: Entity, { dialect, types }: MappedSet, name: string, { text, negated }: Place): ReadCell {
  const type = fieldType(entity, name)
  const read = cellReader(type)
  if (type === 'date') return (raw) => noneOf(read(types[text] === 'utc' ? fromInstant(raw) : fromTicks(raw)), dialect)
  if (types[text] === 'boolean') return (raw) => read(typeof raw === 'boolean' ? String(raw) : raw)
  if (negated) return (raw) => negate(read(raw))
  return dialect.emptyText ? (raw) => (raw === '' ? null : read(raw)) : read
}

function noneOf(date: Cell, { emptyDate }: Dialect): Cell {
  return date === emptyDate ? null : date
}

/** V2 writes a day as the milliseconds of its midnight, as if in UTC. */
function fromTicks(raw: unknown): unknown {
  const ticks = typeof raw === 'string' ? /^\/Date\((-?\d{1,15})([+-]\d{4})?\)\/$/.exec(raw)?.[1] : undefined
  if (ticks === undefined) return raw
  const date = new Date(Number(ticks))
  if (Number.isNaN(date.getTime())) throw new RetryableReply('a date was expected')
  return date.toISOString().slice(0, 10)
}

/** The day of a true instant is that of the users. One that stands for none stays what it is. */
function fromInstant(raw: unknown): unknown {
  const time = typeof raw === 'string' && !/^(0001|1900)-/.test(raw) ? Date.parse(raw) : Number.NaN
  return Number.isNaN(time) ? raw : seoulDate(new Date(time))
}

function negate(cell: Cell): Cell {
  const value = cell === null ? undefined : readExact(String(cell))
  return value ? formatExact(value.negated()) : cell
}
