import { Exact, formatExact, readExact } from '../../decimal.ts'
import { type FieldType, isNumeric } from '../../fields.ts'
import type { Cell } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { dateOfInstant } from './local-date.ts'
import type { OdooField } from './odoo-field.ts'

/** Digits of a decimal that survive a binary float: DBL_DIG of IEEE 754 doubles, in which Odoo reckons and answers. */
const floatDigits = 15
/** Below this they reach beyond a millionth; from `lastWhole` on, floats leave out whole numbers. */
const lastExact = new Exact('1e9')
const lastWhole = new Exact(2).pow(53)

/** What values of a reply are read as: the catalog's type, and where days begin. */
export type ReadScope = { type: FieldType; timeZone: string }

/**
 * A value as `search_read` and `read` give it. `false` is how Odoo writes that nothing is there; a relation is its id and
 * its display name. Throws RetryableReply for what the field cannot hold.
 */
export function readValue(raw: unknown, field: OdooField, { type, timeZone }: ReadScope): Cell {
  if (field.info.type === 'boolean') return readBoolean(raw)
  if (raw === false || raw === null) return null
  if (type === 'date') return readDate(raw, field, timeZone)
  if (isNumeric(type)) return readWhole(readNumber(raw, field.negated), type)
  return readText(field.info.type === 'many2one' ? readLabel(raw) : raw)
}

/**
 * The exact text of a number that Odoo wrote. It writes floats, so 60.199999999999996 is how it says 60.2: what a float
 * does not carry is rounded off where that is less than a millionth. Whole numbers keep all their digits. Throws
 * RetryableReply for a float that is too large to be a certain number.
 */
export function readNumber(raw: unknown, negated: boolean): string {
  const value = parseNumber(raw)
  if (isFloat(raw) && value.abs().gte(lastWhole)) throw new RetryableReply('a number within floats was expected')
  const kept = isFloat(raw) && value.abs().lt(lastExact) ? new Exact(value.toSignificantDigits(floatDigits)) : value
  return formatExact(negated ? kept.negated() : kept)
}

/** Whether a number may have lost more than a millionth on its way through a float: then only its parts can tell it. */
export function isUncertain(raw: unknown): boolean {
  const value = parseNumber(raw)
  return isFloat(raw) && value.abs().gte(lastExact) && (value.precision() > floatDigits || value.abs().gte(lastWhole))
}

function parseNumber(raw: unknown): Exact {
  const value = typeof raw === 'string' ? readExact(raw) : undefined
  if (!value) throw new RetryableReply('a number was expected')
  return value
}

/** Python writes floats with a point or an exponent, and whole numbers without. */
function isFloat(raw: unknown): boolean {
  return typeof raw === 'string' && /[.eE]/.test(raw)
}

/** The first day of a span of dates that was grouped: it comes with a label in the language of the call. */
export function readSpanStart(raw: unknown, field: OdooField, timeZone: string): string | null {
  if (raw === false || raw === null) return null
  const [start] = Array.isArray(raw) ? raw : []
  return readDate(start, field, timeZone)
}

/** The id of a relation, however it was loaded; null where it is empty. */
export function readId(raw: unknown): string | null {
  if (raw === false || raw === null) return null
  const id: unknown = Array.isArray(raw) ? raw[0] : raw
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id)) throw new RetryableReply('the id of a record was expected')
  return id
}

function readLabel(raw: unknown): unknown {
  if (!Array.isArray(raw) || raw.length !== 2) throw new RetryableReply('a relation was expected')
  return raw[1]
}

function readBoolean(raw: unknown): boolean {
  if (typeof raw !== 'boolean') throw new RetryableReply('a boolean was expected')
  return raw
}

function readWhole(text: string, type: FieldType): Cell {
  const isCount = type === 'number' || type === 'year'
  return isCount && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

/** Odoo writes instants in UTC, so their date depends on where it is asked for. */
function readDate(raw: unknown, { info }: OdooField, timeZone: string): string {
  const text = readText(raw)
  const date = info.type === 'datetime' ? dateOfInstant(text, timeZone) : /^\d{4}-\d\d-\d\d$/.exec(text)?.[0]
  if (!date) throw new RetryableReply('a date was expected')
  return date
}

function readText(raw: unknown): string {
  if (typeof raw !== 'string') throw new RetryableReply('a text was expected')
  return raw
}
