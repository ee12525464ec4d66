import { Temporal } from 'temporal-polyfill'
import type { Catalog } from '#catalog'
import { findEntity } from '../../fields.ts'
import { every } from '../../filter.ts'
import { type ErpRecord, type RecordReader, recordFields } from '../../record-reader.ts'
import type { Server } from '../http/server-group.ts'
import { createKeysetReader, type KeysetCall, type RecordScope } from '../keyset-reader.ts'
import type { Asking } from './asking.ts'
import { locateField, type MappedDocument, mappedDocument, qualify, recordKey, selectField } from './locate-field.ts'
import { fieldCell, type RecordCell, readRow } from './read-record.ts'
import type { FrappeRecord } from './read-reply.ts'
import { splitFilter } from './split-filter.ts'
import type { List } from './write-list.ts'

type Deps = {
  catalog: Catalog
  /** Asks servers in turn until one answers. */
  ask: <T>(attempt: (server: Server) => Promise<T>) => Promise<T>
  openAsking: (server: Server, entity: string, signal: AbortSignal) => Asking
  pageSize: number
  /** The time zone of the site, in which it writes when a document was modified. */
  timeZone: string
}

type Plan = {
  mapped: MappedDocument
  cells: RecordCell[]
  key: RecordCell
  modified: RecordCell
  list: Omit<List, 'scope' | 'start' | 'length'>
}

/** Records of Frappe by their names, of lines by the names of lines: both are unique and never change. */
export function createRecordReader(deps: Deps): RecordReader {
  const keyset = createKeysetReader({
    fetch: (call, signal) => deps.ask((server) => fetchKeyset(deps, server, call, signal)),
  })
  const readModified: RecordReader['readModified'] = (entity, since, after, signal) =>
    deps.ask((server) => fetchModified({ deps, server, signal }, { entity, since, after }))
  return { ...keyset, readModified }
}

async function fetchKeyset(deps: Deps, server: Server, { entity, scope, after }: KeysetCall, signal: AbortSignal) {
  signal.throwIfAborted()
  const plan = planEntity(deps.catalog, entity)
  const key = recordKey(plan.mapped)
  const filters = [
    ...splitFilter(every([]), plan.mapped).filters,
    ...scopeFilters(plan.mapped, scope),
    ...(after === undefined ? [] : [condition(key.docType, key.column, '>', after)]),
  ]
  const asking = deps.openAsking(server, entity, signal)
  const list = { ...plan.list, scope: { filters, orFilters: [] }, start: 0, length: deps.pageSize }
  const records = await asking.list(list, (found) => found.map((record) => takeRecord(plan, record)))
  // A whole entity is at its end when nothing more comes: something on the way may cut lists without a word.
  const isLast = records.length === 0 || (records.length < deps.pageSize && scope.is !== 'all')
  return { records, isLast, asOf: asking.told().asOf }
}

type Reading = { deps: Deps; server: Server; signal: AbortSignal }
type ModifiedCall = { entity: string; since: string; after: string | undefined }

/** The cursor is the time of the last record and how many of that time were given: `2026-11-23 10:00:00.000001 2`. */
async function fetchModified({ deps, server, signal }: Reading, { entity, since, after }: ModifiedCall) {
  signal.throwIfAborted()
  const plan = planEntity(deps.catalog, entity)
  const [, from = siteTime(since, deps.timeZone), skip = '0'] = /^(.+) (\d+)$/.exec(after ?? '') ?? []
  const column = { docType: plan.mapped.set, column: 'modified' }
  const filters = [...splitFilter(every([]), plan.mapped).filters, condition(column.docType, column.column, '>=', from)]
  const list = {
    ...plan.list,
    orderBy: [{ column: qualify(column), descending: false }, ...plan.list.orderBy],
    scope: { filters, orFilters: [] },
    start: Number(skip),
    length: deps.pageSize,
  }
  const asking = deps.openAsking(server, entity, signal)
  const found = await asking.list(list, (records) =>
    records.map((record) => ({ ...takeRecord(plan, record), at: String(readRow(record, [plan.modified]).modified) })),
  )
  const last = found.at(-1)?.at ?? from
  const sameTime = found.filter(({ at }) => at === last).length + (last === from ? Number(skip) : 0)
  return {
    records: found.map(({ key, row }): ErpRecord => ({ key, row })),
    next: found.length < deps.pageSize ? undefined : `${last} ${sameTime}`,
    asOf: asking.told().asOf,
    modifiedUntil: found.length === 0 ? since : instantOf(last, deps.timeZone),
  }
}

function planEntity(catalog: Catalog, name: string): Plan {
  const entity = findEntity(catalog, name)
  const mapped = mappedDocument(catalog, name)
  // What is worked out of another field is not stored here.
  const fields = recordFields(catalog, name).filter((field) => Object.hasOwn(mapped.fields, field))
  const selected = fields.map((field) => ({ field, ...selectField(mapped, locateField(mapped, field)) }))
  const key = selectField(mapped, recordKey(mapped))
  const modified = selectField(mapped, {
    field: 'modified',
    column: 'modified',
    docType: mapped.set,
    at: 'document',
    path: 'modified',
  })
  return {
    mapped,
    cells: selected.map(({ field, property }) => fieldCell(entity, field, property)),
    key: { name: 'key', property: key.property, read: String },
    modified: { name: 'modified', property: modified.property, read: String },
    list: {
      fields: [...new Set([...selected.map(({ select }) => select), key.select, modified.select])],
      orderBy: [{ column: qualify(recordKey(mapped)), descending: false }],
    },
  }
}

function takeRecord({ cells, key }: Plan, record: FrappeRecord): ErpRecord {
  return { key: String(readRow(record, [key]).key), row: readRow(record, cells) }
}

type Condition = ReturnType<typeof splitFilter>['filters'][number]

function condition(docType: string, column: string, operator: string, value: unknown): Condition {
  return [docType, column, operator, value]
}

function scopeFilters(mapped: MappedDocument, scope: RecordScope): Condition[] {
  if (scope.is === 'all') return []
  if (scope.is === 'keys') {
    const { docType, column } = recordKey(mapped)
    return [condition(docType, column, 'in', scope.keys)]
  }
  const { docType, column } = locateField({ ...mapped, fields: { where: scope.field } }, 'where')
  return [condition(docType, column, 'in', scope.values)]
}

/** An instant as the site writes times: `2026-11-23 10:00:00.000000`, without a zone. */
function siteTime(instant: string, timeZone: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return local.toString({ smallestUnit: 'microsecond' }).replace('T', ' ')
}

function instantOf(siteText: string, timeZone: string): string {
  const local = Temporal.PlainDateTime.from(siteText.replace(' ', 'T'))
  return local.toZonedDateTime(timeZone).toInstant().toString()
}
