import { Temporal } from 'temporal-polyfill'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { ErpRecord, RecordReader } from '../../record-reader.ts'
import { createKeysetReader, type KeysetCall, type RecordScope } from '../keyset-reader.ts'
import { fixedDomain, readCells } from './fetch-records.ts'
import { ChangedWhileReading } from './odoo-errors.ts'
import type { OdooField } from './odoo-field.ts'
import type { OdooSession, RawRow } from './odoo-session.ts'
import { columnsOf, loadOf } from './read-related.ts'
import { readId } from './read-value.ts'
import { rawNumber } from './write-domain.ts'

type Deps = {
  /** The fields of an entity that records hold. */
  fieldsOf: (entity: string) => string[]
  /** Asks servers in turn, each in a session of its own, until one answers. */
  ask: <T>(entity: string, signal: AbortSignal, work: (session: OdooSession) => Promise<T>) => Promise<T>
}

/** How often a page is read again whose records went away under way: each call is a transaction of its own. */
const attempts = 3

/** Records of Odoo models by their ids. */
export function createRecordReader(deps: Deps): RecordReader {
  const keyset = createKeysetReader({
    fetch: (call, signal) => deps.ask(call.entity, signal, (session) => fetchKeyset(deps, session, call)),
    // The domain goes in the body, which may be long.
    mostValues: 1_000,
    mostCharacters: 500_000,
  })
  const readModified: RecordReader['readModified'] = (entity, since, after, signal) =>
    deps.ask(entity, signal, (session) => fetchModified(deps, session, { entity, since, after }))
  return { ...keyset, readModified }
}

async function fetchKeyset(deps: Deps, session: OdooSession, { entity, scope, after }: KeysetCall) {
  const domain = [...(await scopeTerms(session, scope)), ...(after === undefined ? [] : [['id', '>', idOf(after)]])]
  const found = await readPage(deps, session, { entity, domain, order: 'id asc', offset: 0 })
  // A whole entity is at its end when nothing more comes: something on the way may cut lists without a word.
  const isLast = found.length === 0 || (found.length < session.pageSize && scope.is !== 'all')
  return { records: found.map(({ key, row }): ErpRecord => ({ key, row })), isLast, asOf: session.summary().asOf }
}

type ModifiedCall = { entity: string; since: string; after: string | undefined }

/** The cursor is the time of the last record and how many of that time were given. Odoo writes times in UTC. */
async function fetchModified(deps: Deps, session: OdooSession, { entity, since, after }: ModifiedCall) {
  if (!(await session.hasField(session.mapped.set, 'write_date')))
    throw new AppError(erpErrors.badReply, {
      cause: new Error(`${session.mapped.set} does not know when it was written`),
    })
  const [, from = utcTime(since), skip = '0'] = /^(.+) (\d+)$/.exec(after ?? '') ?? []
  const domain = [['write_date', '>=', from]]
  const call = { entity, domain, order: 'write_date asc, id asc', offset: Number(skip) }
  const found = await readPage(deps, session, call, ['write_date'])
  const last = String(found.at(-1)?.raw.write_date ?? from)
  const sameTime = found.filter(({ raw }) => raw.write_date === last).length + (last === from ? Number(skip) : 0)
  return {
    records: found.map(({ key, row }): ErpRecord => ({ key, row })),
    next: found.length < session.pageSize ? undefined : `${last} ${sameTime}`,
    asOf: session.summary().asOf,
    modifiedUntil: found.length === 0 ? since : Temporal.Instant.from(`${last.replace(' ', 'T')}Z`).toString(),
  }
}

type PageCall = { entity: string; domain: unknown[]; order: string; offset: number }
type Found = ErpRecord & { raw: RawRow }

async function readPage(deps: Deps, session: OdooSession, call: PageCall, beside: string[] = []): Promise<Found[]> {
  const fields = await session.findFields(deps.fieldsOf(call.entity))
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(session, fields, call, beside)
    } catch (error) {
      if (!(error instanceof ChangedWhileReading)) throw error
      if (attempt === attempts) throw new AppError(erpErrors.changing, { cause: error })
    }
  }
}

async function readOnce(
  session: OdooSession,
  fields: Map<string, OdooField>,
  { domain, order, offset }: PageCall,
  beside: string[],
): Promise<Found[]> {
  const list = [...fields.values()]
  const raw = await session.list(session.mapped.set, 'search_read', {
    domain: [...fixedDomain(session, []), ...domain],
    fields: [...new Set([...columnsOf(list), ...beside])],
    offset,
    limit: session.pageSize,
    order,
    ...loadOf(list),
  })
  const rows = await readCells(session, fields, raw)
  return rows.map((row, index) => ({ key: readId(raw[index]?.id) ?? '', row, raw: raw[index] ?? {} }))
}

async function scopeTerms(session: OdooSession, scope: RecordScope): Promise<unknown[]> {
  if (scope.is === 'all') return []
  // Nothing else is an id, so there is no record of it.
  const numbers = (values: readonly string[]) => values.filter((value) => /^\d{1,18}$/.test(value)).map(rawNumber)
  if (scope.is === 'keys') return [['id', 'in', numbers(scope.keys)]]
  const { info } = await session.findPath(scope.field)
  const isNumber = ['many2one', 'integer'].includes(info.type)
  return [[scope.field, 'in', isNumber ? numbers(scope.values) : scope.values]]
}

function idOf(key: string): unknown {
  if (!/^\d{1,18}$/.test(key)) throw new Error('a cursor is the id of a record')
  return rawNumber(key)
}

function utcTime(instant: string): string {
  return Temporal.Instant.from(instant)
    .toString({ smallestUnit: 'second', roundingMode: 'floor' })
    .replace('T', ' ')
    .replace('Z', '')
}
