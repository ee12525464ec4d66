// Part of the OData simulator: `$apply` of filter, groupby and aggregate, as SAP Gateway has it. Tests only.
import { Exact } from '../../decimal.ts'
import { at, type Grammar, passes, type Record_, Refusal, readFilter, type Shape } from './simulator-filter-fixture.ts'

/** Groups, and the shape that they have. Throws a Refusal of 501 for other transformations. */
export function applyTo(
  text: string,
  records: Record_[],
  shape: Shape,
  grammar: Grammar,
): { rows: Record_[]; shape: Shape } {
  let current = { rows: records, shape }
  for (const step of splitTop(text, '/')) {
    const [, name = '', inside = ''] = /^(\w+)\((.*)\)$/s.exec(step) ?? []
    if (name === 'filter') {
      const filter = readFilter(inside, current.shape, grammar)
      current = { ...current, rows: current.rows.filter((row) => passes(filter, row, grammar)) }
    } else if (name === 'groupby' || name === 'aggregate') {
      current = group(current, name === 'aggregate' ? ['()', step] : splitTop(inside, ','))
    } else {
      throw new Refusal(501, `the transformation ${name}`)
    }
  }
  return current
}

function group({ rows, shape }: { rows: Record_[]; shape: Shape }, [keyList = '', aggregate = '']: string[]) {
  const keys = keyList.slice(1, -1).split(',').filter(Boolean)
  const parts = aggregate === '' ? [] : splitTop(aggregate.slice('aggregate('.length, -1), ',')
  const measures = parts.map((part) => {
    const [, path = '$count', verb = 'count', alias = ''] = /^(?:(\S+) with (\w+)|\$count) as (\w+)$/.exec(part) ?? []
    if (!alias) throw new Refusal(400, `the aggregate ${part}`)
    return { path: path.split('/'), verb, alias }
  })
  const groups = new Map<string, Record_[]>()
  if (keys.length === 0) groups.set('', rows)
  for (const row of keys.length > 0 ? rows : []) {
    const id = JSON.stringify(keys.map((key) => at(row, key.split('/'))))
    groups.set(id, [...(groups.get(id) ?? []), row])
  }
  const made = [...groups.values()].map(
    (members): Record_ => ({
      ...Object.fromEntries(keys.map((key) => [key, members[0] ? at(members[0], [key]) : null])),
      ...Object.fromEntries(measures.map(({ path, verb, alias }) => [alias, work(verb, members, path)])),
    }),
  )
  const kinds = keys.map((key): [string, Shape[string]] => [key, shape[key] ?? 'text'])
  const numbers = measures.map(({ alias }): [string, Shape[string]] => [alias, 'decimal'])
  return { rows: made, shape: Object.fromEntries([...kinds, ...numbers]) }
}

function work(verb: string, members: Record_[], path: string[]): string | null {
  if (verb === 'count') return String(members.length)
  const values = members.flatMap((row) => at(row, path) ?? [])
  if (verb === 'countdistinct') return String(new Set(values).size)
  if (values.length === 0) return null
  const numbers = values.map((value) => new Exact(value))
  if (verb === 'sum') return numbers.reduce((sum, value) => sum.plus(value)).toFixed()
  if (verb === 'max') return Exact.max(...numbers).toFixed()
  if (verb === 'min') return Exact.min(...numbers).toFixed()
  throw new Refusal(501, `the aggregate ${verb}`)
}

/** Splits at a mark that stands outside parentheses and quotes. */
export function splitTop(text: string, mark: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (const character of text) {
    if (character === "'") quoted = !quoted
    if (!quoted && character === '(') depth += 1
    if (!quoted && character === ')') depth -= 1
    if (character === mark && depth === 0 && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter(Boolean)
}
