import type { Catalog } from '#catalog'
import { notInErp } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { type ErpRecord, type RecordReader, readKey, writeKey } from '../../record-reader.ts'
import type { Server } from '../http/server-group.ts'
import { createKeysetReader, type KeysetCall, type RecordScope } from '../keyset-reader.ts'
import { askRecords, behindKey, keyTest, openRecords, type Plan, planSet, type Reading } from './ask-records.ts'
import type { Asking } from './fetch-pages.ts'
import { fits, writeKeyTest } from './key-literals.ts'
import { type MappedSet, mappedSets } from './mapped-set.ts'
import { SetMissing } from './odata-client.ts'
import { keepPropertyTypes } from './property-types.ts'
import { keepsTimes, readModified } from './read-modified.ts'

type Deps = Pick<Reading, 'names' | 'scopeOf'> & {
  catalog: Catalog
  /** Asks servers in turn until one answers. */
  ask: <T>(attempt: (server: Server) => Promise<T>) => Promise<T>
  openAsking: (server: Server, signal: AbortSignal) => Asking
}

/**
 * Records of an OData service, by the keys that the mapping names: `$filter` after the last key, `$orderby` key, `$top`; and by
 * the times at which they were modified, where it names such a property.
 */
export function createRecordReader({ ask, openAsking, ...deps }: Deps): RecordReader {
  const typesOf = keepPropertyTypes()
  const { catalog } = deps

  async function read<T>(entity: string, signal: AbortSignal, work: (reading: Reading) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    try {
      return await ask((server) => work({ ...deps, typesOf, asking: openAsking(server, signal) }))
    } catch (error) {
      throw error instanceof SetMissing ? notInErp(findEntity(catalog, entity).label) : error
    }
  }

  const keyset = createKeysetReader({
    fetch: (call, signal) => read(call.entity, signal, (reading) => fetchKeyset(reading, call)),
  })
  if (!keepsTimes(catalog)) return keyset
  return {
    ...keyset,
    readModified: (entity, since, after, signal) =>
      read(entity, signal, (reading) => readModified(reading, { entity, since, after })),
  }
}

type Keyset = { records: ErpRecord[]; isLast: boolean; asOf: string }

/** Sets that hold an entity together are read one after the other; a key then begins with which of them it is of. */
async function fetchKeyset(reading: Reading, call: KeysetCall): Promise<Keyset> {
  reading.asking.signal.throwIfAborted()
  const sets = mappedSets(reading.catalog, call.entity)
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

async function fetchSet(reading: Reading, mapped: MappedSet, { entity, scope, after }: KeysetCall): Promise<Keyset> {
  const plan = await planSet(reading, entity, mapped)
  const meant = scopeCondition(plan, scope)
  if (meant === undefined) return { records: [], isLast: true, asOf: new Date().toISOString() }
  const take = await openRecords(reading, entity, plan)
  let from = after === undefined ? undefined : { after, isDone: mapped.lines === undefined }
  for (;;) {
    const conditions = [meant, from ? behind(plan, from) : '']
    const page = await askRecords(plan, { take, conditions, orderBy: mapped.key })
    const records = page.taken.filter(({ key }) => isNew(mapped, scope, { key, after }))
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

/** Behind a key; not `isDone`: its document may have more lines. */
function behind(plan: Plan, { after, isDone }: { after: string; isDone: boolean }): string {
  return behindKey(plan, splitKey(plan.mapped, after).values, isDone ? 'gt' : 'ge')
}

/** The key of the record's document, and the place of a line in it. */
function splitKey({ key, lines }: MappedSet, text: string): { values: string[]; place: number } {
  if (lines === undefined) return { values: readKey(text, key.length), place: 0 }
  const values = readKey(text, key.length + 1)
  return { values: values.slice(0, -1), place: Number(values.at(-1)) }
}

type Placed = { key: string; after: string | undefined }

/** Of a document's lines, those that are meant and come behind the last one. */
function isNew(mapped: MappedSet, scope: RecordScope, { key, after }: Placed): boolean {
  if (mapped.lines === undefined) return true
  if (scope.is === 'keys' && !scope.keys.includes(key)) return false
  if (after === undefined) return true
  const [own, last] = [splitKey(mapped, key), splitKey(mapped, after)]
  return writeKey(own.values) !== writeKey(last.values) || own.place > last.place
}

/** Which records are meant, in the ERP's words; undefined: none. A value that the property cannot hold belongs to no record. */
function scopeCondition(plan: Plan, scope: RecordScope): string | undefined {
  if (scope.is === 'all') return ''
  const { types, mapped } = plan
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
