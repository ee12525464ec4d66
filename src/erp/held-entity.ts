import {
  type Catalog,
  type Condition,
  type Entity,
  heldEntity,
  isHeld,
  type Labels,
  type PermittedQuery,
  splitDimension,
  splitMeasure,
} from '#catalog'
import { notInErp } from './errors.ts'
import { fieldType, findEntity, hasField, literalType } from './fields.ts'

/**
 * The entity of a query, without the fields that the connected ERP has nothing for. Throws QUERY_INVALID for one that is not
 * in the catalog, NOT_IN_ERP when the query, or its reader's row rules, name a field or a code that the ERP does not have: a
 * rule that cannot be tested lets nobody in.
 */
export function findHeldEntity(catalog: Catalog, { query, rows }: PermittedQuery): Entity {
  const entity = findEntity(catalog, query.entity)
  if (!isHeld(catalog, query.entity)) throw notInErp(entity.label)
  const held = heldEntity(catalog, entity)
  const missing = namesIn(entity, { query, rows }).find((name) => hasField(entity, name) && !hasField(held, name))
  if (missing !== undefined) throw notInErp((entity.dimensions[missing] ?? entity.measures[missing] ?? entity).label)
  // "None are cancelled" would be wrong of an ERP that is not asked about the cancelled ones.
  for (const condition of [...(query.where ?? []), ...(rows === 'all' ? [] : rows.flat())]) {
    const code = unheldCode(catalog, entity, condition)
    if (code) throw notInErp(code)
  }
  return held
}

/** What a condition's code is called, when none of the ERP's own words means it. */
function unheldCode({ mapping }: Catalog, entity: Entity, [name, , value]: Condition): Labels | undefined {
  const dimension = hasField(entity, name) ? entity.dimensions[name] : undefined
  const values = mapping.entities[entity.entity]?.values ?? {}
  const words = Object.hasOwn(values, name) ? values[name] : undefined
  if (dimension?.type !== 'code' || !words) return undefined
  const held = [...Object.keys(words), ...Object.values(words)]
  const asked = (Array.isArray(value) ? value : [value]).map(String)
  const unheld = asked.find((code) => Object.hasOwn(dimension.values, code) && !held.includes(code))
  return unheld === undefined ? undefined : dimension.values[unheld]?.label
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
