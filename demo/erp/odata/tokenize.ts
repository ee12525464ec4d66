import { badRequest } from './errors.ts'

const maxLength = 10_000
const maxTokens = 5_000

type TokenKind = 'name' | 'string' | 'number' | 'date' | 'dateTime' | '(' | ')' | ',' | '/' | 'end'

/** `text` is the value: a string without its quotes. `position` counts characters from 1, for messages. */
export type Token = { kind: TokenKind; text: string; position: number }

/** Steps through tokens; `take` also moves on. */
export type TokenReader = {
  peek: () => Token
  take: () => Token
  /** Takes the token when it is the one named, else leaves it. */
  takeIf: (kind: TokenKind, text?: string) => boolean
  expect: (kind: TokenKind) => Token
  /** A 400 that says where reading stopped. */
  fail: (problem: string, at?: Token) => Error
}

const patterns: [TokenKind | 'space', RegExp][] = [
  ['space', /[ \t]+/y],
  ['string', /'(?:[^']|'')*'/y],
  ['dateTime', /-?\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?/y],
  ['date', /\d{4}-\d{2}-\d{2}(?!\d)/y],
  ['number', /-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?/y],
  ['name', /\$?[\p{L}_][\p{L}\p{N}_]*/uy],
]
const marks = ['(', ')', ',', '/'] as const
const controlCharacters = /\p{Cc}/u

/** Reads the text of a query option. Throws a 400 with the position of whatever is not OData, and bounds length and tokens. */
export function readTokens(text: string, option: string): TokenReader {
  if (text.length > maxLength) throw badRequest('TooLong', `${option} is longer than ${maxLength} characters.`)
  const tokens = tokenize(text, option)
  let next = 0
  const fail = (problem: string, at: Token = peek()) =>
    badRequest(`Invalid${option.slice(1, 2).toUpperCase()}${option.slice(2)}`, describe(option, problem, at))
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', position: text.length + 1 }
  const take = (): Token => {
    const token = peek()
    next += 1
    return token
  }
  return {
    peek,
    take,
    takeIf(kind, wanted) {
      const token = peek()
      const fits = token.kind === kind && (wanted === undefined || token.text === wanted)
      if (fits) next += 1
      return fits
    },
    expect(kind) {
      const token = peek()
      if (token.kind !== kind) throw fail(`expected ${kind === 'name' ? 'a name' : `'${kind}'`}`)
      return take()
    },
    fail,
  }
}

function describe(option: string, problem: string, at: Token): string {
  const found = at.kind === 'end' ? 'the end' : `'${at.text.slice(0, 40)}'`
  return `${option}: ${problem} at position ${at.position}, found ${found}.`
}

function tokenize(text: string, option: string): Token[] {
  const tokens: RawToken[] = []
  let offset = 0
  while (offset < text.length) {
    const token = readToken(text, offset, option)
    if (touches(tokens.at(-1), token)) {
      throw badRequest('InvalidSyntax', `${option}: a space is missing at position ${offset + 1}.`)
    }
    offset = token.end
    tokens.push(token)
    if (tokens.length > maxTokens) throw badRequest('TooLong', `${option} has more than ${maxTokens} parts.`)
  }
  return tokens.filter((token): token is RawToken & Token => token.kind !== 'space')
}

type RawToken = { kind: TokenKind | 'space'; text: string; position: number; end: number }

function readToken(text: string, offset: number, option: string): RawToken {
  const mark = marks.find((character) => character === text[offset])
  if (mark) return { kind: mark, text: mark, position: offset + 1, end: offset + 1 }
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset
    const found = pattern.exec(text)?.[0]
    if (found === undefined) continue
    const value = kind === 'string' ? readString(found, offset, option) : found
    return { kind, text: value, position: offset + 1, end: offset + found.length }
  }
  const problem = text[offset] === "'" ? 'a string is not closed' : 'a character has no meaning here'
  throw badRequest('InvalidSyntax', `${option}: ${problem} at position ${offset + 1}.`)
}

function readString(quoted: string, offset: number, option: string): string {
  const value = quoted.slice(1, -1).replaceAll("''", "'")
  // PostgreSQL has no NUL in a text, and no name in an ERP holds other control characters.
  if (controlCharacters.test(value)) {
    throw badRequest('InvalidSyntax', `${option}: the string at position ${offset + 1} has a control character.`)
  }
  return value
}

const words = new Set(['name', 'string', 'number', 'date', 'dateTime'])

/** `12abc` or `'a'eq`: two words with nothing between them. */
function touches(before: { kind: string } | undefined, token: { kind: string }): boolean {
  return before !== undefined && words.has(before.kind) && words.has(token.kind)
}
