import { type Entity, type Grain, splitDimension } from '#catalog'
import { type DatePart, type GroupKey, keyName } from './erp-connector.ts'
import { invalidQuery } from './errors.ts'
import { fieldType, isRatio } from './fields.ts'
import { startOfUnit } from './period.ts'
import type { Cell, Column, Row } from './query-answer.ts'

/** Something a query cuts by: a field, or a date by its unit. */
export type Dimension = {
  column: Column
  field: string
  grain?: Grain
  /** What the ERP groups by: the field itself, or parts of its date. */
  keys: GroupKey[]
  /** Whether several groups of the ERP make one of ours (weeks from days, quarters from months). */
  folds: boolean
  /** Our group of an ERP group: a name, a code, or the first day of the unit. */
  read(row: Row): Cell
}

const partsOf: Partial<Record<Grain, DatePart[]>> = {
  year: ['year'],
  quarter: ['year', 'month'],
  month: ['year', 'month'],
}

/** Reads a dimension as the query names it (`customer`, `date:month`). Throws QUERY_INVALID. */
export function readDimension(entity: Entity, name: string, erpParts: readonly DatePart[]): Dimension {
  const { field, grain } = splitDimension(name)
  const type = fieldType(entity, field)
  if (isRatio(entity, field)) throw invalidQuery(name, `'${field}' is worked out and cannot be grouped by`)
  const column: Column = { name, role: 'dimension', type }
  const plain = { column, field, keys: [{ field }] }
  if (!grain) return { ...plain, folds: false, read: (row) => row[field] ?? null }
  if (type !== 'date') throw invalidQuery(name, `'${field}' is not a date`)
  if (grain === 'day') return { ...plain, grain, folds: false, read: (row) => row[field] ?? null }

  const parts = partsOf[grain]
  if (parts?.every((part) => erpParts.includes(part))) {
    const keys = parts.map((part) => ({ field, part }))
    return { column, field, grain, keys, folds: grain === 'quarter', read: (row) => readParts(row, keys, grain) }
  }
  return { ...plain, grain, folds: true, read: (row) => unitOf(row[field], grain) }
}

function readParts(row: Row, keys: GroupKey[], grain: Grain): Cell {
  const [year, month = 1] = keys.map((key) => row[keyName(key)] ?? null)
  if (year === null || month === null) return null
  return startOfUnit(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`, grain)
}

function unitOf(date: Cell | undefined, grain: Grain): Cell {
  return typeof date === 'string' ? startOfUnit(date, grain) : null
}
