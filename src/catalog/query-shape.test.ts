import { expect, test } from 'vitest'
import { shapeOf } from './query-shape.ts'

test('a shape has every name of the query and none of its values', () => {
  const shape = shapeOf({
    entity: 'sales',
    measures: ['amount'],
    groupBy: ['customer'],
    where: [
      ['customer', 'eq', '대성물산'],
      ['customer', 'ne', '한빛'],
      ['amount', 'gte', 100_000_000],
    ],
    period: { field: 'date', from: '2026-11-01', to: '2026-11-30' },
    compareTo: 'previousYear',
    orderBy: [['amount', 'desc']],
    limit: 5,
  })
  expect(shape).toEqual({
    entity: 'sales',
    measures: ['amount'],
    groupBy: ['customer'],
    where: ['customer', 'amount'],
    period: 'date',
    compareTo: 'previousYear',
  })
})
