import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BusinessQuery, heldEntity, permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { createMetrics } from '#platform/metrics'
import { createConnector } from '../../create-connector.ts'
import { createErp, type Erp } from '../../create-erp.ts'
import { odooCatalog as catalog, log, openOffice } from './odoo-office-fixture.ts'

const { signal } = new AbortController()
const now = () => new Date('2026-11-23T03:00:00Z')

describe('the mapping of Odoo', () => {
  let office: Awaited<ReturnType<typeof openOffice>>
  let erp: Erp

  beforeAll(async () => {
    office = await openOffice({ database: 'office', config: { database: 'office' } })
    const access = { urls: [office.simulator.url], apiKey: 'key', database: 'office' }
    erp = createErp({
      connector: createConnector({ access, catalog, log, metrics: createMetrics(), now }),
      catalog,
      log,
      now,
    })
  })
  afterAll(async () => {
    await erp.close()
    await office.close()
  })

  const ask = (query: Parameters<typeof permitQuery>[0]) => erp.answerQuery(permitQuery(query, 'all', 'tester'), signal)

  test.each(Object.keys(catalog.mapping.entities))('answers for every field of %s', async (name) => {
    const entity = heldEntity(catalog, catalog.entities[name]!)
    const fields = [...Object.keys(entity.dimensions), ...Object.keys(entity.measures)]
    const records = await ask({ entity: name, measures: [], select: fields })
    expect(records.columns.map((column) => column.name)).toEqual(expect.arrayContaining(fields))
    expect(records.rows.length).toBeGreaterThan(0)
    for (const dimension of Object.keys(entity.dimensions)) {
      const measures = ['count', ...Object.keys(entity.measures)]
      const { totals, rows } = await ask({ entity: name, measures, groupBy: [dimension] })
      // One thing of several records is counted once, so groups of it may count more than there are.
      if (!entity.countBy) expect(rows.reduce((sum, row) => sum + Number(row.count), 0)).toBe(totals.count)
    }
  })

  test.each([
    [
      'stock',
      { measures: ['quantity', 'value'], groupBy: ['warehouse'] },
      [
        { warehouse: '본사창고', quantity: '5', value: '500' },
        { warehouse: null, quantity: '0.5', value: '10.25' },
      ],
    ],
    [
      'expense',
      { measures: ['amount'], groupBy: ['status'] },
      [
        { status: 'pending', amount: '12000' },
        { status: 'approved', amount: '8500' },
      ],
    ],
    [
      'purchaseOrder',
      { measures: ['count', 'amount'], groupBy: ['vendor'] },
      [
        { vendor: 'Saeron', count: 1, amount: '7' },
        { vendor: '새론', count: 1, amount: '150.5' },
      ],
    ],
    [
      'productionOrder',
      { measures: ['producedQuantity'], groupBy: ['date:day'] },
      [{ 'date:day': '2026-11-02', producedQuantity: '4' }],
    ],
  ])('adds up what %s holds', async (entity, query, expected) => {
    expect((await ask({ entity, ...query })).rows).toEqual(expected)
  })

  test.each([
    ['an entity', { entity: 'leave', measures: ['remaining'] }],
    ['a field', { entity: 'sales', measures: ['amount'], groupBy: ['department'] }],
    ['a code', { entity: 'salesOrder', measures: ['count'], where: [['status', 'eq', 'cancelled']] }],
  ] satisfies [string, BusinessQuery][])('%s that this ERP does not have is said to be missing', async (_, query) => {
    const failed = await ask(query).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(AppError)
    expect((failed as AppError).spec.code).toBe('NOT_IN_ERP')
  })
})
