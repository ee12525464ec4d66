import { badRequest, notImplemented } from './errors.ts'
import { parseApply, type Transformation } from './parse-apply.ts'
import { type Expression, parseFilter, readExpression } from './parse-filter.ts'
import { readTokens } from './tokenize.ts'

export type OrderTerm = { expression: Expression; isDescending: boolean }

/** The system query options of a request, read but not yet resolved against a set. */
export type QueryOptions = {
  apply: Transformation[]
  filter?: Expression
  select?: string[]
  orderBy: OrderTerm[]
  top?: number
  skip: number
  isCounted: boolean
  skipToken?: string
}

const known = ['$apply', '$filter', '$select', '$orderby', '$top', '$skip', '$count', '$skiptoken', '$format']
const notServed = ['$expand', '$search', '$levels', '$deltatoken', '$compute', '$index', '$schemaversion']
const maxOrderTerms = 8

/** Reads the query string. An option that is unknown, written twice or without its `$` is a 400: ignoring it would answer another question. */
export function readOptions(query: URLSearchParams): QueryOptions {
  refuseStrangeNames(query)
  const filter = query.get('$filter')
  const select = query.get('$select')
  const top = query.get('$top')
  const skipToken = query.get('$skiptoken')
  const apply = query.get('$apply')
  readFormat(query.get('$format'))
  return {
    apply: apply === null ? [] : parseApply(apply),
    ...(filter !== null && { filter: parseFilter(filter) }),
    ...(select !== null && select.trim() !== '*' && { select: readSelect(select) }),
    orderBy: readOrderBy(query.get('$orderby')),
    ...(top !== null && { top: readWhole('$top', top) }),
    skip: readWhole('$skip', query.get('$skip') ?? '0'),
    isCounted: readFlag(query.get('$count')),
    ...(skipToken !== null && { skipToken }),
  }
}

function refuseStrangeNames(query: URLSearchParams): void {
  const seen = new Set<string>()
  for (const name of query.keys()) {
    if (notServed.includes(name)) throw notImplemented(`${name} is not implemented.`)
    if (name.startsWith('$') && !known.includes(name)) {
      throw badRequest('UnknownOption', `There is no option '${name.slice(0, 40)}'.`)
    }
    if (known.includes(`$${name.toLowerCase()}`)) {
      throw badRequest('UnknownOption', `Write '$${name.toLowerCase()}' instead of '${name}'.`)
    }
    if (name.startsWith('$') && seen.has(name)) throw badRequest('DuplicateOption', `${name} is there twice.`)
    seen.add(name)
  }
}

function readFormat(format: string | null): void {
  if (format === null || /^(json|application\/json\b.*)$/i.test(format)) return
  throw badRequest('InvalidFormat', '$format: only json is served.')
}

function readSelect(text: string): string[] {
  const tokens = readTokens(text, '$select')
  const names = [tokens.expect('name').text]
  while (tokens.takeIf(',')) names.push(tokens.expect('name').text)
  if (tokens.peek().kind !== 'end') throw tokens.fail('expected a comma or the end')
  return [...new Set(names)]
}

function readOrderBy(text: string | null): OrderTerm[] {
  if (text === null) return []
  const tokens = readTokens(text, '$orderby')
  const terms: OrderTerm[] = []
  do {
    const expression = readExpression(tokens)
    const isDescending = tokens.takeIf('name', 'desc')
    if (!isDescending) tokens.takeIf('name', 'asc')
    terms.push({ expression, isDescending })
    if (terms.length > maxOrderTerms) throw tokens.fail(`more than ${maxOrderTerms} terms`)
  } while (tokens.takeIf(','))
  if (tokens.peek().kind !== 'end') throw tokens.fail('expected asc, desc, a comma or the end')
  return terms
}

function readWhole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw badRequest('InvalidOption', `${name} is a whole number from 0 to 999999999.`)
  return Number(text)
}

function readFlag(text: string | null): boolean {
  if (text === null || text === 'false') return false
  if (text === 'true') return true
  throw badRequest('InvalidOption', '$count is true or false.')
}
