import { notImplemented } from './errors.ts'
import { readTokens, type Token, type TokenReader } from './tokenize.ts'

/** What a literal is; `Null` fits every type. */
type LiteralType = 'String' | 'Decimal' | 'Date' | 'Boolean' | 'Null'
export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'
export type Literal = { kind: 'literal'; type: LiteralType; value: string }

/** A `$filter`, `$orderby` or `compute` expression as read, names not yet resolved. `and` and `or` are flat, however long. */
export type Expression =
  | Literal
  | { kind: 'property'; name: string }
  | { kind: 'call'; name: string; parts: Expression[] }
  | { kind: 'compare'; operator: Comparison; left: Expression; right: Expression }
  | { kind: 'in'; operand: Expression; values: Literal[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'logic'; operator: 'and' | 'or'; parts: Expression[] }

const maxDepth = 40
const maxInValues = 1_000
const comparisons: readonly string[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']
const unsupported: readonly string[] = ['add', 'sub', 'mul', 'div', 'divby', 'mod', 'has', 'any', 'all', 'isof', 'cast']

/** Reads a whole `$filter`. Throws a 400 that names the position, or a 501 for OData this server does not do. */
export function parseFilter(text: string): Expression {
  const tokens = readTokens(text, '$filter')
  const expression = readExpression(tokens)
  if (tokens.peek().kind !== 'end') throw tokens.fail('expected and, or or the end')
  return expression
}

/** Reads one expression and stops at the first token that cannot belong to it. */
export function readExpression(tokens: TokenReader, depth = 0): Expression {
  if (depth > maxDepth) throw tokens.fail(`more than ${maxDepth} levels of parentheses`)
  return readLogic(tokens, 'or', () => readLogic(tokens, 'and', () => readComparison(tokens, depth)))
}

function readLogic(tokens: TokenReader, operator: 'and' | 'or', readPart: () => Expression): Expression {
  const parts = [readPart()]
  while (tokens.takeIf('name', operator)) parts.push(readPart())
  const [only] = parts
  return parts.length === 1 && only ? only : { kind: 'logic', operator, parts }
}

function readComparison(tokens: TokenReader, depth: number): Expression {
  const left = readUnary(tokens, depth)
  const token = tokens.peek()
  if (token.kind !== 'name') return left
  if (unsupported.includes(token.text)) throw notImplemented(`The operator '${token.text}' is not implemented.`)
  if (tokens.takeIf('name', 'in')) return { kind: 'in', operand: left, values: readValues(tokens) }
  const operator = comparisons.find((name): name is Comparison => name === token.text)
  if (!operator) return left
  tokens.take()
  return { kind: 'compare', operator, left, right: readUnary(tokens, depth) }
}

/** `not` binds tighter than a comparison: `not (A eq 1)` needs its parentheses. A run of them cannot deepen the recursion. */
function readUnary(tokens: TokenReader, depth: number): Expression {
  let negations = 0
  while (tokens.takeIf('name', 'not')) negations += 1
  if (negations > maxDepth) throw tokens.fail(`more than ${maxDepth} times 'not'`)
  let expression = readPrimary(tokens, depth)
  for (; negations > 0; negations -= 1) expression = { kind: 'not', operand: expression }
  return expression
}

function readPrimary(tokens: TokenReader, depth: number): Expression {
  if (tokens.takeIf('(')) {
    const inner = readExpression(tokens, depth + 1)
    tokens.expect(')')
    return inner
  }
  const literal = tryLiteral(tokens)
  if (literal) return literal
  const name = tokens.peek()
  if (name.kind !== 'name') throw tokens.fail('expected a property, a function or a value')
  tokens.take()
  if (tokens.takeIf('(')) return { kind: 'call', name: name.text, parts: readArguments(tokens, depth) }
  if (tokens.peek().kind === '/') throw notImplemented(`Paths such as '${name.text}/…' are not implemented.`)
  return { kind: 'property', name: name.text }
}

function readArguments(tokens: TokenReader, depth: number): Expression[] {
  if (tokens.takeIf(')')) return []
  const parts = [readExpression(tokens, depth + 1)]
  while (tokens.takeIf(',')) parts.push(readExpression(tokens, depth + 1))
  tokens.expect(')')
  return parts
}

function readValues(tokens: TokenReader): Literal[] {
  tokens.expect('(')
  const values: Literal[] = []
  do {
    const at = tokens.peek()
    const value = tryLiteral(tokens)
    if (!value || value.type === 'Null') throw tokens.fail("'in' takes a list of values", at)
    values.push(value)
    if (values.length > maxInValues) throw tokens.fail(`'in' takes at most ${maxInValues} values`, at)
  } while (tokens.takeIf(','))
  tokens.expect(')')
  return values
}

/** Takes a literal when one stands there. */
function tryLiteral(tokens: TokenReader): Literal | undefined {
  const token = tokens.peek()
  const type = literalType(token, tokens)
  if (!type) return undefined
  tokens.take()
  return { kind: 'literal', type, value: token.text }
}

const literalWords: Record<string, LiteralType> = { null: 'Null', true: 'Boolean', false: 'Boolean' }

function literalType(token: Token, tokens: TokenReader): LiteralType | undefined {
  switch (token.kind) {
    case 'string':
      return 'String'
    case 'number':
      if (token.text.length > 40) throw tokens.fail('a number has too many digits')
      return 'Decimal'
    case 'date':
      if (!isRealDate(token.text)) throw tokens.fail('no such day')
      return 'Date'
    case 'dateTime':
      throw tokens.fail('properties here are Edm.Date: write 2026-11-23, without a time')
    case 'name':
      return Object.hasOwn(literalWords, token.text) ? literalWords[token.text] : undefined
    default:
      return undefined
  }
}

function isRealDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith('0000')
}
