// Part of the OData simulator: `$filter` of versions 2 and 4, read and tested. Tests only.
import { Exact } from '../../decimal.ts'
import type { DialectName } from './dialect.ts'

/** What a service answers instead of data. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export type Kind = 'text' | 'decimal' | 'date' | 'instant' | 'datetime' | 'boolean' | `enum:${string}`
/** The properties of a set; nested ones are records or lists of records that it leads to. */
export type Shape = { [property: string]: Kind | Shape | [Shape] }
export type Record_ = { [property: string]: string | null | boolean | Record_ | Record_[] }

/** What a service's filters know. */
export type Grammar = {
  version: 2 | 4
  contains: 'contains' | 'substringof' | 'wildcard'
  orAcross: boolean
  paths: boolean
  fieldToField: boolean
}

const v4: Grammar = { version: 4, contains: 'contains', orAcross: true, paths: true, fieldToField: true }
const s4: Grammar = { ...v4, fieldToField: false }

/** What each vendor's filters know, as published. */
export const grammars: Record<DialectName, Grammar> = {
  standard: v4,
  'business-central': { ...v4, orAcross: false, paths: false, fieldToField: false },
  'finance-operations': { ...v4, contains: 'wildcard', paths: false, fieldToField: false },
  s4hana: s4,
  's4hana-v2': { ...s4, version: 2, contains: 'substringof', paths: false },
}

type Operand = { is: 'property'; path: string[]; kind: Kind } | { is: 'literal'; type: string; value: string }
export type Expression =
  | { is: 'and' | 'or'; parts: Expression[] }
  | { is: 'compare'; operator: string; left: Operand; right: Operand }
  | { is: 'contains'; left: Operand; text: string }

