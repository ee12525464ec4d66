import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BusinessQuery, loadCatalog, permitQuery } from '#catalog'
import { createLogger } from '#platform/log'
import { createErp } from './create-erp.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'

const catalog = loadCatalog(join(import.meta.dirname, '../../catalog'), 'demo-odata')
const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()

const day = fc
  .integer({ min: 0, max: 800 })
  .map((days) => new Date(Date.UTC(2024, 10, 1) + days * 86_400_000).toISOString().slice(0, 10))
const amount = fc.integer({ min: -99_999, max: 99_999 }).map((cents) => String(cents / 100))
const sale = fc.record({
  date: day,
  customer: fc.constantFrom('Hanbit', 'Saeron', 'Daon', null),
  region: fc.constantFrom('Seoul', 'Busan'),
  amount: fc.option(amount, { freq: 10 }),
  profit: amount,
  quantity: fc.integer({ min: 0, max: 50 }).map(String),
})
const line = fc.record({
  orderNo: fc.constantFrom('SO-1', 'SO-2', 'SO-3', 'SO-4', null),
  date: day,
  dueDate: day,
  customer: fc.constantFrom('Hanbit', 'Saeron', 'Daon', null),
  item: fc.constantFrom('A', 'B'),
  amount: fc.option(amount, { freq: 10 }),
  quantity: fc.integer({ min: 0, max: 50 }).map(String),
})
const measure = fc.constantFrom(
  'amount',
  'count',
  'avg:amount',
  'max:amount',
  'min:profit',
  'share:quantity',
  'marginRate',
)
const dimension = fc.constantFrom(
  'customer',
  'region',
  'date:day',
  'date:week',
  'date:month',
  'date:quarter',
  'date:year',
)
const condition = fc.constantFrom<NonNullable<BusinessQuery['where']>[number]>(
  ['amount', 'gt', 100],
  ['profit', 'lt', 'amount'],
  ['count', 'gte', 2],
  ['marginRate', 'lt', 50],
  ['customer', 'eq', 'Hanbit'],
  ['region', 'in', ['Seoul', 'Jeju']],
)
const query = fc
  .record(
    {
      measures: fc.uniqueArray(measure, { minLength: 1, maxLength: 3 }),
      groupBy: fc.uniqueArray(dimension, { maxLength: 2 }),
      where: fc.array(condition, { maxLength: 2 }),
      period: fc.record({ field: fc.constant('date'), from: fc.constant('2026-01-01') }, { requiredKeys: ['field'] }),
      compareTo: fc.constantFrom('previousPeriod', 'previousYear'),
      limit: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: ['measures', 'groupBy'] },
  )
  // A count is of a group; without one the condition is refused either way.
  .filter(({ groupBy, where }) => groupBy.length > 0 || !where?.some(([name]) => name === 'count'))
  .map((rest): BusinessQuery => ({ entity: 'sales', ...rest }))

const orderQuery = fc
  .record(
    {
      measures: fc.uniqueArray(fc.constantFrom('count', 'share:count', 'amount', 'avg:amount'), { minLength: 1 }),
      groupBy: fc.uniqueArray(
        fc.constantFrom('customer', 'item', 'orderNo', 'dueDate:day', 'dueDate:week', 'date:month', 'date:quarter'),
        { maxLength: 2 },
      ),
      where: fc.array(
        fc.constantFrom<NonNullable<BusinessQuery['where']>[number]>(
          ['count', 'gte', 2],
          ['share:count', 'lt', 60],
          ['amount', 'gt', 100],
          ['item', 'eq', 'A'],
        ),
        { maxLength: 2 },
      ),
      period: fc.record({ field: fc.constant('date'), from: fc.constant('2026-01-01') }, { requiredKeys: ['field'] }),
      compareTo: fc.constantFrom('previousPeriod', 'previousYear'),
      orderBy: fc.constantFrom<NonNullable<BusinessQuery['orderBy']>>([['count', 'desc']], [['share:count', 'asc']]),
      limit: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: ['measures', 'groupBy'] },
  )
  .filter(({ groupBy, where }) => groupBy.length > 0 || !where?.some(([name]) => name.endsWith('count')))
  .map((rest): BusinessQuery => ({ entity: 'salesOrder', ...rest }))

type Kind = 'server' | 'none' | 'pretends' | 'no distinct'

async function answer(kind: Kind, records: object[], asked: BusinessQuery) {
  const connector = createMemoryConnector({
    tables: { [asked.entity]: records as never },
    aggregate: kind === 'no distinct' ? 'server' : kind,
    countDistinct: kind !== 'no distinct',
  })
  const erp = createErp({ connector, catalog, log, now: () => new Date('2026-11-23T03:00:00Z') })
  const { timing: _, ...rest } = await erp.answerQuery(permitQuery(asked, 'all', 'tester'), signal)
  return rest
}

test('an ERP that groups, one that does not, and one that only says so give the same answers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { maxLength: 40 }), query, async (sales, asked) => {
      const grouped = await answer('server', sales, asked)
      expect(await answer('none', sales, asked)).toEqual(grouped)
      expect(await answer('pretends', sales, asked)).toEqual(grouped)
    }),
    { numRuns: 300 },
  )
})

test('so they do where one thing has several records', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), orderQuery, async (lines, asked) => {
      const grouped = await answer('server', lines, asked)
      expect(await answer('none', lines, asked)).toEqual(grouped)
      expect(await answer('pretends', lines, asked)).toEqual(grouped)
      expect(await answer('no distinct', lines, asked)).toEqual(grouped)
    }),
    { numRuns: 300 },
  )
})
