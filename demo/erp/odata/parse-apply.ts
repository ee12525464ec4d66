import { notImplemented } from './errors.ts'
import { type Expression, readExpression } from './parse-filter.ts'
import { readTokens, type TokenReader } from './tokenize.ts'

const methods = ['sum', 'min', 'max', 'average', 'countdistinct'] as const
export type AggregateMethod = (typeof methods)[number]

/** `$count as N` has no property. */
export type Aggregate = { alias: string } & ({ method: AggregateMethod; property: string } | { method: 'count' })

/** One step of `$apply`; each takes the rows the step before gave. */
export type Transformation =
  | { kind: 'filter'; condition: Expression }
  | { kind: 'compute'; columns: { expression: Expression; alias: string }[] }
  | { kind: 'groupby'; by: string[]; aggregates: Aggregate[] }
  | { kind: 'aggregate'; aggregates: Aggregate[] }

const maxSteps = 8
const maxColumns = 32
const others = (
  'topcount topsum toppercent bottomcount bottomsum bottompercent concat identity search skip top orderby expand nest join ' +
  'outerjoin ancestors descendants traverse'
).split(' ')

/** Reads a whole `$apply`. Throws a 400 that names the position, or a 501 for a transformation not done here. */
export function parseApply(text: string): Transformation[] {
  const tokens = readTokens(text, '$apply')
  const steps = [readTransformation(tokens)]
  while (tokens.takeIf('/')) {
    steps.push(readTransformation(tokens))
    if (steps.length > maxSteps) throw tokens.fail(`more than ${maxSteps} transformations`)
  }
  if (tokens.peek().kind !== 'end') throw tokens.fail("expected '/' or the end")
  return steps
}

function readTransformation(tokens: TokenReader): Transformation {
  const name = tokens.expect('name')
  switch (name.text) {
    case 'filter': {
      tokens.expect('(')
      const condition = readExpression(tokens)
      tokens.expect(')')
      return { kind: 'filter', condition }
    }
    case 'compute':
      return { kind: 'compute', columns: readList(tokens, readComputed) }
    case 'aggregate':
      return { kind: 'aggregate', aggregates: readList(tokens, readAggregate) }
    case 'groupby':
      return readGroupBy(tokens)
    default:
      if (others.includes(name.text)) throw notImplemented(`The transformation '${name.text}' is not implemented.`)
      throw tokens.fail('expected filter, compute, groupby or aggregate', name)
  }
}

function readGroupBy(tokens: TokenReader): Transformation {
  tokens.expect('(')
  const by = readList(tokens, readGroupColumn)
  let aggregates: Aggregate[] = []
  if (tokens.takeIf(',')) {
    const inner = tokens.expect('name')
    if (inner.text !== 'aggregate') throw notImplemented('groupby takes aggregate(…) and nothing else.')
    aggregates = readList(tokens, readAggregate)
    if (tokens.peek().kind === '/') throw notImplemented('groupby takes one aggregate(…), not a sequence.')
  }
  tokens.expect(')')
  return { kind: 'groupby', by, aggregates }
}

function readGroupColumn(tokens: TokenReader): string {
  const name = tokens.expect('name').text
  if (name === 'rollup' && tokens.peek().kind === '(') throw notImplemented('rollup is not implemented.')
  if (tokens.peek().kind === '/') throw notImplemented(`Paths such as '${name}/…' are not implemented.`)
  return name
}

function readComputed(tokens: TokenReader): { expression: Expression; alias: string } {
  return { expression: readExpression(tokens), alias: readAlias(tokens) }
}

function readAggregate(tokens: TokenReader): Aggregate {
  const property = tokens.expect('name').text
  if (property === '$count') return { method: 'count', alias: readAlias(tokens) }
  if (!tokens.takeIf('name', 'with')) throw tokens.fail("expected 'with' and a method")
  const named = tokens.expect('name')
  const method = methods.find((known) => known === named.text)
  if (!method) throw tokens.fail(`expected one of ${methods.join(', ')}`, named)
  return { method, property, alias: readAlias(tokens) }
}

function readAlias(tokens: TokenReader): string {
  if (!tokens.takeIf('name', 'as')) throw tokens.fail("expected 'as' and an alias")
  const alias = tokens.expect('name')
  if (alias.text.startsWith('$') || alias.text.length > 128) throw tokens.fail('not an alias', alias)
  return alias.text
}

function readList<T>(tokens: TokenReader, readItem: (tokens: TokenReader) => T): T[] {
  tokens.expect('(')
  const items = [readItem(tokens)]
  while (tokens.takeIf(',')) {
    items.push(readItem(tokens))
    if (items.length > maxColumns) throw tokens.fail(`more than ${maxColumns} columns`)
  }
  tokens.expect(')')
  return items
}
