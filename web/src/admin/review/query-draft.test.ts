import { expect, test } from 'vitest'
import type { ReviewQuery } from '../../../../src/training/review/api.ts'
import { draftOf, type EntityChoice, queryOfDraft } from './query-draft.ts'

const label = { ko: '말', en: 'word' }
const sales: EntityChoice = {
  ...{ entity: 'sales', label, period: 'date' },
  measures: [
    { name: 'amount', label },
    { name: 'profit', label },
  ],
  dimensions: [
    { name: 'customer', label, type: 'name' },
    { name: 'date', label, type: 'date' },
  ],
}
const query: ReviewQuery = {
  ...{ entity: 'sales', measures: ['amount', 'profit'], groupBy: ['customer', 'date:month'] },
  where: [
    ['customer', 'in', ['한빛상사', '한빛전자']],
    ['amount', 'gte', 1_000_000],
  ],
  period: { field: 'date', from: '2026-11-01', to: '2026-11-30', relative: 'this-month' },
  ...{ compareTo: 'previousYear', orderBy: [['amount', 'desc']], limit: 5 },
}

test('what is not touched stays as it was, also what the form has no field for', () => {
  expect(queryOfDraft(draftOf(query, sales), sales, query)).toEqual(query)
})

test('a period that is changed no longer moves with the day, and numbers are numbers where the field has them', () => {
  const draft = { ...draftOf(query, sales), from: '2026-10-01', conditions: [] }
  const conditions = [
    { id: 0, field: 'amount', operator: 'gt' as const, value: ' 2000 ' },
    { id: 1, field: 'customer', operator: 'eq' as const, value: '007' },
    { id: 2, field: 'customer', operator: 'eq' as const, value: ' ' },
  ]
  const made = queryOfDraft({ ...draft, conditions }, sales, query)
  expect(made.period).toEqual({ field: 'date', from: '2026-10-01', to: '2026-11-30' })
  expect(made.where).toEqual([
    ['amount', 'gt', 2000],
    ['customer', 'eq', '007'],
  ])
})

test('another entity begins anew', () => {
  const stock: EntityChoice = { entity: 'stock', label, measures: [{ name: 'quantity', label }], dimensions: [] }
  const empty = draftOf({ entity: 'stock', measures: [] }, stock)
  expect(queryOfDraft(empty, stock, query)).toEqual({ entity: 'stock', measures: [] })
  expect(queryOfDraft({ ...empty, measure: 'quantity', limit: '3' }, stock, query)).toEqual({
    ...{ entity: 'stock', measures: ['quantity'], limit: 3 },
  })
})
