import { expect, test } from 'vitest'
import type { BusinessQuery } from './business-query.ts'
import { completeQuery } from './complete-query.ts'
import { loadCatalog } from './load-catalog.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const complete = (query: BusinessQuery) => completeQuery(query, catalog, '2026-11-23')
const leave: BusinessQuery = { entity: 'leave', measures: ['remaining'], where: [['employee', 'eq', '@me']] }

test('leave without a word of time is this year’s', () => {
  expect(complete(leave).where).toEqual([
    ['employee', 'eq', '@me'],
    ['year', 'eq', 2026],
  ])
  expect(complete({ entity: 'leave', measures: [] }).where).toEqual([['year', 'eq', 2026]])
})

test('a year that is said, or a row for each, stays', () => {
  const lastYear: BusinessQuery = { ...leave, where: [['year', 'eq', 2025]] }
  const byYear: BusinessQuery = { ...leave, groupBy: ['year'] }
  expect(complete(lastYear)).toBe(lastYear)
  expect(complete(byYear)).toBe(byYear)
})

test('what has no present year stays', () => {
  const sales: BusinessQuery = { entity: 'sales', measures: ['amount'] }
  expect(complete(sales)).toBe(sales)
  expect(complete({ entity: 'nothing', measures: [] })).toEqual({ entity: 'nothing', measures: [] })
})
