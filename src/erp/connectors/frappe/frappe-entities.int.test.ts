import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { heldEntity, permitQuery } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createConnector } from '../../create-connector.ts'
import { createErp, type Erp } from '../../create-erp.ts'
import { simulatorAccess } from './frappe-simulator-fixture.ts'
import { catalog, openFrappe } from './open-frappe-fixture.ts'

const { signal } = new AbortController()
const mapped = Object.keys(catalog.mapping.entities)

describe.each(['15.121.3', '16.36.1'])('the mapping of ERPNext at %s', (version) => {
  let site: Awaited<ReturnType<typeof openFrappe>>
  let erp: Erp

  beforeAll(async () => {
    site = await openFrappe(version)
    const log = createLogger({ level: 'silent', role: 'test' })
    const { apiKey, apiSecret } = simulatorAccess
    const now = () => new Date('2026-11-23T03:00:00Z')
    const access = { urls: [site.simulator.url], apiKey, apiSecret }
    erp = createErp({
      connector: createConnector({ access, catalog, log, metrics: createMetrics(), now }),
      catalog,
      log,
      now,
    })
  })
  afterAll(async () => {
    await erp.close()
    await site.close()
  })

  test.each(mapped)('answers for every field of %s', async (name) => {
    const entity = heldEntity(catalog, catalog.entities[name]!)
    const fields = [...Object.keys(entity.dimensions), ...Object.keys(entity.measures)]
    const records = await erp.answerQuery(
      permitQuery({ entity: name, measures: [], select: fields }, 'all', 'tester'),
      signal,
    )
    expect(records.columns.map((column) => column.name)).toEqual(expect.arrayContaining(fields))
    for (const dimension of Object.keys(entity.dimensions)) {
      const measures = ['count', ...Object.keys(entity.measures)]
      const query = permitQuery({ entity: name, measures, groupBy: [dimension] }, 'all', 'tester')
      const { totals, rows } = await erp.answerQuery(query, signal)
      // One thing of several records is counted once, so groups of it may count more than there are.
      if (!entity.countBy) expect(rows.reduce((sum, row) => sum + Number(row.count), 0)).toBe(totals.count)
    }
  })

  test('answers by month in either version, and in the ERP where it can', async () => {
    const before = site.simulator.requests.length
    const query = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['date:month'],
      orderBy: [['date', 'asc']] as ['date', 'asc'][],
    }
    const { rows } = await erp.answerQuery(permitQuery(query, 'all', 'tester'), signal)
    expect(rows.map((row) => row['date:month'])).toEqual(['2026-09-01', '2026-10-01'])
    const asked = site.simulator.requests.slice(before).map(({ params }) => params.get('fields') ?? '')
    expect(asked.some((fields) => fields.includes('MONTH'))).toBe(version.startsWith('16'))
  })
})
