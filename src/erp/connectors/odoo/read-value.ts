import { Exact, formatExact, readExact } from '../../decimal.ts'
import { type FieldType, isNumeric } from '../../fields.ts'
import type { Cell } from '../../query-answer.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { dateOfInstant, daysSince } from './local-date.ts'
import type { OdooField } from './odoo-field.ts'

/** Digits of a decimal that survive a binary float: DBL_DIG of IEEE 754 doubles, in which Odoo reckons and answers. */
const floatDigits = 15

/** What values of a reply are read as: the catalog's type, where days begin, and the day it is there. */
export type ReadScope = { type: FieldType; timeZone: string; today: string }

/**
 * A value as `search_read` and `read` give it. `false` is how Odoo writes that nothing is there; a relation is its id and
 * its display name. Throws RetryableReply for what the field cannot hold.
 */
export function readValue(raw: unknown, field: OdooField, { type, timeZone, today }: ReadScope): Cell {
  if (field.info.type === 'boolean') return readBoolean(raw)
  if (raw === false || raw === null) return null
  if (field.daysPast) return Math.max(0, daysSince(readDate(raw, field, timeZone), today))
  if (type === 'date') return readDate(raw, field, timeZone)
  if (isNumeric(type)) return readWhole(readNumber(raw, field.negated), type)
  const text = readText(field.info.type === 'many2one' ? readLabel(raw) : raw)
  return field.codes?.get(text) ?? text
}

/**
 * The exact text of a number that Odoo wrote. It writes floats, so 60.199999999999996 is how it says 60.2: what is beyond
 * the digits that a float carries is rounded off. Whole numbers keep all of theirs.
 */
export function readNumber(raw: unknown, negated: boolean): string {
  const value = typeof raw === 'string' ? readExact(raw) : undefined
  if (!value || typeof raw !== 'string') throw new RetryableReply('a number was expected')
  const kept = /[.eE]/.test(raw) ? new Exact(value.toSignificantDigits(floatDigits)) : value
  return formatExact(negated ? kept.negated() : kept)
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
