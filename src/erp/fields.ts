import type { Catalog, Entity } from '#catalog'
import { invalidQuery } from './errors.ts'
import type { Literal } from './filter.ts'
import type { Column } from './query-answer.ts'

export type FieldType = Exclude<Column['type'], 'count'>

/** The entity a query asks about. Throws QUERY_INVALID when the catalog has none of that name. */
export function findEntity(catalog: Catalog, name: string): Entity {
  const entity = Object.hasOwn(catalog.entities, name) ? catalog.entities[name] : undefined
  if (!entity) throw invalidQuery('entity', `'${name}' is not in the catalog`)
  return entity
}

/** The type of a field, dimension or measure. Throws QUERY_INVALID when the entity has none of that name. */
export function fieldType(entity: Entity, name: string): FieldType {
  const type = hasField(entity, name) ? (entity.dimensions[name] ?? entity.measures[name])?.type : undefined
  if (!type) throw invalidQuery(name, `'${name}' is not a field of ${entity.entity}`)
  return type
}

/** Whether the entity has a dimension or measure of that name. */
export function hasField(entity: Entity, name: string): boolean {
  return Object.hasOwn(entity.dimensions, name) || Object.hasOwn(entity.measures, name)
}

/** Whether the name is a measure worked out of two others, which no ERP stores. */
export function isRatio(entity: Entity, name: string): boolean {
  return Object.hasOwn(entity.measures, name) && entity.measures[name]?.ratio !== undefined
}

/** How values of a type compare: as numbers, as dates, or as texts. */
export function literalType(type: FieldType): Literal['type'] {
  if (type === 'date') return 'date'
  return isNumeric(type) ? 'number' : 'text'
}

/** Whether values of the type are numbers, amounts or not. */
export function isNumeric(type: FieldType): boolean {
  return ['money', 'quantity', 'days', 'percent', 'number', 'year'].includes(type)
}

/** The column of a record's field. */
export function recordColumn(entity: Entity, name: string): Column {
  return {
    name,
    role: Object.hasOwn(entity.measures, name) ? 'measure' : 'dimension',
    type: fieldType(entity, name),
  }
}
