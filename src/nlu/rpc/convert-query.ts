import { create } from '@bufbuild/protobuf'
import { type BusinessQuery, businessQuerySchema, type Condition } from '#catalog'
import {
  BusinessQuerySchema,
  ConditionSchema,
  OrderSchema,
  PeriodSchema,
  type BusinessQuery as ProtoQuery,
  type Value as ProtoValue,
  ValueListSchema,
  ValueSchema,
} from '../gen/nlu_pb.ts'

type Scalar = string | number | boolean

function toScalarValue(value: Scalar): ProtoValue {
  if (typeof value === 'string') return create(ValueSchema, { kind: { case: 'text', value } })
  if (typeof value === 'number') return create(ValueSchema, { kind: { case: 'number', value } })
  return create(ValueSchema, { kind: { case: 'flag', value } })
}

function toValue(value: Scalar | Scalar[]): ProtoValue {
  if (!Array.isArray(value)) return toScalarValue(value)
  return create(ValueSchema, {
    kind: { case: 'list', value: create(ValueListSchema, { values: value.map(toScalarValue) }) },
  })
}

function fromValue(value: ProtoValue | undefined): unknown {
  if (value?.kind.case === 'list') return value.kind.value.values.map(fromValue)
  return value?.kind.value
}

/** A business query as its protobuf message. */
export function toProtoQuery(query: BusinessQuery): ProtoQuery {
  return create(BusinessQuerySchema, {
    entity: query.entity,
    measures: query.measures,
    groupBy: query.groupBy ?? [],
    where: (query.where ?? []).map(([field, operator, value]) =>
      create(ConditionSchema, { field, operator, value: toValue(value) }),
    ),
    orderBy: (query.orderBy ?? []).map(([by, direction]) => create(OrderSchema, { by, direction })),
    select: query.select ?? [],
    ...(query.period && { period: create(PeriodSchema, query.period) }),
    ...(query.compareTo && { compareTo: query.compareTo }),
    ...(query.limit !== undefined && { limit: query.limit }),
  })
}

/** The business query in a message; checked, because a peer may be of another version. Throws ZodError. */
export function fromProtoQuery(message: ProtoQuery): BusinessQuery {
  const listed = {
    groupBy: message.groupBy,
    where: message.where.map((c): unknown[] => [c.field, c.operator, fromValue(c.value)]) as Condition[],
    orderBy: message.orderBy.map((o) => [o.by, o.direction]),
    select: message.select,
  }
  const { period } = message
  return businessQuerySchema.parse({
    entity: message.entity,
    measures: message.measures,
    // An empty list and an absent one are the same on the wire; the query says it by absence.
    ...Object.fromEntries(Object.entries(listed).filter(([, list]) => list.length > 0)),
    ...(period && {
      period: { field: period.field, ...present({ from: period.from, to: period.to, relative: period.relative }) },
    }),
    ...present({ compareTo: message.compareTo, limit: message.limit }),
  })
}

/** The entries that have a value: protobuf's absent optionals are `undefined`, ours are not there. */
export function present<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
