import type { Comparison, Filter, Literal } from '../../filter.ts'
import { addDays, startOfDate } from './local-date.ts'
import type { OdooField } from './odoo-field.ts'

type Term = [field: string | number, operator: string, value: unknown]
/** Odoo's condition in prefix notation: `['|', a, '&', b, c]`. Terms that follow each other are all to hold. */
export type Domain = ('&' | '|' | Term)[]

/** How fields are called and which dates are meant. */
export type DomainScope = { fieldOf: (name: string) => OdooField; timeZone: string }

const operators: Record<Comparison, string> = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' }
const mirrored: Record<Comparison, Comparison> = { eq: 'eq', ne: 'ne', lt: 'gt', lte: 'gte', gt: 'lt', gte: 'lte' }
const nothing: Domain = [[0, '=', 1]]
const everything: Domain = [[1, '=', 1]]

/**
 * The part of a filter that a domain can say. What it cannot is left out, so that more records pass: `isWhole` tells
 * whether nothing was. A domain compares a field with values only, never with another field.
 */
export function writeDomain(filter: Filter, scope: DomainScope): { domain: Domain; isWhole: boolean } {
  const kept = keepServed(filter, scope)
  const isWhole = JSON.stringify(kept) === JSON.stringify(filter)
  const isAll = kept.is === 'every' && kept.of.length === 0
  return { domain: isAll ? [] : writeFilter(kept, scope), isWhole }
}

function keepServed(filter: Filter, scope: DomainScope): Filter {
  if (filter.is === 'every') return { is: 'every', of: filter.of.map((part) => keepServed(part, scope)).filter(isTest) }
  if (filter.is === 'some') {
    const of = filter.of.map((part) => keepServed(part, scope))
    // An alternative of which nothing is left passes everything.
    return of.every(isTest) ? { is: 'some', of } : { is: 'every', of: [] }
  }
  return isServed(filter, scope) ? filter : { is: 'every', of: [] }
}

function isTest(filter: Filter): boolean {
  return filter.is !== 'every' || filter.of.length > 0
}

function isServed(filter: Extract<Filter, { field: string }>, { fieldOf }: DomainScope): boolean {
  const field = fieldOf(filter.field)
  // A text beside a relation is searched for among all that the other model calls a name: more than the name itself.
  if (!field.info.searchable || field.info.type === 'many2one') return false
  return filter.is === 'contains' || !('field' in filter.right)
}

function writeFilter(filter: Filter, scope: DomainScope): Domain {
  if (filter.is === 'every') return join('&', filter.of, scope, everything)
  if (filter.is === 'some') return writeOneOf(filter.of, scope) ?? join('|', filter.of, scope, nothing)
  const field = scope.fieldOf(filter.field)
  if (filter.is === 'contains') return [[field.path, 'like', escapePattern(filter.text)]]
  if ('field' in filter.right) throw new Error('a domain cannot compare two fields')
  return writeComparison(field, filter.operator, filter.right, scope)
}

/** Names of one field are one list: a thousand alternatives would nest a thousand deep. */
function writeOneOf(filters: Filter[], scope: DomainScope): Domain | undefined {
  const terms = filters.flatMap((filter) => writeFilter(filter, scope))
  const [first] = terms
  if (terms.length < 2 || !Array.isArray(first)) return undefined
  const isList = terms.every((term) => Array.isArray(term) && term[0] === first[0] && term[1] === '=')
  return isList ? [[first[0], 'in', terms.map(([, , value]) => value)]] : undefined
}

function join(operator: '&' | '|', filters: Filter[], scope: DomainScope, empty: Domain): Domain {
  const parts = filters.map((filter) => writeFilter(filter, scope))
  if (parts.length === 0) return empty
  return [...Array<'&' | '|'>(parts.length - 1).fill(operator), ...parts.flat()]
}

function writeComparison(field: OdooField, operator: Comparison, right: Literal, scope: DomainScope): Domain {
  if (right.type === 'date' && field.info.type === 'datetime')
    return writeInstants(field, operator, right.value, scope.timeZone)
  const side = field.negated ? mirrored[operator] : operator
  return withMissing(field, operator, [field.path, operators[side], writeLiteral(right, field.negated)])
}

/** A date of ours is a span of Odoo's instants. */
function writeInstants(field: OdooField, operator: Comparison, date: string, timeZone: string): Domain {
  const start = startOfDate(date, timeZone)
  const end = startOfDate(addDays(date, 1), timeZone)
  const { path } = field
  if (operator === 'lt') return [[path, '<', start]]
  if (operator === 'lte') return [[path, '<', end]]
  if (operator === 'gt') return [[path, '>=', end]]
  if (operator === 'gte') return [[path, '>=', start]]
  if (operator === 'eq') return ['&', [path, '>=', start], [path, '<', end]]
  return ['|', '|', [path, '<', start], [path, '>=', end], ...withMissing(field, 'eq', [path, '=', false])]
}

/** What is not there differs from every value, also where the relation that leads to it is empty. */
function withMissing({ hops, path }: OdooField, operator: Comparison, term: Term): Domain {
  if (operator !== 'ne') return [term]
  const steps = path.split('.')
  const missing = hops.map((_, index): Term => [steps.slice(0, index + 1).join('.'), '=', false])
  return [...Array<'|'>(missing.length).fill('|'), ...missing, term]
}

/** A number goes as its own digits: never through a binary float of ours. */
function writeLiteral({ type, value }: Literal, negated: boolean): unknown {
  if (type !== 'number') return value
  return rawNumber(negated ? negate(value) : value)
}

function negate(number: string): string {
  if (number === '0') return number
  return number.startsWith('-') ? number.slice(1) : `-${number}`
}

/** In the pattern that Odoo makes of a text, these three would stand for others. */
function escapePattern(text: string): string {
  return text.toWellFormed().replace(/[\\%_]/g, '\\$&')
}

const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

/** A number of a JSON text, digit by digit. */
export function rawNumber(digits: string): unknown {
  return rawJSON(digits)
}
