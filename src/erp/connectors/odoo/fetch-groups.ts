import { AppError } from '#platform/errors'
import { Exact } from '../../decimal.ts'
import {
  type Aggregate,
  AggregateUnsupported,
  aggregateName,
  type FetchResult,
  type GroupSpec,
  type GroupTest,
  isCount,
  keyName,
} from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { fieldType } from '../../fields.ts'
import { groupHolds } from '../../holds.ts'
import type { Cell } from '../../query-answer.ts'
import { mergeGroups, numbersOf, sortRows } from '../finish-rows.ts'
import { fieldsIn, fixedDomain, mustFind, readScope } from './fetch-records.ts'
import type { OdooField } from './odoo-field.ts'
import type { OdooSession, RawRow } from './odoo-session.ts'
import { isUncertain, readNumber, readSpanStart, readValue } from './read-value.ts'
import { rawNumber, writeDomain } from './write-domain.ts'

type Fetched = Omit<FetchResult, 'source'>
/** A cell of our rows, and how it comes out of one of Odoo's. */
type Column = { name: string; read: (raw: RawRow) => Cell }
type Plan = { groupby: string[]; columns: Column[]; aggregates: { spec: string; column: Column }[]; merges: boolean }

const operators = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const
/** More digits than a float carries would be another number once Odoo has read them. */
const floatDigits = 15

/**
 * Groups by `formatted_read_group`, in one call and so in one transaction. Ordering, cutting and the last say on `having`
 * are done here: the call does not tell how many groups there are in all, orders relations as their model likes, and puts
 * nothing first when descending. Throws AggregateUnsupported for what only the records can tell.
 */
export async function fetchGroups(session: OdooSession, spec: GroupSpec): Promise<Fetched> {
  const aggregated = spec.aggregates.flatMap((part) => (part.fn === 'count' ? [] : [part.field]))
  const names = [...spec.keys.map(({ field }) => field), ...aggregated, ...fieldsIn(spec.filter)]
  const fields = await session.findFields(names)
  const fieldOf = (name: string) => mustFind(fields, name)
  const { domain, isWhole } = writeDomain(spec.filter, { ...session, fieldOf })
  if (!isWhole) throw new AggregateUnsupported(false)
  const plan = planGroups(session, spec, fieldOf)
  const raw = await session.list(session.mapped.set, 'formatted_read_group', {
    domain: fixedDomain(session, domain),
    groupby: plan.groupby,
    aggregates: plan.aggregates.map((part) => part.spec),
    ...writeHaving(spec, plan),
    limit: spec.maxRows + 1,
  })
  if (raw.length > spec.maxRows) throw new AppError(erpErrors.tooBig)
  const columns = [...plan.columns, ...plan.aggregates.map(({ column }) => column)]
  const read = raw.map((row) => Object.fromEntries(columns.map((column) => [column.name, column.read(row)])))
  const merged = plan.merges ? mergeGroups(read, spec) : read
  const rows = merged.filter((row) => spec.having.every((test) => groupHolds(test, row)))
  sortRows(rows, spec.orderBy, numbersOf(session.entity, spec.keys))
  return { rows: rows.slice(0, spec.limit), count: rows.length, ...session.summary() }
}

function planGroups(session: OdooSession, spec: GroupSpec, fieldOf: (name: string) => OdooField): Plan {
  const groupby: string[] = []
  const columns: Column[] = []
  for (const { field: name } of spec.keys) {
    if (columns.some((column) => column.name === name || column.name.startsWith(`${name}:`))) continue
    const field = fieldOf(name)
    if (!field.info.groupable) throw new AggregateUnsupported(false)
    const part = fieldType(session.entity, name) === 'date' ? dateKey(session, spec, field) : plainKey(session, field)
    groupby.push(part.groupby)
    columns.push(...part.columns)
  }
  // Records of several ids may share a display name.
  const merges = spec.keys.some(({ field }) => fieldOf(field).info.type === 'many2one')
  const aggregates = spec.aggregates.map((aggregate) => writeAggregate(session, aggregate, fieldOf))
  if (merges && spec.aggregates.some(({ fn }) => fn === 'distinct')) throw new AggregateUnsupported(false)
  return { groupby, columns, aggregates, merges }
}

