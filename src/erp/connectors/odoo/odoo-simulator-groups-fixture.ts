import { Temporal } from 'temporal-polyfill'
import { Exact } from '../../decimal.ts'
import { compareHeld, search } from './odoo-simulator-domain-fixture.ts'
import {
  displayName,
  fieldOf,
  follow,
  isNumber,
  type SimField,
  type SimModels,
  type SimRow,
  type SimValue,
  valueError,
  writeFloat,
} from './odoo-simulator-model-fixture.ts'

/**
 * Part of a simulator of Odoo 19's JSON-2 API, for tests only: `formatted_read_group`, with the shapes that Odoo's own tests
 * of it show. Dates come as [start, label], relations as [id, name], nothing as false; instants are cut in the context's
 * time zone, weeks begin as the language has it, and an aggregate is of a field of the model itself. It is no Odoo.
 */
export type GroupArgs = {
  domain: unknown
  groupby?: string[]
  aggregates?: string[]
  having?: unknown[]
  offset?: number
  limit?: number
  order?: string
}
type Context = { tz?: string; lang?: string }
type Group = Record<string, unknown>

const units = ['day', 'week', 'month', 'quarter', 'year'] as const
type Unit = (typeof units)[number]

export function formattedReadGroup(models: SimModels, model: string, args: GroupArgs, context: Context): Group[] {
  const { groupby = [], aggregates = [], having = [], offset = 0, limit, order } = args
  const groups = new Map<string, { keys: (string | number | boolean | null)[]; rows: SimRow[] }>()
  const keyOf = groupby.map((spec) => groupKey(models, model, spec, context))
  if (groupby.length === 0) groups.set('[]', { keys: [], rows: [] })
  for (const row of search(models, model, args.domain)) {
    const keys = keyOf.map((key) => key.value(row))
    const id = JSON.stringify(keys)
    const group = groups.get(id) ?? { keys, rows: [] }
    group.rows.push(row)
    groups.set(id, group)
  }
  const value = (rows: SimRow[], spec: string) => aggregate(models, model, rows, spec)
  for (const spec of aggregates) value([], spec)
  const passing = [...groups.values()].filter(
    ({ rows }) => groupby.length === 0 || having.every((term) => passes(term, (spec) => value(rows, spec))),
  )
  const sorted = sortGroups(passing, groupby, order || groupby.join(','), value)
  return sorted.slice(offset, limit === undefined ? undefined : offset + limit).map(({ keys, rows }) => ({
    ...Object.fromEntries(groupby.map((spec, i) => [spec, keyOf[i]?.format(keys[i] ?? null)])),
    __extra_domain: [[1, '=', 1]],
    ...Object.fromEntries(aggregates.map((spec) => [spec, formatAggregate(models, model, spec, value(rows, spec))])),
  }))
}

type Key = { value: (row: SimRow) => SimValue; format: (value: SimValue | number) => unknown }

function groupKey(models: SimModels, model: string, spec: string, context: Context): Key {
  const [path = '', unit] = spec.split(':')
  const { field } = follow(models, model, undefined, path)
  if (field.stored === false) throw valueError(`Cannot convert ${path} to SQL because it is not stored`)
  const isDate = field.type === 'date' || field.type === 'datetime'
  if (isDate !== (unit !== undefined)) throw valueError(`Granularity not set on a date(time) field: '${spec}'`)
  const raw = (row: SimRow): SimValue => {
    const end = follow(models, model, row, path)
    return end.row?.[end.name] ?? null
  }
  if (isDate) return dateKey(raw, field, unit as Unit, context)
  if (field.type === 'many2one') {
    const format = (id: SimValue | number) =>
      id === null ? false : [Number(id), displayName(models, field.relation ?? '', String(id))]
    return { value: raw, format }
  }
  const format = (value: SimValue | number) => {
    if (value === null) return false
    return isNumber(field) ? writeFloat(String(value)) : value
  }
  return { value: raw, format }
}

function dateKey(
  raw: (row: SimRow) => SimValue,
  field: SimField,
  unit: Unit,
  { tz = 'UTC', lang = 'en_US' }: Context,
): Key {
  if (!units.includes(unit)) throw valueError(`Granularity specification isn't correct: '${unit}'`)
  const local = (text: string) =>
    field.type === 'date'
      ? Temporal.PlainDate.from(text)
      : Temporal.Instant.from(`${text.replace(' ', 'T')}Z`)
          .toZonedDateTimeISO(tz)
          .toPlainDate()
  const format = (start: SimValue | number) => {
    if (start === null) return false
    const date = Temporal.PlainDate.from(String(start))
    const label = date.toLocaleString(lang.replace('_', '-'), { year: 'numeric', month: 'long' })
    if (field.type === 'date') return [String(start), label]
    const instant = date.toZonedDateTime(tz).toInstant().toString({ smallestUnit: 'second' })
    return [instant.replace('T', ' ').replace('Z', ''), label]
  }
  return {
    value: (row) => {
      const text = raw(row)
      return typeof text === 'string' ? startOf(local(text), unit, lang).toString() : null
    },
    format,
  }
}

