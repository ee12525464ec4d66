import { type RawBuilder, sql } from 'kysely'
import { type Catalog, type Entity, heldEntity, isHeld } from '#catalog'
import { type Cell, type FieldType, formatExact, isNumeric, type Row, readExact } from '#erp'
import { AppError } from '#platform/errors'
import { copyErrors } from './errors.ts'

/** A column of the copy: a catalog field that the ERP stores. `isWhole`: its cells are numbers where they are whole. */
export type CopyColumn = { name: string; sqlType: 'text' | 'date' | 'numeric'; type: FieldType; isWhole: boolean }

/** How one entity is kept. `daysPast`: fields that are not kept, but counted from a date when they are read. */
export type EntityTable = {
  entity: string
  columns: CopyColumn[]
  daysPast: Record<string, string>
  period: string | undefined
  /** Changes with whatever makes rows that were kept before mean something else. */
  shape: string
}

/** The tables of every entity that the connected ERP has. */
export function entityTables(catalog: Catalog): Map<string, EntityTable> {
  const held = Object.values(catalog.entities).filter(({ entity }) => isHeld(catalog, entity))
  return new Map(held.map((entity) => [entity.entity, readTable(catalog, heldEntity(catalog, entity))]))
}

function readTable(catalog: Catalog, entity: Entity): EntityTable {
  const mapped = catalog.mapping.entities[entity.entity]
  const daysPast = mapped?.daysPast ?? {}
  const fields = [
    ...Object.entries(entity.dimensions),
    ...Object.entries(entity.measures).filter(([, { ratio }]) => ratio === undefined),
  ]
  const columns = fields
    .filter(([name]) => !Object.hasOwn(daysPast, name))
    .map(([name, { type }]): CopyColumn => ({ name, type, sqlType: sqlTypeOf(type), isWhole: isWholeType(type) }))
  const kept = columns.map(({ name, sqlType }) => [name, sqlType])
  return {
    entity: entity.entity,
    columns,
    daysPast,
    period: entity.period,
    shape: JSON.stringify({ connector: catalog.mapping.connector, mapped, columns: kept }),
  }
}

function sqlTypeOf(type: FieldType): CopyColumn['sqlType'] {
  if (type === 'date') return 'date'
  return isNumeric(type) ? 'numeric' : 'text'
}

/** Years and plain numbers show as numbers, amounts as exact texts. */
function isWholeType(type: FieldType): boolean {
  return type === 'number' || type === 'year'
}

/** The table of an entity, in the schema `copy`; quoted, whatever the catalog calls it. */
export function tableRef({ entity }: Pick<EntityTable, 'entity'>): RawBuilder<unknown> {
  return sql.id('copy', entity)
}

/** The pages of a full sync under way. No entity's name has an underscore. */
export function stagingRef({ entity }: Pick<EntityTable, 'entity'>): RawBuilder<unknown> {
  return sql.id('copy', `${entity}_fill`)
}

/** The columns' names, quoted, behind an alias when there is one. */
export function columnList({ columns }: EntityTable, alias?: string): RawBuilder<unknown> {
  return sql.join(columns.map(({ name }) => (alias ? sql.id(alias, name) : sql.id(name))))
}

/**
 * A value as its column keeps it: numbers as plain exact texts, dates ISO. Throws COPY_VALUE for what the column cannot hold,
 * with the field and never the value.
 */
export function writeCell(column: CopyColumn, cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  const text = String(cell)
  if (column.sqlType === 'text') {
    // PostgreSQL has no such character in a text; no name in an ERP has it either.
    if (text.includes('\0')) throw badValue(column, 'a text was expected')
    return text.toWellFormed()
  }
  if (column.sqlType === 'date') {
    if (!isDate(text)) throw badValue(column, 'a date was expected')
    return text
  }
  if (plainNumber.test(text)) return text
  const number = typeof cell === 'boolean' ? undefined : readExact(text)
  if (!number) throw badValue(column, 'a number was expected')
  return formatExact(number)
}

/** What `formatExact` writes: connectors give little else, and reading it again takes long. */
const plainNumber = /^(?:0|-?[1-9]\d{0,39}|-?(?:0|[1-9]\d{0,39})\.\d{0,39}[1-9])$/

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether a text is an ISO day that exists; making dates of all of them would take longer than reading them. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || year === 0) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = month === 2 && !isLeap ? 28 : (daysOfMonths[month - 1] ?? 0)
  return day >= 1 && day <= last
}

/** A cell as the ERP's connectors give it, of what PostgreSQL gave. */
export function readCell(isWhole: boolean, raw: unknown): Cell {
  if (raw === null || raw === undefined) return null
  const text = String(raw)
  if (!isWhole) return text
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

/** A row of the table, by catalog field. */
export function readRow({ columns }: EntityTable, raw: Record<string, unknown>): Row {
  return Object.fromEntries(columns.map(({ name, isWhole }) => [name, readCell(isWhole, raw[name])]))
}

function badValue({ name }: CopyColumn, issue: string): AppError {
  return new AppError(copyErrors.badValue, { details: [{ field: name, issue }] })
}
