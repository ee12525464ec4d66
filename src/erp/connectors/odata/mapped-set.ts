import type { Catalog, ODataMapping } from '#catalog'
import { invalidQuery } from '../../errors.ts'
import { type Dialect, dialects } from './dialect.ts'

type Source = ODataMapping['entities'][string]['also'][number]

/** One set that holds an entity, and how its ERP is spoken to. */
export type MappedSet = Omit<Source, 'dialect' | 'names'> & {
  dialect: Dialect
  names: Record<string, Omit<Source['names'][string], 'dialect'> & { dialect: Dialect }>
}

/** Where the ERP has a field: the properties that lead to it, the last one its own. */
export type Place = {
  path: string[]
  /** The path as conditions name it. */
  text: string
  /** Shown with the opposite sign. */
  negated: boolean
  /** Whether it is a line's, and not the record's. */
  inLines: boolean
}

/** The sets that hold an entity, the first one its own. Throws QUERY_INVALID for one that is not mapped. */
export function mappedSets({ mapping }: Catalog, entity: string): [MappedSet, ...MappedSet[]] {
  if (mapping.connector !== 'odata') throw new Error(`a mapping for ${mapping.connector}`)
  const mapped = Object.hasOwn(mapping.entities, entity) ? mapping.entities[entity] : undefined
  if (!mapped) throw invalidQuery('entity', `'${entity}' is not mapped to the ERP`)
  const read = (source: Source) => readSource(source, dialects[source.dialect ?? mapped.dialect ?? mapping.dialect])
  return [read(mapped), ...mapped.also.map(read)]
}

function readSource(source: Source, dialect: Dialect): MappedSet {
  const names = Object.entries(source.names).map(([field, names]) => [
    field,
    { ...names, dialect: names.dialect ? dialects[names.dialect] : dialect },
  ])
  return { ...source, dialect, names: Object.fromEntries(names) }
}

/** Where a field is. Throws QUERY_INVALID for one that is not mapped. */
export function locate(mapped: MappedSet, field: string): Place {
  const mappedTo = Object.hasOwn(mapped.fields, field) ? mapped.fields[field] : undefined
  if (!mappedTo) throw invalidQuery(field, `'${field}' is not mapped to the ERP`)
  const negated = mappedTo.startsWith('-')
  const text = negated ? mappedTo.slice(1) : mappedTo
  const path = text.split('/')
  return { path, text, negated, inLines: mapped.lines !== undefined && path[0] === mapped.lines }
}

/** Whether the ERP can be told this field in conditions, orders and groups as it is shown. */
export function isDirect(mapped: MappedSet, field: string): boolean {
  const { path, negated, inLines } = locate(mapped, field)
  const isReached = path.length === 1 || mapped.dialect.pathConditions
  return isReached && !negated && !inLines && !Object.hasOwn(mapped.names, field)
}
