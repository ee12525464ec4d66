// Part of the Frappe simulator: what document types there are, and how values compare and are written.
// It is written from published behaviour, and stands in for no real server's bugs.
import { Exact } from '../../decimal.ts'

export type FieldKind =
  | 'Data'
  | 'Select'
  | 'Link'
  | 'Date'
  | 'Datetime'
  | 'Currency'
  | 'Float'
  | 'Int'
  | 'Check'
  | 'Table'
/** A field is `Kind`, or `Kind:Options` where it links to or contains another document type. */
export type DocTypes = Record<string, Record<string, string>>
/** Decimals are exact texts; child tables are arrays of documents. */
export type Doc = { name: string; modified?: string; [field: string]: unknown }
export type Documents = Record<string, Doc[]>

/** An error as the framework raises it. `message` is shown to people there, and quotes what was asked. */
export class FrappeError extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

const ownFields: Record<string, string> = {
  name: 'Data',
  modified: 'Datetime',
  creation: 'Datetime',
  owner: 'Data',
  docstatus: 'Int',
  parent: 'Data',
  idx: 'Int',
}
const numeric = ['Currency', 'Float', 'Int', 'Check']

/** The kind and options of a field; undefined where the document type has none of that name. */
export function fieldOf(docTypes: DocTypes, docType: string, field: string) {
  const text = docTypes[docType]?.[field] ?? ownFields[field]
  if (text === undefined) return undefined
  const [kind = '', options] = text.split(':')
  return { kind: kind as FieldKind, options }
}

export type Filtered = { operator: string; value: unknown; kind: FieldKind; field: string; isV16: boolean }

/** Whether a stored value passes, as MariaDB compares with Frappe's stand-ins for what is missing. */
export function passes(stored: unknown, filtered: Filtered): boolean {
  const { operator, value, kind, isV16 } = filtered
  const text = stored === null || stored === undefined ? undefined : String(stored)
  if (operator === 'is') return (text !== undefined && text !== '') === (value === 'set')
  if (operator === 'in' || operator === 'not in') {
    const list = (value as unknown[]).map((one) => fold(isV16 ? one : String(one).trim()))
    return list.includes(fold(text)) === (operator === 'in')
  }
  if (operator === 'like') return text !== undefined && matches(text, String(value), isV16)
  if (operator === 'between') {
    const [from, to] = value as [string, string]
    return text !== undefined && text >= from && text <= (kind === 'Datetime' ? `${to} 23:59:59.999999` : to)
  }
  return passesOrder(text, filtered)
}

function passesOrder(text: string | undefined, { operator, value, kind, field }: Filtered): boolean {
  if (numeric.includes(kind)) return test(Number(text ?? 0) - Number(value), operator)
  const isNeverMissing = ['name', 'modified', 'creation'].includes(field)
  if (text === undefined && (isNeverMissing || (operator === '=' && value !== ''))) return false
  const fallback = kind === 'Date' || kind === 'Datetime' ? '0001-01-01' : ''
  const [a, b] = [fold(text ?? fallback), fold(value)]
  return test(a === b ? 0 : a < b ? -1 : 1, operator)
}

function test(order: number, operator: string): boolean {
  const results: Record<string, boolean> = {
    '=': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  }
  const result = results[operator]
  if (result === undefined) throw new FrappeError(417, 'ValidationError', `Operator must be one of … ${operator}`)
  return result
}

/** The collation does not tell capitals apart. */
export function fold(value: unknown): string {
  return String(value ?? '').toLowerCase()
}

/** Version 15 doubles a backslash before the database sees it, so nothing can be escaped there. */
function matches(text: string, pattern: string, isV16: boolean): boolean {
  const source = [...pattern.matchAll(isV16 ? /\\?[\s\S]/gu : /[\s\S]/gu)].map(([token]) => {
    if (token === '%') return '[\\s\\S]*'
    if (token === '_') return '[\\s\\S]'
    return (token.length > 1 && token.startsWith('\\') ? token.slice(1) : token).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 'iu').test(text)
}

/** Order of the database: nothing first, numbers as numbers, texts without capitals. */
export function compareStored(a: unknown, b: unknown, kind: FieldKind | undefined): number {
  if (a === null || a === undefined || b === null || b === undefined) return Number(a != null) - Number(b != null)
  if (kind === undefined || numeric.includes(kind)) return new Exact(String(a)).comparedTo(new Exact(String(b)))
  const [x, y] = [fold(a), fold(b)]
  return x === y ? 0 : x < y ? -1 : 1
}

/** A stored value as JSON: decimals leave the framework as binary floats, in Python's spelling. */
export function writeJson(value: unknown, kind: FieldKind | 'sum' | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (kind === 'Currency' || kind === 'Float' || kind === 'sum') return pythonFloat(Number(value))
  if (kind === 'Int' || kind === 'Check' || kind === undefined) return String(value)
  return JSON.stringify(value)
}

/** How Python prints a float: 500000.0, 1e-05, 1e+16. */
function pythonFloat(value: number): string {
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const text = size >= 1e21 ? BigInt(value).toString() : String(value)
  return Number.isInteger(value) ? `${text}.0` : text
}