function startOf(date: Temporal.PlainDate, unit: Unit, lang: string): Temporal.PlainDate {
  if (unit === 'day') return date
  if (unit === 'year') return date.with({ month: 1, day: 1 })
  if (unit === 'month') return date.with({ day: 1 })
  if (unit === 'quarter') return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 })
  const first = lang === 'en_US' || lang === 'ko_KR' ? 7 : 1
  return date.subtract({ days: (date.dayOfWeek - first + 7) % 7 })
}

/** Numbers of `numeric` columns add up exactly, those of plain floats in binary, as PostgreSQL does. */
function aggregate(models: SimModels, model: string, rows: SimRow[], spec: string): string | number | null {
  if (spec === '__count') return rows.length
  const [name = '', fn] = spec.split(':')
  if (name.includes('.')) throw valueError(`Invalid '${spec}', this dot notation is not supported`)
  const field = fieldOf(models, model, name)
  if (field.stored === false) throw valueError(`Cannot convert ${name} to SQL because it is not stored`)
  const held = rows.flatMap((row) => row[name] ?? [])
  if (fn === 'count_distinct') return new Set(held).size
  if (!['sum', 'max', 'min'].includes(fn ?? '')) throw valueError(`Invalid aggregate method '${fn}' for '${spec}'.`)
  if (held.length === 0) return null
  if (!isNumber(field))
    return (
      [...held]
        .map(String)
        .sort()
        .at(fn === 'max' ? -1 : 0) ?? null
    )
  if (fn === 'sum' && field.type === 'float') return String(held.reduce((sum, one) => sum + Number(one), 0))
  const numbers = held.map((one) => new Exact(String(one)))
  if (fn === 'sum') return numbers.reduce((sum, one) => sum.plus(one)).toFixed()
  return (fn === 'max' ? Exact.max(...numbers) : Exact.min(...numbers)).toFixed()
}

function formatAggregate(models: SimModels, model: string, spec: string, value: string | number | null): unknown {
  if (value === null) return false
  if (typeof value === 'number') return value
  const field = fieldOf(models, model, spec.split(':')[0] ?? '')
  if (field.type === 'integer') return Number(value)
  return isNumber(field) ? writeFloat(value) : value
}

function passes(term: unknown, value: (spec: string) => string | number | null): boolean {
  const [spec, operator, right] = Array.isArray(term) ? term : []
  // The right side is a value: another aggregate there is a text that no number equals.
  if (typeof spec !== 'string' || typeof right !== 'number')
    throw valueError(`Invalid having clause ${JSON.stringify(term)}`)
  const left = value(spec)
  if (left === null) return false
  const order = new Exact(left).comparedTo(right)
  const holds = {
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
    '=': order === 0,
    '!=': order !== 0,
  }
  return holds[operator as keyof typeof holds] ?? false
}

type Counted = { keys: (string | number | boolean | null)[]; rows: SimRow[] }

function sortGroups(
  groups: Counted[],
  groupby: string[],
  order: string,
  value: (rows: SimRow[], spec: string) => string | number | null,
): Counted[] {
  const keys = order
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [term = '', direction, ...nulls] = part.trim().split(/\s+/)
      const descending = direction?.toLowerCase() === 'desc'
      return {
        term,
        descending,
        nullsFirst: nulls.length > 0 ? nulls.join(' ').toLowerCase() === 'nulls first' : descending,
      }
    })
  const cell = (group: Counted, term: string) =>
    groupby.includes(term) ? (group.keys[groupby.indexOf(term)] ?? null) : value(group.rows, term)
  return [...groups].sort((a, b) => {
    for (const { term, ...how } of keys) {
      const compare = groupby.includes(term) ? (x: Cell, y: Cell) => (x < y ? -1 : 1) : compareAmounts
      const order = compareHeld<Cell>(cell(a, term), cell(b, term), how, compare)
      if (order !== 0) return order
    }
    return 0
  })
}

type Cell = string | number | boolean
const compareAmounts = (a: Cell, b: Cell) => new Exact(String(a)).comparedTo(new Exact(String(b)))
