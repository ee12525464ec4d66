import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Comparison, Filter } from '../filter.ts'
import { holds } from '../holds.ts'
import { daysBefore, daysSince, rewriteFilter } from './rewrite-filter.ts'

const today = '2026-11-23'
const mapping = {
  values: { status: { 'To Deliver': 'open', 'On Hold': 'open', Completed: 'closed' } },
  daysPast: { overdueDays: 'dueDate' },
  today,
}
const days = (operator: Comparison, value: string): Filter => {
  return { is: 'comparison', field: 'overdueDays', operator, right: { type: 'number', value } }
}
const status = (operator: Comparison, value: string): Filter => {
  return { is: 'comparison', field: 'status', operator, right: { type: 'text', value } }
}

test('days since a date pass as if they were stored', () => {
  const record = fc.option(fc.integer({ min: -40, max: 400 })).map((past) => {
    const dueDate = past === null ? null : daysBefore(today, past)
    return { dueDate, overdueDays: dueDate && daysSince(dueDate, today) }
  })
  const operator = fc.constantFrom<Comparison>('eq', 'ne', 'lt', 'lte', 'gt', 'gte')
  const asked = fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constantFrom(0.5, 29.5, 9_999_999)).map(String)
  fc.assert(
    fc.property(record, operator, asked, (row, by, value) => {
      // Of a date that is missing nobody knows whether it is not so many days past.
      fc.pre(row.dueDate !== null || by !== 'ne')
      expect(holds(rewriteFilter(days(by, value), mapping), row)).toBe(holds(days(by, value), row))
    }),
    { numRuns: 500 },
  )
})

test('a code is any of the words for it', () => {
  const passing = (filter: Filter) =>
    ['To Deliver', 'On Hold', 'Completed', 'Stopped'].filter((word) =>
      holds(rewriteFilter(filter, mapping), { status: word }),
    )
  expect(passing(status('eq', 'open'))).toEqual(['To Deliver', 'On Hold'])
  expect(passing(status('ne', 'open'))).toEqual(['Completed', 'Stopped'])
  expect(passing(status('eq', 'Stopped'))).toEqual(['Stopped'])
  expect(passing({ is: 'some', of: [status('eq', 'closed'), status('eq', 'Stopped')] })).toEqual([
    'Completed',
    'Stopped',
  ])
})

test('days compare with numbers, not with fields', () => {
  const filter: Filter = { is: 'comparison', field: 'amount', operator: 'gt', right: { field: 'overdueDays' } }
  expect(() => rewriteFilter(filter, mapping)).toThrow('QUERY_INVALID')
})
