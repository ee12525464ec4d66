import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors, notInErp } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { type ErpRecord, type RecordReader, readKey, recordFields, writeKey } from '../../record-reader.ts'
import type { Server } from '../http/server-group.ts'
import { createKeysetReader, type KeysetCall, mostInPage, type RecordScope } from '../keyset-reader.ts'
import type { Dialect } from './dialect.ts'
import type { Asking } from './fetch-pages.ts'
import { fits, writeKeyTest } from './key-literals.ts'
import { locate, type MappedSet, mappedSets } from './mapped-set.ts'
import type { NameKeeper, NameTables } from './name-tables.ts'
import { SetMissing } from './odata-client.ts'
import { keepPropertyTypes, type PropertyTypes } from './property-types.ts'
import { type RawRecord, readPage } from './read-page.ts'
import { createRowReader } from './read-rows.ts'
import { writeWhere } from './split-filter.ts'
import { writeRecordRequest } from './write-request.ts'

type Deps = {
  catalog: Catalog
  /** Asks servers in turn until one answers. */
  ask: <T>(attempt: (server: Server) => Promise<T>) => Promise<T>
  openAsking: (server: Server, signal: AbortSignal) => Asking
  names: NameKeeper
  /** Conditions that hold for every set of a dialect: the company. */
  scopeOf: (dialect: Dialect) => string[]
}

/**
 * Records of an OData service, by the keys that the mapping names: `$filter` after the last key, `$orderby` key, `$top`. The key
 * of a line is its document's and its place in it.
 */
export function createRecordReader(deps: Deps): RecordReader {
  const typesOf = keepPropertyTypes()
  return createKeysetReader({
    fetch: async (call, signal) => {
      try {
        return await deps.ask((server) => fetchKeyset({ deps, typesOf, asking: deps.openAsking(server, signal) }, call))
      } catch (error) {
        throw error instanceof SetMissing ? notInErp(findEntity(deps.catalog, call.entity).label) : error
      }
    },
  })
}

type Reading = { deps: Deps; asking: Asking; typesOf: ReturnType<typeof keepPropertyTypes> }
type Keyset = { records: ErpRecord[]; isLast: boolean; asOf: string }

/** Sets that hold an entity together are read one after the other; a key then begins with which of them it is of. */
async function fetchKeyset(reading: Reading, call: KeysetCall): Promise<Keyset> {
  reading.asking.signal.throwIfAborted()
  const sets = mappedSets(reading.deps.catalog, call.entity)
  if (sets.length === 1) return fetchSet(reading, sets[0], call)
  const [first = '0', inner] = call.after === undefined ? [] : readKey(call.after, 2)
  let page: Keyset = { records: [], isLast: true, asOf: new Date().toISOString() }
  for (const [index, mapped] of sets.entries()) {
    if (index < Number(first)) continue
    const after = index === Number(first) ? inner : undefined
    page = await fetchSet(reading, mapped, { entity: call.entity, scope: within(call.scope, index), after })
    if (page.records.length === 0) continue
    const records = page.records.map(({ key, row }) => ({ key: writeKey([String(index), key]), row }))
    return { ...page, records, isLast: page.isLast && index === sets.length - 1 }
  }
  return page
}

/** Of keys those of one of several sets. */
function within(scope: RecordScope, index: number): RecordScope {
  if (scope.is !== 'keys') return scope
  const own = scope.keys.map((key) => readKey(key, 2)).filter(([set]) => set === String(index))
  return { is: 'keys', keys: own.map(([, key = '']) => key) }
}

async function fetchSet({ deps, asking, typesOf }: Reading, mapped: MappedSet, call: KeysetCall): Promise<Keyset> {
  const { entity, scope, after } = call
  // What is worked out of another field is not stored.
  const fields = recordFields(deps.catalog, entity).filter((field) => Object.hasOwn(mapped.fields, field))
  const types = await typesOf(mapped.set, asking)
  const plan: Plan = { mapped, types, asking, fields, own: deps.scopeOf(mapped.dialect), scope }
  const meant = scopeCondition(plan)
  if (meant === undefined) return { records: [], isLast: true, asOf: new Date().toISOString() }
  const { tables } = await deps.names.load(asking, mapped, fields)
  const read = recordReader(deps.catalog, entity, plan, tables)
  let from = after === undefined ? undefined : { after, isDone: mapped.lines === undefined }
  for (;;) {
    const page = await askPage(plan, read, meant, from)
    const records = page.records.filter(({ key }) => isNew(plan, key, after))
    // Documents may have no lines at all, and a page of such is not the end.
    if (records.length === 0 && page.last !== undefined && mapped.lines !== undefined) {
      const next = writeKey([...page.last, '0'])
      if (next !== from?.after || !from.isDone) {
        from = { after: next, isDone: true }
        continue
      }
    }
    // A whole entity is at its end when nothing more comes: a server, or something before it, may cut lists without a word.
    const isLast = records.length === 0 || (page.isShort && scope.is !== 'all')
    return { records, isLast, asOf: page.asOf }
  }
}

/** `own`: conditions in the ERP's words that always hold. */
type Plan = {
  mapped: MappedSet
  types: PropertyTypes
  asking: Asking
  fields: string[]
  own: string[]
  scope: RecordScope
}

