import type { Dimension, Measure } from '#catalog'
import type { Cell } from '#erp'
import type { ChangeRow } from './change-source.ts'

type Value = Exclude<ChangeRow[string], undefined>
type FieldType = Dimension['type'] | Measure['type']

const decimalText = /^-?\d+(\.\d+)?$/
const dateText = /^(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00(?:\.0+)?)?)?$/
const dayMs = 86_400_000

/** A column's value as the cell of a field of this type; undefined when it cannot be read exactly. Days may be counted from 1970, as Debezium does. */
export function readCell(type: FieldType, value: Value): Cell | undefined {
  if (value === null) return null
  if (type === 'date') return readDate(value)
  if (['money', 'quantity', 'days', 'number', 'year'].includes(type)) return readNumber(type, value)
  if (typeof value === 'boolean') return value
  return String(value)
}

function readDate(value: Value): Cell | undefined {
  if (typeof value === 'string') return dateText.exec(value)?.[1]
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 100_000) return undefined
  return new Date(value * dayMs).toISOString().slice(0, 10)
}

/** A number that is not whole has been through binary: it is not the ERP's own any more. */
function readNumber(type: FieldType, value: Value): Cell | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string' || !decimalText.test(text)) return undefined
  if (type === 'year') return Number(text)
  return text
}
