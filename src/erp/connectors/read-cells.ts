import { formatExact, readExact } from '../decimal.ts'
import { type FieldType, literalType } from '../fields.ts'
import type { Cell } from '../query-answer.ts'
import { RetryableReply } from './http/retry-call.ts'

/** Reads one value of a reply. Throws RetryableReply for what cannot be one: the reply is not what was asked for. */
export type ReadCell = (raw: unknown) => Cell

/** In the place of a JSON number, what a binary float may not hold: sixteen characters of it, or an exponent. */
const inexact = /(?:^|[[:,])\s*-?(?:[\d.]{16}|[\d.]+[eE])/

/**
 * Parses JSON with every number as a text of the same value: 0.1 and 9007199254740993 stay what the ERP wrote. Throws
 * RetryableReply.
 */
export function parseExact(text: string): unknown {
  try {
    // Reading each number's source costs ten times the parsing, and up to 15 digits come back from a float as they were.
    return inexact.test(text) ? JSON.parse(text, keepSource) : writeNumbers(JSON.parse(text))
  } catch (error) {
    throw new RetryableReply('not JSON', { cause: error })
  }
}

function keepSource(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? context?.source : value
}

/** Replaces the numbers in a value fresh from the parser, in place. */
function writeNumbers(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = writeNumbers(value[i])
  } else if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>
    for (const key in record) {
      const member = record[key]
      if (typeof member === 'number' || typeof member === 'object') record[key] = writeNumbers(member)
    }
  }
  return value
}

/** What a field of the type may hold. A property that is missing is no empty value. */
export function cellReader(type: FieldType): ReadCell {
  if (type === 'number' || type === 'year') return readWhole
  if (literalType(type) === 'number') return readDecimal
  return type === 'date' ? readDate : readText
}

/** A number that `formatExact` would only take trailing zeros from. */
const plainDecimal = /^-?(?:0|[1-9]\d{0,39})(?:\.\d{1,40})?$/

export function readDecimal(raw: unknown): Cell {
  if (raw === null) return null
  if (typeof raw === 'string' && plainDecimal.test(raw)) {
    const plain = raw.includes('.') ? raw.replace(/\.?0+$/, '') : raw
    return plain === '-0' ? '0' : plain
  }
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
