import type { Entity } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { fieldType, literalType } from '../../fields.ts'
import type { Cell } from '../../query-answer.ts'
import { cellReader, type ReadCell } from '../read-cells.ts'
import type { FrappeRecord } from './read-reply.ts'

/** One property of a record, as a cell of a row. */
export type RecordCell = { name: string; property: string; read: ReadCell }

/** Reads a field of a record. Frappe has empty texts for what was never filled in. */
export function fieldCell(entity: Entity, field: string, property: string): RecordCell {
  const type = fieldType(entity, field)
  const read = cellReader(type)
  const isText = literalType(type) === 'text'
  return { name: field, property, read: isText ? (raw) => (raw === '' ? null : read(readName(raw))) : read }
}

/**
 * The row of a record. Throws ERP_REFUSED for a property that is not there: Frappe leaves out, without a word, what the user
 * may not read, and that is no empty value.
 */
export function readRow(record: FrappeRecord, cells: RecordCell[]): Record<string, Cell> {
  return Object.fromEntries(
    cells.map(({ name, property, read }) => {
      if (!Object.hasOwn(record, property))
        throw new AppError(erpErrors.refused, { cause: new Error(`field ${name} may not be read`) })
      return [name, read(record[property])]
    }),
  )
}

/** Names of documents may be numbers, which come as their source texts here; anything but a scalar is none. */
function readName(raw: unknown): unknown {
  return typeof raw === 'number' ? String(raw) : raw
}
