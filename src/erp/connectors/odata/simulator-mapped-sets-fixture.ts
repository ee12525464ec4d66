// The simulated services' sets that are not written out: one record of everything that a mapping names. Tests only.
import type { Catalog, Entity, ODataMapping } from '#catalog'
import { type DialectName, dialects } from './dialect.ts'
import type { SimSet } from './simulator-answer-fixture.ts'
import type { Kind, Record_, Shape } from './simulator-filter-fixture.ts'

type Sets = Record<string, SimSet>
type MappedEntity = ODataMapping['entities'][string]
type Property = { path: string[]; kind: Kind; value: string | boolean; lines?: string | undefined }

/** All sets that a mapping names: those that are written out, and the others made of what it names of them. */
export function setsOf(catalog: Catalog, mapping: ODataMapping, written: Sets): Sets {
  const sets: Sets = { ...written }
  const add = (name: string, properties: Property[]) => {
    const set = sets[name] ?? { shape: {}, rows: [] }
    sets[name] = set
    // Of names one record will do: keys tell records apart.
    const isThere = set.rows.some((row) =>
      properties.every(({ path, value }) => path.length === 1 && row[path[0] ?? ''] === value),
    )
    if (isThere) return
    const rows = name in written ? set.rows : [{}]
    if (!(name in written)) set.rows.push(...rows)
    for (const row of rows) for (const property of properties) put(set.shape, row, property)
  }
  for (const [name, mapped] of Object.entries(mapping.entities)) {
    const entity = catalog.entities[name]
    if (!entity) continue
    const dialect = mapped.dialect ?? mapping.dialect
    const own = fieldProperties(entity, mapped, dialect)
    add(mapped.set, [
      ...whereProperties(mapped),
      ...mapped.key.map((key) => keyProperty(key, name)),
      ...own,
      ...timeProperty(mapped),
    ])
    for (const source of mapped.also) if (source.set in written) add(source.set, timeProperty(source))
    for (const { set, key, name: label, where } of Object.values(mapped.names)) {
      const words = where.map(
        ([property, , value]): Property => ({ path: [property], kind: 'text', value: String(value) }),
      )
      const company = dialect === 'finance-operations' ? [keyProperty('dataAreaId', '')] : []
      const named: Property[] = [
        { path: [key], kind: 'text', value: 'sample' },
        { path: [label], kind: 'text', value: '이름' },
      ]
      add(set, [...words, ...company, ...named])
    }
  }
  return sets
}

function keyProperty(key: string, entity: string): Property {
  return { path: [key], kind: 'text', value: key === 'dataAreaId' ? 'usmf' : `of ${entity}` }
}

function timeProperty({ modified }: Pick<MappedEntity, 'modified'>): Property[] {
  return modified === undefined ? [] : [{ path: [modified], kind: 'instant', value: '2026-11-02T12:00:00Z' }]
}

function whereProperties({ where, types }: MappedEntity): Property[] {
  return where.map(([property, , value]) => ({
    path: [property],
    kind: kindOfValue(types[property], value),
    value: typeof value === 'boolean' ? value : String(Array.isArray(value) ? value[0] : value),
  }))
}

function fieldProperties(
  entity: Entity,
  { fields, types, values, lines }: MappedEntity,
  dialect: DialectName,
): Property[] {
  return Object.entries(fields).map(([field, mapped]) => {
    const text = mapped.replace(/^-/, '')
    const kind = kindOfField(entity, field, { type: types[text], dialect })
    return { path: text.split('/'), kind, value: sampleOf(kind, Object.keys(values[field] ?? {})[0]), lines }
  })
}

function kindOfValue(type: string | undefined, value: unknown): Kind {
  if (typeof value === 'boolean') return 'boolean'
  return type === undefined ? 'text' : `enum:${type}`
}

function kindOfField(
  entity: Entity,
  field: string,
  { type, dialect }: { type: string | undefined; dialect: DialectName },
): Kind {
  if (type === 'boolean') return 'boolean'
  if (type === 'utc') return 'instant'
  if (type !== undefined) return `enum:${type}`
  const kind = (entity.dimensions[field] ?? entity.measures[field])?.type
  if (kind === 'date') return dialects[dialect].dates
  return kind && ['money', 'quantity', 'days', 'number', 'year'].includes(kind) ? 'decimal' : 'text'
}

function sampleOf(kind: Kind, word: string | undefined): string | boolean {
  if (kind === 'boolean') return word === 'true'
  if (kind === 'decimal') return '12.5'
  if (kind === 'instant') return '2026-11-02T12:00:00Z'
  return kind === 'date' || kind === 'datetime' ? '2026-11-02' : (word ?? 'sample')
}

/** Puts a property and its value where a path leads, making the records on the way. What is there stays. */
function put(root: Shape, row: Record_, { path, kind, value, lines }: Property): void {
  let places: { shape: Shape; record: Record_ }[] = [{ shape: root, record: row }]
  for (const [index, step] of path.slice(0, -1).entries()) {
    const isList = index === 0 && step === lines
    places = places.flatMap(({ shape, record }) => {
      shape[step] ??= isList ? [{}] : {}
      record[step] ??= isList ? [{}] : {}
      const [inner, own] = [shape[step], record[step]]
      const records = (Array.isArray(own) ? own : [own]) as Record_[]
      return records.map((one) => ({ shape: (Array.isArray(inner) ? inner[0] : inner) as Shape, record: one }))
    })
  }
  const last = path.at(-1) ?? ''
  for (const { shape, record } of places) {
    shape[last] ??= kind
    record[last] ??= value
  }
}
