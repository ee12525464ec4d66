import { Temporal } from 'temporal-polyfill'
import type { Comparison, Literal } from '../../filter.ts'
import type { Dialect } from './dialect.ts'

/** One property as conditions name it, and what kind of values it has where that is not plain. */
export type Property = { text: string; type: string | undefined; dialect: Dialect }

const operators: Record<Comparison, string> = { eq: 'eq', ne: 'ne', lt: 'lt', lte: 'le', gt: 'gt', gte: 'ge' }

/** The OData word of a comparison. */
export function writeOperator(operator: Comparison): string {
  return operators[operator]
}

/** A text in quotes. A quote is the only character that means something inside them, and doubling takes that away. */
export function writeText(text: string): string {
  return `'${text.toWellFormed().replaceAll("'", "''")}'`
}

/** A comparison with a value; undefined where the property has no such values. */
export function writeComparison(
  property: Property,
  operator: Comparison,
  { type, value }: Literal,
): string | undefined {
  if (type === 'date') return writeDay(property, operator, value)
  const literal = type === 'number' ? writeNumber(property.dialect, value) : writeWord(property, value)
  return literal === undefined ? undefined : `${property.text} ${operators[operator]} ${literal}`
}

/** A value of a mapping's own condition. */
export function writeScalar(property: Property, value: string | number | boolean): string {
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number'
    ? writeNumber(property.dialect, String(value))
    : (writeWord(property, value) ?? writeText(value))
}

/** V2 tells decimals from doubles by a suffix, and whole numbers pass as either. */
function writeNumber({ version }: Dialect, value: string): string {
  return version === 2 ? `${value}m` : value
}

function writeWord({ type }: Property, value: string): string | undefined {
  if (type === undefined) return writeText(value)
  if (type === 'boolean') return value === 'true' || value === 'false' ? value : undefined
  return /^\w+$/.test(value) ? `${type}'${value}'` : undefined
}

/** A day is all instants of it; a missing date that is stored as one is before no day. */
function writeDay(property: Property, operator: Comparison, day: string): string | undefined {
  const { text, dialect } = property
  const kind = property.type ?? dialect.dates
  const isThere = dialect.emptyDate === undefined ? '' : ` and ${text} gt ${writeDate(kind, dialect.emptyDate)}`
  if (kind !== 'instant' && kind !== 'utc') {
    const test = `${text} ${operators[operator]} ${writeDate(kind, day)}`
    return operator === 'lt' || operator === 'lte' ? test + isThere : test
  }
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()
  if (!/^\d{4}-/.test(next)) return undefined
  const [from, until] = [writeDate(kind, day), writeDate(kind, next)]
  const tests: Record<Comparison, string> = {
    eq: `${text} ge ${from} and ${text} lt ${until}`,
    ne: `(${text} lt ${from} or ${text} ge ${until})`,
    lt: `${text} lt ${from}${isThere}`,
    lte: `${text} lt ${until}${isThere}`,
    gt: `${text} ge ${until}`,
    gte: `${text} ge ${from}`,
  }
  return tests[operator]
}

/** A day as one date, or where it begins: by the clock of the users where instants are true ones. */
function writeDate(kind: string, day: string): string {
  if (kind === 'instant') return `${day}T00:00:00Z`
  if (kind === 'utc') return Temporal.PlainDate.from(day).toZonedDateTime('Asia/Seoul').toInstant().toString()
  return kind === 'datetime' ? `datetime'${day}T00:00:00'` : day
}
