import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import type { Understanding } from '#nlu'
import { isReadAs } from './judge-reading.ts'
import { findUnknownName, labelOfQuery } from './label-of-query.ts'

const reading = (intent: Understanding['intent'], rest: Partial<Understanding> = {}): Understanding => ({
  ...{ intent, confidence: 0.9, language: 'ko', spans: [] },
  ...rest,
})
const sales = {
  entity: 'sales',
  measures: ['amount'],
  where: [['customer', 'eq', '한빛상사']] as [string, 'eq', string][],
}

test('a whole query is right as a whole or not at all', () => {
  const wanted = { label: 'sales.amount', query: sales }
  expect(isReadAs(wanted, reading('query', { query: sales }))).toBe(true)
  expect(isReadAs(wanted, reading('refine', { query: sales }))).toBe(true)
  expect(isReadAs(wanted, reading('query', { query: { entity: 'sales', measures: ['amount'] } }))).toBe(false)
  expect(isReadAs(wanted, reading('out_of_scope'))).toBe(false)
})

test('a topic is right by what the question is about, whatever its conditions', () => {
  expect(isReadAs({ label: 'sales.amount' }, reading('query', { query: sales }))).toBe(true)
  expect(isReadAs({ label: 'sales.amount' }, reading('query', { query: { ...sales, measures: ['avg:amount'] } }))).toBe(
    true,
  )
  expect(isReadAs({ label: 'sales.profit' }, reading('query', { query: sales }))).toBe(false)
  expect(
    isReadAs({ label: 'purchaseOrder.' }, reading('query', { query: { entity: 'purchaseOrder', measures: [] } })),
  ).toBe(true)
  expect(isReadAs({ label: 'purchaseOrder.' }, reading('query', { query: sales }))).toBe(false)
})

test('questions, talk and what the ERP does not know are told apart', () => {
  expect(isReadAs({ label: 'ask' }, reading('clarify'))).toBe(true)
  expect(isReadAs({ label: 'ask' }, reading('thanks'))).toBe(false)
  expect(isReadAs({ label: 'thanks' }, reading('thanks'))).toBe(true)
  expect(isReadAs({ label: 'outside' }, reading('out_of_scope', { reason: 'unknown' }))).toBe(true)
  expect(isReadAs({ label: 'write' }, reading('out_of_scope', { reason: 'unknown' }))).toBe(false)
  expect(isReadAs({ label: 'write' }, reading('out_of_scope', { reason: 'write' }))).toBe(true)
})

test('a query has the label of its topic, and no name that the catalog lacks', () => {
  const catalog = loadCatalog('catalog', 'demo-odata')
  expect(labelOfQuery(sales, ['ask', 'sales.amount'])).toBe('sales.amount')
  expect(labelOfQuery({ entity: 'purchaseOrder', measures: [] }, ['ask', 'purchaseOrder.'])).toBe('purchaseOrder.')
  expect(labelOfQuery({ entity: 'item', measures: [] }, ['ask', 'sales.amount'])).toBe('ask')
  expect(findUnknownName({ ...sales, groupBy: ['date:month'], orderBy: [['amount', 'desc']] }, catalog)).toBeUndefined()
  expect(findUnknownName({ ...sales, entity: 'constructor' }, catalog)).toBe('constructor')
  expect(findUnknownName({ ...sales, measures: ['toString'] }, catalog)).toBe('sales.toString')
  expect(findUnknownName({ ...sales, where: [['colour', 'eq', 'red']] }, catalog)).toBe('sales.colour')
  expect(findUnknownName({ ...sales, period: { field: 'when' } }, catalog)).toBe('sales.when')
})
