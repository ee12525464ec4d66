import fc from 'fast-check'
import { type BusinessQuery, type Condition, type Entity, grains, type Period } from '#catalog'
import { type FieldType, literalType, type Row } from '#erp'

type Where = NonNullable<BusinessQuery['where']>
type OrderBy = NonNullable<BusinessQuery['orderBy']>

/** Queries that an entity's catalog entry allows, over values that its records have, and some that make no sense together. */
export function randomQuery(entity: Entity, rows: Row[]): fc.Arbitrary<BusinessQuery> {
  const measures = fc.uniqueArray(measureName(entity), { maxLength: 3 })
  const groupBy = fc.uniqueArray(groupName(entity), { maxLength: 2 })
  return fc
    .record({ measures, groupBy, isGrouped: fc.boolean() })
    .chain(({ measures: asked, groupBy: groups, isGrouped }) => {
      const grouped = isGrouped ? groups : []
      const optional = {
        where: fc.array(condition(entity, rows, grouped.length > 0), { maxLength: 3 }),
        period: period(entity, rows),
        compareTo: fc.constantFrom('previousPeriod' as const, 'previousYear' as const),
        orderBy: orderBy(entity, { measures: asked, groupBy: grouped }),
        limit: fc.integer({ min: 1, max: 30 }),
        select: fc.uniqueArray(fc.constantFrom(...fieldNames(entity)), { minLength: 1, maxLength: 4 }),
      }
      return fc.record(optional, { requiredKeys: [] }).map((more) => ({
        entity: entity.entity,
        measures: asked,
        ...(grouped.length > 0 ? { groupBy: grouped } : {}),
        ...more,
      }))
    })
    .map(withoutUndefined)
}

function fieldNames(entity: Entity): string[] {
  return [...Object.keys(entity.dimensions), ...Object.keys(entity.measures)]
}

function typeOf(entity: Entity, field: string): FieldType {
  return (entity.dimensions[field] ?? entity.measures[field])?.type ?? 'text'
}

function stored(entity: Entity): string[] {
  return fieldNames(entity).filter((field) => !entity.measures[field]?.ratio)
}

function measureName(entity: Entity): fc.Arbitrary<string> {
  const sums = Object.keys(entity.measures)
  const plain = sums.filter((name) => !entity.measures[name]?.ratio)
  const prefixed = plain.flatMap((name) => [`avg:${name}`, `max:${name}`, `min:${name}`, `share:${name}`])
  const attributes = Object.entries(entity.dimensions)
    .filter(([, { type }]) => type === 'number' || type === 'money')
    .flatMap(([name]) => [`avg:${name}`, `max:${name}`])
  return fc.constantFrom('count', ...sums, ...sums, ...prefixed, ...attributes)
}

function groupName(entity: Entity): fc.Arbitrary<string> {
  const names = Object.entries(entity.dimensions).flatMap(([name, { type }]) =>
    type === 'date' ? grains.map((grain) => `${name}:${grain}`) : [name],
  )
  return fc.constantFrom(...names)
}

function sample(rows: Row[], field: string): fc.Arbitrary<string> {
  const values = [...new Set(rows.map((row) => row[field]))].filter((value) => value !== null && value !== undefined)
  return values.length > 0 ? fc.constantFrom(...values.map(String)) : fc.constant('x')
}

function condition(entity: Entity, rows: Row[], isGrouped: boolean): fc.Arbitrary<Condition> {
  const tests = stored(entity).map((field) => fieldCondition(entity, rows, field))
  const own: Where = [
    ...(entity.me ? [[entity.me, 'eq', '@me'] satisfies Condition] : []),
    ...(entity.myDepartment ? [[entity.myDepartment, 'eq', '@myDepartment'] satisfies Condition] : []),
  ]
  const groupTests = fc
    .record({ name: measureName(entity), operator: comparison, value: fc.integer({ min: 0, max: 100_000 }) })
    .map(({ name, operator, value }): Condition => [name, operator, value])
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...tests) },
    ...(own.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...own) }] : []),
    ...(isGrouped ? [{ weight: 2, arbitrary: groupTests }] : []),
  )
}

const comparison = fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte')

function fieldCondition(entity: Entity, rows: Row[], field: string): fc.Arbitrary<Condition> {
  const value = sample(rows, field)
  const kind = literalType(typeOf(entity, field))
  if (kind === 'text') {
    return fc.oneof(
      fc.tuple(fc.constant(field), fc.constantFrom('eq', 'ne', 'lt', 'gte'), value),
      fc.tuple(fc.constant(field), fc.constant('in'), fc.array(value, { minLength: 1, maxLength: 3 })),
      fc.tuple(
        fc.constant(field),
        fc.constant('contains'),
        value.map((text) => text.slice(1, 3) || text),
      ),
    ) as fc.Arbitrary<Condition>
  }
  const others = stored(entity).filter((other) => other !== field && literalType(typeOf(entity, other)) === kind)
  const right = fc.oneof(value, fc.constantFrom(...(others.length > 0 ? others : [field])))
  return fc.tuple(fc.constant(field), comparison, right) as fc.Arbitrary<Condition>
}

function period(entity: Entity, rows: Row[]): fc.Arbitrary<Period> {
  const dates = Object.keys(entity.dimensions).filter((name) => typeOf(entity, name) === 'date')
  if (dates.length === 0) return fc.constant(undefined as never)
  return fc.constantFrom(...dates).chain((field) =>
    fc.tuple(sample(rows, field), sample(rows, field), fc.boolean()).map(([a, b, isOpen]) => {
      const [from = a, to = b] = [a, b].sort()
      return isOpen ? { field, from } : { field, from, to }
    }),
  )
}

function orderBy(
  entity: Entity,
  { measures, groupBy }: { measures: string[]; groupBy: string[] },
): fc.Arbitrary<OrderBy> {
  const isRecords = measures.length === 0 && groupBy.length === 0
  const names = isRecords ? fieldNames(entity) : [...measures, ...groupBy]
  return fc.array(fc.tuple(fc.constantFrom(...(names.length > 0 ? names : ['count'])), direction), { maxLength: 2 })
}

const direction = fc.constantFrom('asc' as const, 'desc' as const)

function withoutUndefined(query: BusinessQuery): BusinessQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as BusinessQuery
}
