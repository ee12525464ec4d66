import type { Catalog } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { findEntity } from '../../fields.ts'
import { type ErpRecord, recordFields, writeKey } from '../../record-reader.ts'
import { mostInPage } from '../keyset-reader.ts'
import type { Dialect } from './dialect.ts'
import type { Asking } from './fetch-pages.ts'
import { writeKeyTest } from './key-literals.ts'
import { locate, type MappedSet } from './mapped-set.ts'
import type { NameKeeper } from './name-tables.ts'
import type { KeepTypes, PropertyTypes } from './property-types.ts'
import { type RawRecord, readPage } from './read-page.ts'
import { createRowReader } from './read-rows.ts'
import { writeWhere } from './split-filter.ts'
import { writeRecordRequest } from './write-request.ts'

/** What records of any set are read with. */
export type Reading = {
  catalog: Catalog
  asking: Asking
  names: NameKeeper
  typesOf: KeepTypes
  /** Conditions that hold for every set of a dialect: the company. */
  scopeOf: (dialect: Dialect) => string[]
}

/** How the records of one set are asked for. `own`: conditions in the ERP's words that always hold. */
export type Plan = { mapped: MappedSet; types: PropertyTypes; asking: Asking; fields: string[]; own: string[] }

/** A record of the set as records of the entity: itself, or one for each of its lines. */
type TakeRecord = (record: RawRecord) => ErpRecord[]

export async function planSet({ catalog, asking, typesOf, scopeOf }: Reading, entity: string, mapped: MappedSet) {
  // What is worked out of another field is not stored.
  const fields = recordFields(catalog, entity).filter((field) => Object.hasOwn(mapped.fields, field))
  const types = await typesOf(mapped.set, asking)
  const plan: Plan = { mapped, types, asking, fields, own: scopeOf(mapped.dialect) }
  return plan
}

/** Reads records with the names of what they have keys of. The key of a line is its document's and its place in it. */
export async function openRecords({ catalog, asking, names }: Reading, entity: string, plan: Plan) {
  const { mapped, fields } = plan
  const { tables } = await names.load(asking, mapped, fields)
  const readRows = createRowReader(findEntity(catalog, entity), mapped, fields, tables)
  const take: TakeRecord = (record) => {
    const key = keyOf(mapped, record)
    const rows = readRows(record)
    if (mapped.lines === undefined) return rows.map((row) => ({ key: writeKey(key), row }))
    return rows.map((row, index) => ({ key: writeKey([...key, String(index + 1)]), row }))
  }
  return take
}

type Asked<T> = {
  /** In the ERP's words; empty ones are none. */
  conditions: string[]
  orderBy: readonly string[]
  /** Properties that are read beside those of the fields and the key. */
  beside?: string[]
  take: (record: RawRecord) => T[]
}

/** One page of a set. `last`: the key of the last record; `isShort`: it was not full, and nothing says that more follows. */
export async function askRecords<T>(plan: Plan, { conditions, orderBy, beside = [], take }: Asked<T>) {
  const { mapped, asking, own, fields } = plan
  const { dialect, key, lines } = mapped
  const size = asking.limits.pageSize ?? (lines === undefined ? dialect.pageSize : dialect.documentPageSize)
  const pageSize = Math.min(size, mostInPage)
  const all = [...writeWhere(mapped.where, mapped), ...own, ...conditions].filter((text) => text !== '')
  const paths = [...[...key, ...beside].map((name) => [name]), ...fields.map((field) => locate(mapped, field).path)]
  const needsLines = lines !== undefined && !paths.some(([first]) => first === lines)
  const path = writeRecordRequest({
    set: mapped.set,
    dialect,
    paths: needsLines ? [...paths, [lines, '']] : paths,
    filter: all.join(' and ') || undefined,
    orderBy: orderBy.map((name) => [name, false]),
  })
  // Not by the request's own `top`, which would have the ERP count all of them for each page.
  const bounded = dialect.boundPages === 'preference' ? path : `${path}&$top=${pageSize}`
  const { page, asOf } = await asking.client.getPage(
    {
      server: asking.server,
      dialect,
      url: asking.client.address(asking.server, bounded),
      pageSize,
      isAggregate: false,
      endsAt: asking.limits.endsAt,
      read: (text) => {
        const { records, nextLink } = readPage(text, dialect.version)
        const [last] = records.slice(-1)
        return {
          taken: records.flatMap(take),
          last: last && keyOf(mapped, last),
          isShort: records.length < pageSize && nextLink === undefined,
        }
      },
    },
    asking.signal,
  )
  return { ...page, asOf }
}

function keyOf({ key }: MappedSet, record: RawRecord): string[] {
  return key.map((name) => {
    const value = record[name]
    if (typeof value !== 'string' && typeof value !== 'boolean')
      throw new AppError(erpErrors.badReply, { cause: new Error('a record without its key') })
    return String(value)
  })
}

/** Behind a key: `(A gt a or (A eq a and B gt b))`. With `ge` in place of the last `gt` from the key on. */
export function behindKey(plan: Plan, values: readonly string[], last: 'gt' | 'ge' = 'gt'): string {
  const ways = values.map((value, index) => {
    const isLast = index === values.length - 1
    const same = values.slice(0, index).map((one, at) => keyTest(plan, at, 'eq', one))
    const tests = [...same, keyTest(plan, index, isLast ? last : 'gt', value)]
    return tests.length === 1 ? tests.join('') : `(${tests.join(' and ')})`
  })
  return ways.length === 1 ? ways.join('') : `(${ways.join(' or ')})`
}

export function keyTest({ mapped, types }: Plan, index: number, operator: 'eq' | 'gt' | 'ge', value: string): string {
  const name = mapped.key[index] ?? ''
  return writeKeyTest({ name, type: types.get(name), version: mapped.dialect.version }, operator, value)
}
