import { type BusinessQuery, type Condition, operators, type Period } from '#catalog'
import type {
  Condition as ProtoCondition,
  Period as ProtoPeriod,
  BusinessQuery as ProtoQuery,
  Value as ProtoValue,
} from '../gen/nlu_pb.ts'
import { readDate, readFinite, readLength, readList, readName, readOneOf, UnreadableMessage } from './read-field.ts'

// By hand on both ways: a schema's check and protobuf's `create` cost more than reading a short question does. What a query
// may be is said by `businessQuerySchema`; a test holds this file to it.

type Scalar = string | number | boolean

const comparisons = ['previousPeriod', 'previousYear'] as const
const directions = ['asc', 'desc'] as const
const longestText = 200
const longestRelative = 40

function toScalarKind(value: Scalar): ProtoValue['kind'] {
  if (typeof value === 'string') return { case: 'text', value }
  return typeof value === 'number' ? { case: 'number', value } : { case: 'flag', value }
}

const toScalarValue = (value: Scalar): ProtoValue => ({ $typeName: 'erpchat.nlu.v1.Value', kind: toScalarKind(value) })

function toValue(value: Scalar | Scalar[]): ProtoValue {
  if (!Array.isArray(value)) return toScalarValue(value)
  const list = { $typeName: 'erpchat.nlu.v1.ValueList' as const, values: value.map(toScalarValue) }
  return { $typeName: 'erpchat.nlu.v1.Value', kind: { case: 'list', value: list } }
}

const toCondition = ([field, operator, value]: Condition): ProtoCondition => ({
  $typeName: 'erpchat.nlu.v1.Condition',
  field,
  operator,
  value: toValue(value),
})

const toPeriod = ({ field, from, to, relative }: Period): ProtoPeriod => ({
  $typeName: 'erpchat.nlu.v1.Period',
  field,
  from,
  to,
  relative,
})

/** A business query as its protobuf message. */
export function toProtoQuery(query: BusinessQuery): ProtoQuery {
  return {
    $typeName: 'erpchat.nlu.v1.BusinessQuery',
    entity: query.entity,
    measures: query.measures,
    groupBy: query.groupBy ?? [],
    where: query.where?.map(toCondition) ?? [],
    orderBy: query.orderBy?.map(([by, direction]) => ({ $typeName: 'erpchat.nlu.v1.Order', by, direction })) ?? [],
    select: query.select ?? [],
    period: query.period && toPeriod(query.period),
    compareTo: query.compareTo,
    limit: query.limit,
  }
}

function fromScalar({ kind }: ProtoValue): Scalar {
  if (kind.case === 'text') return readLength(kind.value, [0, longestText], 'value')
  if (kind.case === 'number') return readFinite(kind.value, 'value')
  if (kind.case === 'flag') return kind.value
  throw new UnreadableMessage('value: neither text, number nor flag')
}

function fromCondition({ field, operator, value }: ProtoCondition): Condition {
  if (!value) throw new UnreadableMessage('value: not there')
  const isList = value.kind.case === 'list'
  const values = value.kind.case === 'list' ? value.kind.value.values : []
  if (isList && values.length === 0) throw new UnreadableMessage('value: an empty list')
  return [
    readName(field, 'where'),
    readOneOf(operators, operator, 'operator'),
    isList ? readList(values, 200, fromScalar) : fromScalar(value),
  ]
}

function fromPeriod(message: ProtoPeriod): Period {
  const period: Period = { field: readName(message.field, 'period') }
  if (message.from !== undefined) period.from = readDate(message.from, 'from')
  if (message.to !== undefined) period.to = readDate(message.to, 'to')
  if (message.relative !== undefined) period.relative = readLength(message.relative, [0, longestRelative], 'relative')
  return period
}

function fromLimit(limit: number): number {
  if (limit >= 1 && limit <= 1000) return limit
  throw new UnreadableMessage(`limit: ${limit}`)
}

/**
 * The business query in a message. An empty list and an absent one are the same on the wire; the query says it by absence.
 * Throws {@link UnreadableMessage} where `businessQuerySchema` would refuse: a peer may be of another version.
 */
export function fromProtoQuery(message: ProtoQuery): BusinessQuery {
  const query: BusinessQuery = {
    entity: readName(message.entity, 'entity'),
    measures: readList(message.measures, 8, (one) => readName(one, 'measures')),
  }
  if (message.groupBy.length > 0) query.groupBy = readList(message.groupBy, 4, (one) => readName(one, 'groupBy'))
  if (message.where.length > 0) query.where = readList(message.where, 20, fromCondition)
  if (message.period) query.period = fromPeriod(message.period)
  if (message.compareTo !== undefined) query.compareTo = readOneOf(comparisons, message.compareTo, 'compareTo')
  if (message.orderBy.length > 0) {
    query.orderBy = readList(message.orderBy, 4, ({ by, direction }) => [
      readName(by, 'orderBy'),
      readOneOf(directions, direction, 'direction'),
    ])
  }
  if (message.limit !== undefined) query.limit = fromLimit(message.limit)
  if (message.select.length > 0) query.select = readList(message.select, 20, (one) => readName(one, 'select'))
  return query
}
