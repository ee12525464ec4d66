import { Exact } from '../../decimal.ts'
import {
  follow,
  isNumber,
  modelOf,
  type SimField,
  type SimModels,
  type SimRow,
  type SimValue,
  valueError,
} from './odoo-simulator-model-fixture.ts'

/** Part of a simulator of Odoo 19's JSON-2 API, for tests only: domains in prefix notation, and orders. It is no Odoo. */
type Term = [string | number, string, unknown]
type Test = (row: SimRow) => boolean

/** The rows of a model that pass a domain. Terms that follow each other all have to hold. */
export function search(models: SimModels, model: string, domain: unknown): SimRow[] {
  if (!Array.isArray(domain)) throw valueError('a domain is a list')
  const rest = [...domain]
  const tests: Test[] = []
  while (rest.length > 0) tests.push(readTest(models, model, rest))
  const { rows, fields } = modelOf(models, model)
  // Archived records are found only when they are asked for.
  const isActive: Test = (row) => !('active' in fields) || row.active !== false
  return rows.filter((row) => isActive(row) && tests.every((test) => test(row)))
}

function readTest(models: SimModels, model: string, rest: unknown[]): Test {
  const item = rest.shift()
  if (item === '!') {
    const test = readTest(models, model, rest)
    return (row) => !test(row)
  }
  if (item === '&' || item === '|') {
    const [a, b] = [readTest(models, model, rest), readTest(models, model, rest)]
    return item === '&' ? (row) => a(row) && b(row) : (row) => a(row) || b(row)
  }
  if (!Array.isArray(item) || item.length !== 3) throw valueError(`Invalid domain term ${JSON.stringify(item)}`)
  return termTest(models, model, item as Term)
}

function termTest(models: SimModels, model: string, [path, operator, value]: Term): Test {
  if (typeof path === 'number') return () => (path === value) === (operator === '=')
  const { field } = follow(models, model, undefined, path)
  if (field.stored === false) throw valueError(`Field ${path} is not searchable`)
  const steps = path.split('.').length
  return (row) => {
    const end = follow(models, model, row, path)
    // What lies behind an empty relation is no record at all, and fails even a test for another value.
    if (!end.row) return steps === 1
    return compare(field, end.row[end.name] ?? null, operator, value)
  }
}

function compare(field: SimField, held: SimValue, operator: string, value: unknown): boolean {
  if (operator === 'in' || operator === 'not in') {
    if (!Array.isArray(value)) throw valueError('in needs a list')
    return value.some((one) => same(field, held, one)) === (operator === 'in')
  }
  if (operator === 'like' || operator === 'ilike') {
    const flags = operator === 'ilike' ? 'ius' : 'us'
    return held !== null && new RegExp(`^.*${patternOf(String(value))}.*$`, flags).test(String(held))
  }
  if (operator === '=' || operator === '!=') return same(field, held, value) === (operator === '=')
  const order = orderOf(field, held, value)
  if (order === undefined) return false
  const holds = { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator]
  if (holds === undefined) throw valueError(`Invalid operator ${operator}`)
  return holds
}

/** PostgreSQL's patterns: any text, any character, and a backslash that takes their meaning away. */
function patternOf(text: string): string {
  return text.replace(/\\(.)|[%_]|[.*+?^${}()|[\]\\]/gsu, (all, escaped: string | undefined) => {
    if (all === '%') return '.*'
    if (all === '_') return '.'
    return (escaped ?? all).replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')
  })
}

function same(field: SimField, held: SimValue, value: unknown): boolean {
  if (value === false || value === null) return held === null || held === false
  if (field.type === 'boolean') return held === value
  // A text beside a relation is a search by name, which this simulator does not do: nothing here should rely on it.
  if (field.type === 'many2one' && typeof value !== 'number') throw valueError('a search by name')
  return orderOf(field, held, value) === 0
}

/** A number that is not there reads as 0, and is compared as it reads. */
function orderOf(field: SimField, held: SimValue, value: unknown): number | undefined {
  if (isNumber(field) || field.type === 'many2one')
    return new Exact(String(held ?? 0)).comparedTo(new Exact(String(value)))
  if (field.type === 'datetime' && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(value)))
    throw valueError('no instant')
  if (held === null) return undefined
  return held === value ? 0 : String(held) < String(value) ? -1 : 1
}

const orderPattern = /^([a-z0-9_]+)(?:\s+(asc|desc))?(?:\s+(nulls first|nulls last))?$/i

/** Sorts rows by fields of the model; a relation by its display name, and nothing last, or first when descending. */
export function sortRows(models: SimModels, model: string, rows: SimRow[], order: string): SimRow[] {
  const keys = order.split(',').map((part) => {
    const match = orderPattern.exec(part.trim())
    if (!match) throw valueError(`Invalid "order" specified (${order})`)
    const [, name = '', direction, nulls] = match
    const { field } = follow(models, model, undefined, name)
    if (field.stored === false) throw valueError(`Cannot convert ${name} to SQL because it is not stored`)
    const descending = direction?.toLowerCase() === 'desc'
    return { name, field, descending, nullsFirst: nulls ? nulls.toLowerCase() === 'nulls first' : descending }
  })
  return [...rows].sort((a, b) => {
    for (const { name, field, ...how } of keys) {
      const order = compareHeld(a[name] ?? null, b[name] ?? null, how, (x, y) => orderOf(field, x, y) ?? 0)
      if (order !== 0) return order
    }
    return 0
  })
}

type How = { descending: boolean; nullsFirst: boolean }

/** Compares what may be nothing, which comes first or last whatever the direction. */
export function compareHeld<T>(a: T | null, b: T | null, how: How, compare: (a: T, b: T) => number): number {
  if (a === b) return 0
  if (a === null || b === null) return (a === null) === how.nullsFirst ? -1 : 1
  return how.descending ? compare(b, a) : compare(a, b)
}
