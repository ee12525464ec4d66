import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import type { RecordSpec } from '../../erp-connector.ts'
import { every, type Filter } from '../../filter.ts'
import { openOData } from './open-odata-fixture.ts'
import { invoices } from './simulator-data-fixture.ts'

// What data entities of Finance & Operations do otherwise than the standard: published, and here by a simulator.
const { signal } = new AbortController()
let office: Awaited<ReturnType<typeof openOData>>

beforeAll(async () => {
  office = await openOData('finance-operations', { pageCap: 20 })
})
afterAll(async () => await office.close())
beforeEach(() => {
  office.simulator.state.requests.length = 0
})

const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields: ['invoiceNo', 'customer', 'date'],
  orderBy: [],
  maxRows: 10_000,
}
const fetch = (filter: Filter) => office.connector.fetch({ ...records, filter }, signal)
const day = (operator: 'eq' | 'gte' | 'lte' | 'lt' | 'gt' | 'ne', value: string): Filter => {
  return { is: 'comparison', field: 'date', operator, right: { type: 'date', value } }
}
const filters = () => office.simulator.state.requests.map(({ url }) => url.searchParams.get('$filter'))

test('one company is read, and every page says which', async () => {
  const { rows } = await fetch(every([]))
  expect(rows).toHaveLength(180)
  const sets = office.simulator.state.requests.filter(({ url }) => url.pathname.endsWith('SalesInvoiceHeadersV2'))
  expect(sets).toHaveLength(4)
  for (const { url } of sets) {
    expect(url.searchParams.get('cross-company')).toBe('true')
    expect(url.searchParams.get('$filter')).toBe("dataAreaId eq 'usmf'")
  }
})

test('without a company the default one of the service’s user answers', async () => {
  const alone = await openOData('finance-operations', { config: { company: undefined } })
  expect((await alone.connector.fetch(records, signal)).count).toBe(180)
  expect(alone.simulator.state.requests.at(-1)?.url.searchParams.has('cross-company')).toBe(false)
  await alone.close()
})

test.each([
  ['eq', ({ date }) => date === '2026-10-10'],
  ['ne', ({ date }) => date !== '2026-10-10'],
  ['lt', ({ date }) => date < '2026-10-10'],
  ['lte', ({ date }) => date <= '2026-10-10'],
  ['gt', ({ date }) => date > '2026-10-10'],
  ['gte', ({ date }) => date >= '2026-10-10'],
] as ['eq', (invoice: { date: string }) => boolean][])('a day is all of it: %s', async (operator, isMeant) => {
  const { rows } = await fetch(day(operator, '2026-10-10'))
  expect(rows).toHaveLength(invoices.filter(isMeant).flatMap(({ lines }) => lines).length)
})

test('a star in a name is no wildcard', async () => {
  const { rows } = await fetch({
    is: 'comparison',
    field: 'customer',
    operator: 'eq',
    right: { type: 'text', value: 'Daon*Corp' },
  })
  expect(new Set(rows.map(({ customer }) => customer))).toEqual(new Set(['Daon*Corp']))
  const stars = await office.connector.fetch(
    {
      ...records,
      entity: 'customer',
      fields: ['name'],
      filter: { is: 'comparison', field: 'name', operator: 'eq', right: { type: 'text', value: 'Daon*Corp' } },
    },
    signal,
  )
  expect(stars.rows).toEqual([{ name: 'Daon*Corp' }])
  const inside = await office.connector.fetch(
    { ...records, entity: 'customer', fields: ['name'], filter: { is: 'contains', field: 'name', text: 'n*C' } },
    signal,
  )
  expect(inside.rows).toEqual([{ name: 'Daon*Corp' }])
})

test('a part of a name is asked for by wildcards', async () => {
  const found = await office.connector.fetch(
    { ...records, entity: 'customer', fields: ['name'], filter: { is: 'contains', field: 'name', text: "O'N" } },
    signal,
  )
  expect(found.rows).toEqual([{ name: "O'Neill & Co" }])
  expect(filters()).toEqual(["dataAreaId eq 'usmf' and OrganizationName eq '*O''N*'"])
})

test('a status is asked for as a member of its enumeration', async () => {
  const query = permitQuery(
    { entity: 'salesOrder', measures: ['count'], where: [['status', 'eq', 'open']] },
    'all',
    'tester',
  )
  await office.erp.answerQuery(query, signal)
  expect(filters().at(-1)).toContain("SalesOrderStatus eq Microsoft.Dynamics.DataEntities.SalesStatus'Backorder'")
})

test('an order’s day is that of Seoul', async () => {
  const set = office.sets.SalesOrderHeadersV2!
  set.rows[0]!.OrderCreationDateTime = '2026-11-30T15:00:00Z'
  const orders: RecordSpec = { ...records, entity: 'salesOrder', fields: ['date'] }
  expect((await office.connector.fetch({ ...orders, filter: day('gte', '2026-12-01') }, signal)).rows).toEqual([
    { date: '2026-12-01' },
  ])
  expect((await office.connector.fetch({ ...orders, filter: day('lte', '2026-11-30') }, signal)).rows).toEqual([])
})

test('tokens are for the environment itself', async () => {
  const fresh = await openOData('finance-operations')
  await fresh.connector.fetch(records, signal)
  const form = new URLSearchParams(fresh.simulator.state.tokens[0]?.body)
  expect(form.get('scope')).toBe(`${fresh.simulator.url}/.default`)
  await fresh.close()
})
