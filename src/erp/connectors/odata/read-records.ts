import type { Catalog, Entity } from '#catalog'
import { AppError } from '#platform/errors'
import type { RecordSpec } from '../../erp-connector.ts'
import { erpErrors, invalidQuery } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { every, type Filter, isNever, type Literal, some } from '../../filter.ts'
import type { Row } from '../../query-answer.ts'
import { type ErpRecord, type RecordReader, readKey, recordFields, writeKey } from '../../record-reader.ts'
import type { Server } from '../http/server-group.ts'
import { createKeysetReader, type KeysetCall, type RecordScope } from '../keyset-reader.ts'
import type { ODataClient } from './odata-client.ts'
import type { PropertyTypes } from './property-types.ts'
import { createPageReader } from './read-page.ts'
import { type MappedEntity, mappedEntity, writeRequest } from './write-request.ts'

type Deps = {
  catalog: Catalog
  client: ODataClient
  /** Asks servers in turn until one answers. */
  ask: <T>(attempt: (server: Server) => Promise<T>) => Promise<T>
  /** The types of a set's properties, as the service describes them. */
  typesOf: (set: string, server: Server, signal: AbortSignal) => Promise<PropertyTypes>
  pageSize: number
  budgetMs: number
}

/** Records of an OData service, by the keys that the mapping names: `$filter` after the last key, `$orderby` key, `$top`. */
export function createRecordReader(deps: Deps): RecordReader {
  return createKeysetReader({
    fetch: (call, signal) => deps.ask((server) => fetchKeyset(deps, server, call, signal)),
  })
}

async function fetchKeyset(deps: Deps, server: Server, { entity, scope, after }: KeysetCall, signal: AbortSignal) {
  signal.throwIfAborted()
  const plan = planEntity(deps.catalog, entity)
  const types = await deps.typesOf(plan.mapped.set, server, signal)
  const meant = scopeFilter(plan, scope, types)
  if (isNever(meant)) return { records: [], isLast: true, asOf: new Date().toISOString() }
  const filter = every([meant, ...afterFilters(plan, after, types)])
  const mapped = scope.is === 'field' ? withField(plan.mapped, scope.field) : plan.mapped
  const spec = { ...plan.spec, filter }
  const path = `${writeRequest(mapped, spec)}&$top=${deps.pageSize}`
  const url = new URL(path, server.url)
  const read = createPageReader(plan.entity, plan.mapped, spec)
  const endsAt = performance.now() + deps.budgetMs
  const call = { server, path: url.pathname + url.search, isAggregate: false, read, endsAt }
  const { page, asOf } = await deps.client.getPage(call, signal)
  // A whole entity is at its end when nothing more comes: a server, or something before it, may cut lists without a word.
  const isShort = page.rows.length < deps.pageSize && page.nextLink === undefined
  const isLast = page.rows.length === 0 || (isShort && scope.is !== 'all')
  return { records: page.rows.map((row) => takeRecord(plan, row)), isLast, asOf }
}

/** An entity with its key fields beside the catalog's, under names that no catalog field has. */
type Plan = { entity: Entity; mapped: MappedEntity; spec: RecordSpec; keys: string[]; fields: string[] }

const keyField = (index: number) => `@key${index}`
const whereField = '@where'

function planEntity(catalog: Catalog, name: string): Plan {
  const entity = findEntity(catalog, name)
  const mapped = mappedEntity(catalog, name)
  const fields = recordFields(catalog, name)
  const keys = mapped.key.map((_, index) => keyField(index))
  const text = { type: 'text' as const, label: { ko: '키', en: 'key' }, synonyms: { ko: [], en: [] } }
  return {
    entity: {
      ...entity,
      dimensions: { ...entity.dimensions, ...Object.fromEntries(keys.map((key) => [key, text])) },
    },
    mapped: {
      ...mapped,
      fields: { ...mapped.fields, ...Object.fromEntries(mapped.key.map((key, index) => [keyField(index), key])) },
    },
    spec: {
      kind: 'records',
      entity: name,
      filter: every([]),
      fields: [...keys, ...fields],
      orderBy: keys.map((by) => ({ by, descending: false })),
      maxRows: Number.MAX_SAFE_INTEGER,
    },
    keys,
    fields,
  }
}

function withField(mapped: MappedEntity, field: string): MappedEntity {
  return { ...mapped, fields: { ...mapped.fields, [whereField]: field } }
}

function takeRecord({ keys, fields }: Plan, row: Row): ErpRecord {
  const key = keys.map((name) => {
    const value = row[name]
    if (value === null || value === undefined)
      throw new AppError(erpErrors.badReply, { cause: new Error('a record without its key') })
    return String(value)
  })
  return { key: writeKey(key), row: Object.fromEntries(fields.map((field) => [field, row[field] ?? null])) }
}

/** Which records are meant. A value that the property cannot hold belongs to no record. */
function scopeFilter(plan: Plan, scope: RecordScope, types: PropertyTypes): Filter {
  if (scope.is === 'all') return every([])
  if (scope.is === 'field') {
    const type = types.get(scope.field)
    const held = scope.values.filter((value) => fits(type, value))
    return some(held.map((value) => compare(whereField, 'eq', literal(type, value))))
  }
  const keyTypes = plan.mapped.key.map((property) => types.get(property))
  const keys = scope.keys.map((key) => readKey(key, keyTypes.length))
  const held = keys.filter((values) => values.every((value, index) => fits(keyTypes[index], value)))
  return some(held.map((values) => every(values.map((value, index) => keyTest(plan, index, 'eq', { value, types })))))
}

/** Behind the last key: `(A gt a) or (A eq a and B gt b)`. */
function afterFilters(plan: Plan, after: string | undefined, types: PropertyTypes): Filter[] {
  if (after === undefined) return []
  const values = readKey(after, plan.keys.length)
  const ways = values.map((value, index) =>
    every([
      ...values.slice(0, index).map((same, at) => keyTest(plan, at, 'eq', { value: same, types })),
      keyTest(plan, index, 'gt', { value, types }),
    ]),
  )
  return [some(ways)]
}

type KeyValue = { value: string; types: PropertyTypes }

function keyTest({ mapped }: Plan, index: number, operator: 'eq' | 'gt', { value, types }: KeyValue): Filter {
  return compare(keyField(index), operator, literal(types.get(mapped.key[index] ?? ''), value))
}

function compare(field: string, operator: 'eq' | 'gt', right: Literal): Filter {
  return { is: 'comparison', field, operator, right }
}

const number = /^-?\d+(\.\d+)?$/
/** What literals of a type look like where they are not quoted; a value that does not is none of the type. */
const bareLiterals: Record<string, RegExp> = {
  ...Object.fromEntries(
    ['Byte', 'SByte', 'Int16', 'Int32', 'Int64', 'Decimal', 'Double', 'Single'].map((type) => [`Edm.${type}`, number]),
  ),
  'Edm.Guid': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'Edm.Boolean': /^(true|false)$/,
  'Edm.Date': /^\d{4}-\d\d-\d\d$/,
  'Edm.DateTimeOffset': /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/,
}

function fits(type: string | undefined, value: string): boolean {
  return bareLiterals[type ?? '']?.test(value) ?? true
}

/** A value as a literal of the property's type; a text where the service does not say. Throws QUERY_INVALID. */
function literal(type: string | undefined, value: string): Literal {
  if (!fits(type, value)) throw invalidQuery('key', `a value of ${type} was expected`)
  // What stands without quotes goes as it is, as numbers do.
  return { type: bareLiterals[type ?? ''] ? 'number' : 'text', value }
}
