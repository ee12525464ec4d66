import { AppError } from '#platform/errors'
import { AggregateUnsupported, type FetchResult, type RecordSpec } from '../../erp-connector.ts'
import { erpErrors } from '../../errors.ts'
import { fieldType, isNumeric } from '../../fields.ts'
import type { Filter } from '../../filter.ts'
import { holds } from '../../holds.ts'
import type { Row } from '../../query-answer.ts'
import { sortRows } from '../finish-rows.ts'
import { ChangedWhileReading } from './odoo-errors.ts'
import type { OdooField } from './odoo-field.ts'
import type { OdooSession, RawRow } from './odoo-session.ts'
import { columnsOf, loadOf, readPaths } from './read-related.ts'
import { type ReadScope, readId, readNumber, readValue } from './read-value.ts'
import { type Domain, writeDomain } from './write-domain.ts'

type Fetched = Omit<FetchResult, 'source'>
type Plan = {
  spec: RecordSpec
  fields: Map<string, OdooField>
  domain: unknown[]
  /** Whether the domain says all of the filter; else its records are tested here. */
  isWhole: boolean
  /** The order as Odoo understands it, ending in the id; undefined when it is to be made here. */
  order: string | undefined
}

/** How often a reading that changes under way is begun again. */
const attempts = 3

/**
 * Records, all of them or the first in order. What Odoo cannot test or order by (a field against another, the name of a
 * relation) is done here, over all records that could be meant. Throws QUERY_TOO_BIG, or ERP_CHANGING when records
 * keep moving while they are paged: each call is a transaction of its own.
 */
export async function fetchRecords(session: OdooSession, spec: RecordSpec): Promise<Fetched> {
  const plan = await planRecords(session, spec)
  for (let attempt = 1; ; attempt += 1) {
    try {
      const isCut = spec.limit !== undefined && plan.isWhole && plan.order !== undefined
      const { rows, count } = isCut ? await readFirst(session, plan, spec.limit ?? 0) : await readAll(session, plan)
      return { rows: rows.map((row) => pickFields(row, spec)), count, ...session.summary() }
    } catch (error) {
      if (!(error instanceof ChangedWhileReading)) throw error
      if (attempt === attempts) throw new AppError(erpErrors.changing, { cause: error })
    }
  }
}

async function planRecords(session: OdooSession, spec: RecordSpec): Promise<Plan> {
  const tested = fieldsIn(spec.filter)
  const fields = await session.findFields([...spec.fields, ...spec.orderBy.map(({ by }) => by), ...tested])
  const fieldOf = (name: string) => mustFind(fields, name)
  const { domain, isWhole } = writeDomain(spec.filter, { ...session, fieldOf })
  if (isWhole) for (const name of tested) if (!isRead(spec, name)) fields.delete(name)
  return { spec, fields, domain: fixedDomain(session, domain), isWhole, order: writeOrder(spec, fieldOf) }
}

/** The domain together with the mapping's own: whatever is asked, only those records are this entity's. */
export function fixedDomain({ mapped }: OdooSession, domain: Domain): unknown[] {
  return [...(mapped.where ?? []), ...domain]
}

/** The catalog fields that a filter looks at. */
export function fieldsIn(filter: Filter): string[] {
  if (filter.is === 'every' || filter.is === 'some') return filter.of.flatMap(fieldsIn)
  const other = filter.is === 'comparison' && 'field' in filter.right ? [filter.right.field] : []
  return [filter.field, ...other]
}

export function mustFind(fields: ReadonlyMap<string, OdooField>, name: string): OdooField {
  const field = fields.get(name)
  if (!field) throw new Error(`'${name}' was not looked up`)
  return field
}

function isRead(spec: RecordSpec, name: string): boolean {
  return spec.fields.includes(name) || spec.orderBy.some(({ by }) => by === name)
}

/** Odoo orders by fields of the model itself, by a relation as the other model likes it, and puts nothing first when descending. */
function writeOrder(spec: RecordSpec, fieldOf: (name: string) => OdooField): string | undefined {
  const keys: string[] = []
  for (const { by, descending } of spec.orderBy) {
    const { hops, last, info, negated } = fieldOf(by)
    if (hops.length > 0 || !info.sortable || info.type === 'many2one') return undefined
    keys.push(`${last} ${descending !== negated ? 'desc nulls last' : 'asc'}`)
  }
  // Pages only follow each other in an order without ties.
  return [...keys, 'id asc'].join(', ')
}