const token =
  /\s*(?:(datetime(?:offset)?'[^']*'|[A-Za-z_][\w.]*'[^']*'(?!'))|('(?:[^']|'')*')|(\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?(?!\d))|(-?\d+(?:\.\d+)?m?)|([A-Za-z_$][\w]*(?:\/\w+)*)|([(),]))/y

/** Reads a filter. Throws a Refusal of 400 for what the service does not take. */
export function readFilter(text: string, shape: Shape, grammar: Grammar): Expression {
  const tokens = tokenize(text)
  let at = 0
  const peek = () => tokens[at]
  const take = (expected?: string) => {
    const next = tokens[at]
    if (next === undefined || (expected !== undefined && next !== expected))
      throw refuse(`at '${next ?? 'the end'}' of ${text}`)
    at += 1
    return next
  }

  function logic(word: 'and' | 'or', inner: () => Expression): Expression {
    const parts = [inner()]
    while (peek() === word) {
      take()
      parts.push(inner())
    }
    if (parts.length === 1 && parts[0]) return parts[0]
    if (word === 'or' && !grammar.orAcross && new Set(parts.flatMap(namesIn)).size > 1)
      throw refuse("The 'OR' operator is not supported on distinct fields on an OData filter.")
    return { is: word, parts }
  }
  const expression = (): Expression => logic('or', () => logic('and', term))

  function term(): Expression {
    if (peek() === '(') {
      take()
      const inner = expression()
      take(')')
      return inner
    }
    if (peek() === 'contains' || peek() === 'substringof') return call(take())
    const left = operand(take(), shape, grammar)
    const operator = take()
    if (!['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(operator)) throw refuse(`the operator ${operator}`)
    const right = operand(take(), shape, grammar)
    requireFit(left, right, grammar)
    return { is: 'compare', operator, left, right }
  }

  function call(name: string): Expression {
    if (name !== grammar.contains) throw refuse(`the function ${name}`)
    take('(')
    const first = operand(take(), shape, grammar)
    take(',')
    const second = operand(take(), shape, grammar)
    take(')')
    const [left, right] = name === 'contains' ? [first, second] : [second, first]
    if (left.is !== 'property' || right.is !== 'literal' || right.type !== 'text')
      throw refuse(`the arguments of ${name}`)
    return { is: 'contains', left, text: right.value }
  }

  const read = expression()
  if (at < tokens.length) throw refuse(`at '${tokens[at]}' of ${text}`)
  return read
}

const refuse = (problem: string) => new Refusal(400, problem)

function tokenize(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.trimEnd().length) {
    const from = token.lastIndex
    const found = token.exec(text)
    if (!found) throw refuse(`at ${from} of ${text}`)
    tokens.push(found[0].trim())
  }
  return tokens
}

function operand(text: string, shape: Shape, grammar: Grammar): Operand {
  const typed = /^([A-Za-z_][\w.]*)'(.*)'$/s.exec(text)
  if (typed)
    return {
      is: 'literal',
      type: typed[1] === 'datetimeoffset' ? 'instant' : (typed[1] ?? ''),
      value: (typed[2] ?? '').slice(0, typed[1] === 'datetime' ? 10 : undefined),
    }
  if (text.startsWith("'")) return { is: 'literal', type: 'text', value: text.slice(1, -1).replaceAll("''", "'") }
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { is: 'literal', type: 'date', value: text }
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return { is: 'literal', type: 'instant', value: text }
  if (/^-?\d/.test(text)) {
    if (text.endsWith('m') && grammar.version === 4) throw refuse('a suffix of version 2')
    return { is: 'literal', type: 'decimal', value: text.replace(/m$/, '') }
  }
  if (text === 'true' || text === 'false') return { is: 'literal', type: 'boolean', value: text }
  const path = text.split('/')
  if (path.length > 1 && !grammar.paths) throw refuse(`a path: ${text}`)
  return { is: 'property', path, kind: kindOf(shape, path) }
}

/** The kind of a property. Throws a Refusal for one that is not there. */
export function kindOf(shape: Shape, path: string[]): Kind {
  let at: Kind | Shape | [Shape] | undefined = shape
  for (const step of path) at = typeof at === 'object' && !Array.isArray(at) ? at[step] : undefined
  if (typeof at !== 'string') throw refuse(`there is no property ${path.join('/')}`)
  return at
}

/** Services compare like with like: a date is no instant, an enumeration no text. */
function requireFit(left: Operand, right: Operand, { fieldToField }: Grammar): void {
  if (left.is !== 'property') throw refuse('a value on the left')
  if (right.is === 'property') {
    if (!fieldToField) throw refuse('a property on the right')
    return
  }
  const wanted = left.kind.startsWith('enum:') ? left.kind.slice(5) : left.kind
  if (right.type !== wanted) throw refuse(`${right.type} is no ${wanted} of ${left.path.join('/')}`)
}

function namesIn(expression: Expression): string[] {
  if ('parts' in expression) return expression.parts.flatMap(namesIn)
  return expression.left.is === 'property' ? [expression.left.path.join('/')] : []
}

/** Whether a record passes. Texts compare without regard to capitals where `*` is a wildcard. */
export function passes(expression: Expression, record: Record_, grammar: Grammar): boolean {
  if ('parts' in expression) {
    const passed = expression.parts.map((part) => passes(part, record, grammar))
    return expression.is === 'and' ? passed.every(Boolean) : passed.some(Boolean)
  }
  const left = operandValue(expression.left, record)
  if (expression.is === 'contains') return typeof left === 'string' && left.includes(expression.text)
  const right = operandValue(expression.right, record)
  const { operator } = expression
  const isText = expression.right.is === 'literal' && expression.right.type === 'text'
  if (isText && grammar.contains === 'wildcard' && /[*?]/.test(String(right))) {
    const isLike = wildcard(String(right)).test(String(left ?? ''))
    return operator === 'eq' ? isLike : !isLike
  }
  return compare(left, operator, right, kindOfOperand(expression.left))
}

function kindOfOperand(operand: Operand): string {
  return operand.is === 'property' ? operand.kind : operand.type
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'si')
}

/** The value at the end of a path; null beyond a record that is none. */
export function at(record: Record_, path: string[]): string | null {
  let value: unknown = record
  for (const step of path) value = value === null || typeof value !== 'object' ? null : (value as Record_)[step]
  return value === undefined || value === null ? null : String(value)
}

function operandValue(operand: Operand, record: Record_): string | null {
  return operand.is === 'literal' ? operand.value : at(record, operand.path)
}

function compare(a: string | null, operator: string, b: string | null, kind: string): boolean {
  if (a === null || b === null) return operator === 'ne' ? a !== b : operator === 'eq' && a === b
  const order = orderOf(a, b, kind)
  const results: Record<string, boolean> = {
    ...{ eq: order === 0, ne: order !== 0, lt: order < 0 },
    ...{ le: order <= 0, gt: order > 0, ge: order >= 0 },
  }
  return results[operator] ?? false
}

/** How two stored values of a kind compare. */
export function orderOf(a: string, b: string, kind: string): number {
  if (kind === 'decimal') return new Exact(a).comparedTo(new Exact(b))
  if (kind === 'instant') return Date.parse(a) - Date.parse(b) || fractionOf(a) - fractionOf(b)
  return a < b ? -1 : a > b ? 1 : 0
}

/** Of a second, with what a Date leaves out: SAP keeps seven digits. */
function fractionOf(instant: string): number {
  return Number(`0${/\.\d+/.exec(instant)?.[0] ?? ''}`)
}
