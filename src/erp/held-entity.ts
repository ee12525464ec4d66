import {
  type Catalog,
  type Entity,
  heldEntity,
  isHeld,
  type PermittedQuery,
  splitDimension,
  splitMeasure,
} from '#catalog'
import { notInErp } from './errors.ts'
import { fieldType, findEntity, hasField, literalType } from './fields.ts'

/**
 * The entity of a query, without the fields that the connected ERP has nothing for. Throws QUERY_INVALID for one that is not
 * in the catalog, NOT_IN_ERP when the query, or its reader's row rules, name what the ERP does not have: a rule that cannot
 * be tested lets nobody in.
 */
export function findHeldEntity(catalog: Catalog, { query, rows }: PermittedQuery): Entity {
  const entity = findEntity(catalog, query.entity)
  if (!isHeld(catalog, query.entity)) throw notInErp(entity.label)
  const held = heldEntity(catalog, entity)
  const missing = namesIn(entity, { query, rows }).find((name) => hasField(entity, name) && !hasField(held, name))
  if (missing === undefined) return held
  throw notInErp((entity.dimensions[missing] ?? entity.measures[missing] ?? entity).label)
}

function namesIn(entity: Entity, { query, rows }: Pick<PermittedQuery, 'query' | 'rows'>): string[] {
  return [
    ...query.measures.map((name) => splitMeasure(name).measure),
    ...(query.groupBy ?? []).map((name) => splitDimension(name).field),
    ...(query.where ?? []).flatMap(([name, , value]) => [
      splitMeasure(name).measure,
      ...otherFields(entity, name, value),
    ]),
    ...(query.orderBy ?? []).map(([name]) => splitMeasure(splitDimension(name).field).measure),
    ...(query.select ?? []),
    ...(query.period ? [query.period.field] : []),
    ...(rows === 'all' ? [] : rows.flat().map(([name]) => name)),
  ]
}

/** The field beside a number or a date that it is compared with; beside a text, a value is the text itself. */
function otherFields(entity: Entity, name: string, value: unknown): string[] {
  const field = splitMeasure(name).measure
  const isText = hasField(entity, field) && literalType(fieldType(entity, field)) === 'text'
  return !isText && typeof value === 'string' && hasField(entity, value) ? [value] : []
}