function plainKey(session: OdooSession, field: OdooField): { groupby: string; columns: Column[] } {
  const scope = readScope(session, field)
  return {
    groupby: field.path,
    columns: [{ name: field.name, read: (raw) => readValue(raw[field.path], field, scope) }],
  }
}

/** By days, months or years of the time zone; parts of a date are taken from the first day of the span. */
function dateKey(session: OdooSession, spec: GroupSpec, field: OdooField): { groupby: string; columns: Column[] } {
  const keys = spec.keys.filter((key) => key.field === field.name)
  const parts = keys.map(({ part }) => part)
  const isMonthly = parts.includes('month') && parts.includes('year')
  // The months of all years together are no span of dates.
  if (parts.includes('month') && !isMonthly) throw new AggregateUnsupported(false)
  const unit = parts.includes(undefined) ? 'day' : isMonthly ? 'month' : 'year'
  const groupby = `${field.path}:${unit}`
  return {
    groupby,
    columns: keys.map((key) => ({
      name: keyName(key),
      read: (raw) => {
        const start = readSpanStart(raw[groupby], field, session.timeZone)
        if (start === null || !key.part) return start
        return Number(key.part === 'year' ? start.slice(0, 4) : start.slice(5, 7))
      },
    })),
  }
}

function writeAggregate(
  { entity }: OdooSession,
  aggregate: Aggregate,
  fieldOf: (name: string) => OdooField,
): Plan['aggregates'][number] {
  const name = aggregateName(aggregate)
  if (aggregate.fn === 'count') return { spec: '__count', column: { name, read: (raw) => readCount(raw.__count) } }
  const field = fieldOf(aggregate.field)
  const { hops, last, negated, info } = field
  if (aggregate.fn === 'distinct') {
    // Papers have a number each, so those of a relation are counted by the relation itself.
    const isPaper = hops.length === 1 && fieldType(entity, field.name) === 'documentNo'
    const counted = isPaper ? hops[0]?.field : hops.length === 0 ? last : undefined
    if (!counted || !info.groupable) throw new AggregateUnsupported(false)
    const spec = `${counted}:count_distinct`
    return { spec, column: { name, read: (raw) => readCount(raw[spec]) } }
  }
  if (hops.length > 0 || !info.groupable) throw new AggregateUnsupported(false)
  const swapped = { sum: 'sum', max: 'min', min: 'max' } as const
  const spec = `${last}:${negated ? swapped[aggregate.fn] : aggregate.fn}`
  return { spec, column: { name, read: (raw) => readAmount(raw[spec], negated) } }
}

/** An amount whose last digits were lost can still be had from the records. */
function readAmount(raw: unknown, negated: boolean): Cell {
  if (raw === false || raw === null) return null
  if (isUncertain(raw)) throw new AggregateUnsupported(false)
  return readNumber(raw, negated)
}

function readCount(raw: unknown): number {
  return Number(readNumber(raw, false))
}

/** Tests against numbers that are the same to Odoo; it takes no other aggregate on the right, and without keys no test. */
function writeHaving({ having, keys, aggregates }: GroupSpec, plan: Plan): { having?: unknown[] } {
  if (plan.merges || keys.length === 0) return {}
  const specs = new Map(aggregates.map((part, index) => [aggregateName(part), plan.aggregates[index]?.spec]))
  const tests = having.flatMap((test) => writeTest(test, specs))
  return tests.length > 0 ? { having: tests } : {}
}

function writeTest({ left, operator, right }: GroupTest, specs: Map<string, string | undefined>): unknown[] {
  const spec = specs.get(aggregateName(left))
  if (!spec || !isCount(left) || typeof right !== 'string') return []
  return new Exact(right).precision() > floatDigits ? [] : [[spec, operators[operator], rawNumber(right)]]
}