/** Behind a key; not `isDone`: its document may have more lines. */
type From = { after: string; isDone: boolean } | undefined
type ReadRecord = (record: RawRecord) => ErpRecord[]

async function askPage(plan: Plan, read: ReadRecord, meant: string, from: From) {
  const { mapped, asking, own, fields } = plan
  const { dialect, key, lines } = mapped
  const size = asking.limits.pageSize ?? (lines === undefined ? dialect.pageSize : dialect.documentPageSize)
  const pageSize = Math.min(size, mostInPage)
  const conditions = [...writeWhere(mapped.where, mapped), ...own, meant, from ? behind(plan, from) : '']
  const paths = [...key.map((name) => [name]), ...fields.map((field) => locate(mapped, field).path)]
  const needsLines = lines !== undefined && !paths.some(([first]) => first === lines)
  const path = writeRecordRequest({
    set: mapped.set,
    dialect,
    paths: needsLines ? [...paths, [lines, '']] : paths,
    filter: conditions.filter((text) => text !== '').join(' and ') || undefined,
    orderBy: key.map((name) => [name, false]),
  })
  // Not by the request's own `top`, which would have the ERP count all of them for each page.
  const url = asking.client.address(asking.server, `${path}&$top=${pageSize}`)
  const { page, asOf } = await asking.client.getPage(
    {
      server: asking.server,
      dialect,
      url,
      pageSize,
      isAggregate: false,
      endsAt: asking.limits.endsAt,
      read: (text) => {
        const { records, nextLink } = readPage(text, dialect.version)
        const [last] = records.slice(-1)
        return {
          records: records.flatMap(read),
          last: last && keyOf(mapped, last),
          isShort: records.length < pageSize && nextLink === undefined,
        }
      },
    },
    asking.signal,
  )
  return { ...page, asOf }
}

function recordReader(catalog: Catalog, name: string, { mapped, fields }: Plan, tables: NameTables): ReadRecord {
  const readRows = createRowReader(findEntity(catalog, name), mapped, fields, tables)
  return (record) => {
    const key = keyOf(mapped, record)
    const rows = readRows(record)
    if (mapped.lines === undefined) return rows.map((row) => ({ key: writeKey(key), row }))
    return rows.map((row, index) => ({ key: writeKey([...key, String(index + 1)]), row }))
  }
}

function keyOf({ key }: MappedSet, record: RawRecord): string[] {
  return key.map((name) => {
    const value = record[name]
    if (typeof value !== 'string' && typeof value !== 'boolean')
      throw new AppError(erpErrors.badReply, { cause: new Error('a record without its key') })
    return String(value)
  })
}

/** The key of the record's document, and the place of a line in it. */
function splitKey({ key, lines }: MappedSet, text: string): { values: string[]; place: number } {
  if (lines === undefined) return { values: readKey(text, key.length), place: 0 }
  const values = readKey(text, key.length + 1)
  return { values: values.slice(0, -1), place: Number(values.at(-1)) }
}

/** Of a document's lines, those that are meant and come behind the last one. */
function isNew({ mapped, scope }: Plan, key: string, after: string | undefined): boolean {
  if (mapped.lines === undefined) return true
  if (scope.is === 'keys' && !scope.keys.includes(key)) return false
  if (after === undefined) return true
  const [own, last] = [splitKey(mapped, key), splitKey(mapped, after)]
  return writeKey(own.values) !== writeKey(last.values) || own.place > last.place
}

/** Which records are meant, in the ERP's words; undefined: none. A value that the property cannot hold belongs to no record. */
function scopeCondition(plan: Plan): string | undefined {
  const { scope, types, mapped } = plan
  if (scope.is === 'all') return ''
  const { version } = mapped.dialect
  const tests =
    scope.is === 'field'
      ? scope.values
          .filter((value) => fits(types.get(scope.field), value))
          .map((value) => writeKeyTest({ name: scope.field, type: types.get(scope.field), version }, 'eq', value))
      : scope.keys
          .map((key) => splitKey(mapped, key).values)
          .filter((values) => values.every((value, index) => fits(types.get(mapped.key[index] ?? ''), value)))
          .map((values) => values.map((value, index) => keyTest(plan, index, 'eq', value)).join(' and '))
  const different = [...new Set(tests)]
  return different.length === 0
    ? undefined
    : `(${different.map((text) => (text.includes(' and ') ? `(${text})` : text)).join(' or ')})`
}

/** Behind the last key: `(A gt a or (A eq a and B gt b))`. */
function behind(plan: Plan, { after, isDone }: NonNullable<From>): string {
  const { values } = splitKey(plan.mapped, after)
  const ways = values.map((value, index) => {
    const isLast = index === values.length - 1
    const same = values.slice(0, index).map((one, at) => keyTest(plan, at, 'eq', one))
    const tests = [...same, keyTest(plan, index, isLast && !isDone ? 'ge' : 'gt', value)]
    return tests.length === 1 ? tests.join('') : `(${tests.join(' and ')})`
  })
  return ways.length === 1 ? ways.join('') : `(${ways.join(' or ')})`
}

function keyTest({ mapped, types }: Plan, index: number, operator: 'eq' | 'gt' | 'ge', value: string): string {
  const name = mapped.key[index] ?? ''
  return writeKeyTest({ name, type: types.get(name), version: mapped.dialect.version }, operator, value)
}
