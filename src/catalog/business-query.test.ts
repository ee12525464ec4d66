import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BusinessQuery, businessQuerySchema, isWithinLimits } from './business-query.ts'

// Good for the most part: of queries with many faults each, none would tell which check is missing.
const most = <T>(value: T) => ({ weight: 30, arbitrary: fc.constant(value) })
const name = fc.oneof(most('amount'), fc.constantFrom('', 'x'.repeat(64), 'x'.repeat(65)))
const day = fc.oneof(most('2026-11-01'), fc.constantFrom('', '2026-11-1', '12026-11-01', '2026-11-01T'))
const scalar = fc.oneof(
  most(1.5),
  fc.constantFrom('', 'x'.repeat(200), 'x'.repeat(201), Number.NaN, Number.POSITIVE_INFINITY, true),
)
const values = fc.oneof(
  { weight: 30, arbitrary: scalar },
  fc.constantFrom([], ['a'], new Array(200).fill(1), new Array(201).fill(1)),
)
const list = <T>(arbitrary: fc.Arbitrary<T>, limit: number) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.array(arbitrary, { maxLength: 3 }) },
    fc.array(arbitrary, { minLength: limit, maxLength: limit + 1 }),
  )
const anyQuery = fc.record(
  {
    entity: name,
    measures: list(name, 8),
    groupBy: list(name, 4),
    where: list(fc.tuple(name, fc.constant('eq' as const), values), 20),
    period: fc.record(
      {
        field: name,
        from: day,
        to: day,
        relative: fc.oneof(most('today'), fc.constantFrom('x'.repeat(40), 'x'.repeat(41))),
      },
      { requiredKeys: ['field'] },
    ),
    orderBy: list(fc.tuple(name, fc.constant('asc' as const)), 4),
    limit: fc.oneof(most(5), fc.constantFrom(0, 1, 1.5, 1000, 1001, Number.NaN)),
    select: list(name, 20),
  },
  { requiredKeys: ['entity', 'measures'] },
)

test('a query is within limits exactly when the schema takes it', () => {
  let taken = 0
  fc.assert(
    fc.property(anyQuery, (query) => {
      const { success } = businessQuerySchema.safeParse(query)
      taken += success ? 1 : 0
      expect(isWithinLimits(query as BusinessQuery)).toBe(success)
    }),
    { numRuns: 3000 },
  )
  expect(taken).toBeGreaterThan(200)
  expect(taken).toBeLessThan(2800)
})