/** The first records, and how many there are: two calls at the same time. */
async function readFirst(session: OdooSession, plan: Plan, limit: number): Promise<{ rows: Row[]; count: number }> {
  if (limit > plan.spec.maxRows) throw tooBig('more than may be shown')
  if (limit > session.pageSize) {
    const all = await readAll(session, plan)
    return { rows: all.rows.slice(0, limit), count: all.count }
  }
  const [raw, count] = await Promise.all([
    // To Odoo a limit of zero is none.
    readPage(session, plan, { offset: 0, limit: Math.max(1, limit) }),
    session.count(session.mapped.set, { domain: plan.domain }),
  ])
  if (raw.length !== Math.min(count, Math.max(1, limit)))
    throw new ChangedWhileReading(`as many records of ${session.mapped.set} as were counted did not come`)
  return { rows: (await readCells(session, plan.fields, raw)).slice(0, limit), count }
}

/** Every record that passes, in order, counted and read to the end. */
async function readAll(session: OdooSession, plan: Plan): Promise<{ rows: Row[]; count: number }> {
  const { spec, isWhole, order } = plan
  const before = await takeFingerprint(session, plan)
  if (before.count > spec.maxRows) throw tooBig('more records than may be gone through')
  const raw: RawRow[] = []
  while (raw.length === 0 || raw.length % session.pageSize === 0) {
    const page = await readPage(session, plan, { offset: raw.length, limit: session.pageSize })
    raw.push(...page)
    if (raw.length > spec.maxRows) throw tooBig('more records than may be gone through')
    if (page.length < session.pageSize) break
  }
  // One page is one transaction and true in itself; several are only when nothing moved between them.
  const after = raw.length > session.pageSize ? await takeFingerprint(session, plan) : before
  const ids = new Set(raw.map((row) => readId(row.id)))
  if (after.text !== before.text || ids.size !== raw.length || raw.length !== after.count)
    throw new ChangedWhileReading(`records of ${session.mapped.set} moved while they were read`)
  const cells = await readCells(session, plan.fields, raw)
  const rows = isWhole ? cells : cells.filter((row) => holds(spec.filter, row))
  if (order === undefined) sortRows(rows, spec.orderBy, (name) => isNumeric(fieldType(session.entity, name)))
  return { rows: rows.slice(0, spec.limit), count: rows.length }
}

async function readPage(session: OdooSession, plan: Plan, span: { offset: number; limit: number }): Promise<RawRow[]> {
  const fields = [...plan.fields.values()]
  const order = plan.order ?? 'id asc'
  const args = { domain: plan.domain, fields: columnsOf(fields), ...span, order, ...loadOf(fields) }
  return session.list(session.mapped.set, 'search_read', args)
}

type Fingerprint = { count: number; text: string }

/** How many records there are, and what would tell that any of them was written, came or went. */
async function takeFingerprint(session: OdooSession, plan: Plan): Promise<Fingerprint> {
  const { domain } = plan
  const model = session.mapped.set
  // A view of the database does not know when it was written; what it adds up to tells as much.
  const written = (await session.hasField(model, 'write_date')) ? ['write_date:max'] : sumsOf(plan)
  const aggregates = ['__count', 'id:max', ...written]
  try {
    const [row] = await session.list(model, 'formatted_read_group', { domain, groupby: [], aggregates })
    return {
      count: Number(readNumber(row?.__count, false)),
      text: JSON.stringify(aggregates.map((name) => row?.[name])),
    }
  } catch (error) {
    if (!(error instanceof AggregateUnsupported)) throw error
    const count = await session.count(model, { domain })
    return { count, text: String(count) }
  }
}

function sumsOf({ fields }: Plan): string[] {
  const numbers = [...fields.values()].filter(
    ({ hops, info }) => hops.length === 0 && info.groupable && ['float', 'monetary', 'integer'].includes(info.type),
  )
  return [...new Set(numbers.map(({ last }) => `${last}:sum`))]
}

/** The cells of rows as they came, those at the ends of paths included. */
export async function readCells(
  session: OdooSession,
  fields: ReadonlyMap<string, OdooField>,
  raw: RawRow[],
): Promise<Row[]> {
  const list = [...fields.values()]
  const values = await readPaths(session, raw, list)
  const scopes = new Map(list.map((field) => [field, readScope(session, field)]))
  return raw.map((_, index) =>
    Object.fromEntries(
      list.map((field) => [
        field.name,
        readValue(values.get(field)?.[index], field, scopes.get(field) ?? readScope(session, field)),
      ]),
    ),
  )
}

/** How values of a field are read in this session. */
export function readScope({ entity, timeZone }: OdooSession, { name }: OdooField): ReadScope {
  return { type: fieldType(entity, name), timeZone }
}

function pickFields(row: Row, { fields }: RecordSpec): Row {
  return Object.fromEntries(fields.map((name) => [name, row[name] ?? null]))
}

function tooBig(issue: string): AppError {
  return new AppError(erpErrors.tooBig, { details: [{ issue }] })
}
