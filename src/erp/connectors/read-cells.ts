import { formatExact, readExact } from '../decimal.ts'
import { type FieldType, literalType } from '../fields.ts'
import type { Cell } from '../query-answer.ts'
import { RetryableReply } from './http/retry-call.ts'

/** Reads one value of a reply. Throws RetryableReply for what cannot be one: the reply is not what was asked for. */
export type ReadCell = (raw: unknown) => Cell

/** Parses JSON with every number as its source text: 0.1 and 9007199254740993 stay what the ERP wrote. Throws RetryableReply. */
export function parseExact(text: string): unknown {
  const keepSource = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source : value
  try {
    return JSON.parse(text, keepSource)
  } catch (error) {
    throw new RetryableReply('not JSON', { cause: error })
  }
}

/** What a field of the type may hold. A property that is missing is no empty value. */
export function cellReader(type: FieldType): ReadCell {
  if (type === 'number' || type === 'year') return readWhole
  if (literalType(type) === 'number') return readDecimal
  return type === 'date' ? readDate : readText
}

export function readDecimal(raw: unknown): Cell {
  if (raw === null) return null
  const value = typeof raw === 'string' ? readExact(raw) : undefined
  if (!value) throw new RetryableReply('a number was expected')
  return formatExact(value)
}

/** A number where it is whole and safe, else its exact text. */
export function readWhole(raw: unknown): Cell {
  const text = readDecimal(raw)
  const number = Number(text)
  return text !== null && Number.isSafeInteger(number) ? number : text
}

/** The day of a date, or of a date with a time behind `T` or a space. */
function readDate(raw: unknown): Cell {
  if (raw === null) return null
  const date = typeof raw === 'string' ? /^(\d{4}-\d{2}-\d{2})(T| |$)/.exec(raw)?.[1] : undefined
  if (!date) throw new RetryableReply('a date was expected')
  return date
}

function readText(raw: unknown): Cell {
  if (raw === null || typeof raw === 'string' || typeof raw === 'boolean') return raw
  throw new RetryableReply('a text was expected')
}
