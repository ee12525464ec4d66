import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BusinessQuery, businessQuerySchema, grains, operators } from '#catalog'
import { BusinessQuerySchema, ConditionSchema, ValueListSchema, ValueSchema } from '../gen/nlu_pb.ts'
import { fromProtoQuery, toProtoQuery } from './convert-query.ts'
import { UnreadableMessage } from './read-field.ts'

const scalar = fc.oneof(
  fc.string({ maxLength: 20 }).map((s) => s.toWellFormed()),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
)
const name = fc.string({ minLength: 1, maxLength: 20 }).map((s) => s.toWellFormed())
const anyQuery = fc.record(
  {
    entity: name,
    measures: fc.array(name, { maxLength: 3 }),
    groupBy: fc.array(fc.oneof(name, fc.constantFrom(...grains.map((g) => `date:${g}`))), {
      minLength: 1,
      maxLength: 3,
    }),
    where: fc.array(
      fc.tuple(name, fc.constantFrom(...operators), fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }))),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    period: fc.record(
      { field: name, from: fc.constant('2026-11-01'), to: fc.constant('2026-11-30') },
      { requiredKeys: ['field'] },
    ),
    compareTo: fc.constantFrom('previousPeriod' as const, 'previousYear' as const),
    orderBy: fc.array(fc.tuple(name, fc.constantFrom('asc' as const, 'desc' as const)), { minLength: 1, maxLength: 2 }),
    limit: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['entity', 'measures'] },
)

test('every business query survives the wire', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      const negativeZeroAside = JSON.parse(JSON.stringify(query)) as BusinessQuery
      const bytes = toBinary(BusinessQuerySchema, toProtoQuery(negativeZeroAside))
      expect(fromProtoQuery(fromBinary(BusinessQuerySchema, bytes))).toEqual(negativeZeroAside)
    }),
  )
})

// Good for the most part: of messages with many faults each, none would tell which check is missing.
const good = (value: string) => ({ weight: 30, arbitrary: fc.constant(value) })
const anyText = fc.oneof(
  good('2026-11-01'),
  fc.string({ maxLength: 4 }),
  fc.constantFrom('', 'asc', 'eq', 'previousYear', '2026-11-01', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(201)),
)
const anyNumber = fc.constantFrom(0, 1, -1.5, 1000, 1001, 1e300, Number.NaN, Number.POSITIVE_INFINITY)
const plainValue = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .double({ noNaN: true, noDefaultInfinity: true, min: 0.5 })
      .map((value) => create(ValueSchema, { kind: { case: 'number', value } })),
  },
  anyText.map((value) => create(ValueSchema, { kind: { case: 'text', value } })),
  anyNumber.map((value) => create(ValueSchema, { kind: { case: 'number', value } })),
  fc.boolean().map((value) => create(ValueSchema, { kind: { case: 'flag', value } })),
  fc.constant(create(ValueSchema, {})),
)
const listed = fc
  .array(plainValue, { maxLength: 2 })
  .map((values) => create(ValueSchema, { kind: { case: 'list', value: create(ValueListSchema, { values }) } }))
const operator = fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...operators) }, anyText)
const direction = fc.oneof({ weight: 40, arbitrary: fc.constantFrom('asc', 'desc') }, anyText)
const someText = fc.option(anyText, { nil: undefined })
const anyMessage = fc.record({
  entity: anyText,
  measures: fc.array(anyText, { maxLength: 9 }),
  groupBy: fc.array(anyText, { maxLength: 5 }),
  where: fc.array(
    fc.record({ field: anyText, operator, value: fc.option(fc.oneof(plainValue, listed), { nil: undefined }) }),
    { maxLength: 3 },
  ),
  period: fc.option(fc.record({ field: anyText, from: someText, to: someText, relative: someText }), {
    nil: undefined,
  }),
  compareTo: fc.option(fc.constantFrom('previousPeriod', 'later'), { nil: undefined }),
  orderBy: fc.array(fc.record({ by: anyText, direction }), { maxLength: 5 }),
  limit: fc.option(fc.constantFrom(0, 1, 5, 1000, 1001), { nil: undefined }),
  select: fc.array(anyText, { maxLength: 21 }),
})

/** The message as plain data, an empty list left out as an absent one. */
function plainOf(message: Record<string, unknown>): unknown {
  const kindOf = (value: unknown): unknown => {
    const kind = (value as { kind?: { case?: string; value?: unknown } } | undefined)?.kind
    return kind?.case === 'list' ? (kind.value as { values: unknown[] }).values.map(kindOf) : kind?.value
  }
  const plain = {
    ...message,
    where: (message.where as Record<string, unknown>[]).map((one) => [one.field, one.operator, kindOf(one.value)]),
    orderBy: (message.orderBy as Record<string, unknown>[]).map((one) => [one.by, one.direction]),
  }
  const entries = Object.entries(plain).filter(([key, value]) => {
    const isEmptyList = Array.isArray(value) && value.length === 0 && key !== 'measures'
    return value !== undefined && !isEmptyList
  })
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)))
}

test('a message is a query exactly when businessQuerySchema says so', () => {
  fc.assert(
    fc.property(anyMessage, (fields) => {
      const where = fields.where.map(({ field, operator, value }) =>
        create(ConditionSchema, { field, operator, ...(value ? { value } : {}) }),
      )
      const message = create(BusinessQuerySchema, { ...fields, where } as never)
      const expected = businessQuerySchema.safeParse(plainOf(fields))
      if (expected.success) expect(fromProtoQuery(message)).toEqual(expected.data)
      else expect(() => fromProtoQuery(message)).toThrow(UnreadableMessage)
    }),
    { numRuns: 2000 },
  )
})

const textValue = (length: number) => create(ValueSchema, { kind: { case: 'text', value: 'x'.repeat(length) } })
const listValue = (length: number) => {
  const values = Array.from({ length }, () => textValue(1))
  return create(ValueSchema, { kind: { case: 'list', value: create(ValueListSchema, { values }) } })
}

test.each([
  ['fields to show', 20, (n: number) => ({ select: Array.from({ length: n }, () => 'x') })],
  ['letters of a relative time', 40, (n: number) => ({ period: { field: 'date', relative: 'x'.repeat(n) } })],
  ['conditions', 20, (n: number) => ({ where: Array.from({ length: n }, () => conditionWith(textValue(1))) })],
  ['letters of a value', 200, (n: number) => ({ where: [conditionWith(textValue(n))] })],
  ['values of a list', 200, (n: number) => ({ where: [conditionWith(listValue(n))] })],
])('%s: %i are let through, one more is not', (_, most, fieldsWith) => {
  const read = (n: number) =>
    fromProtoQuery(create(BusinessQuerySchema, { entity: 'sales', ...fieldsWith(n) } as never))
  expect(businessQuerySchema.safeParse(read(most)).success).toBe(true)
  expect(() => read(most + 1)).toThrow(UnreadableMessage)
})

function conditionWith(value: ReturnType<typeof textValue>) {
  return create(ConditionSchema, { field: 'customer', operator: 'eq', value })
}
