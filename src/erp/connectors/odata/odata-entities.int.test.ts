import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BusinessQuery, heldEntity, loadCatalog, permitQuery } from '#catalog'
import { openOData } from './open-odata-fixture.ts'

const { signal } = new AbortController()
const offices = [
  ['business-central', 'business-central'],
  ['finance-operations', 'finance-operations'],
  ['s4hana-v2', 's4hana'],
] as const

describe.each(offices)('the mapping for %s', (dialect, mapping) => {
  let office: Awaited<ReturnType<typeof openOData>>
  const catalog = loadCatalog('catalog', mapping)
  const ask = (query: BusinessQuery) => office.erp.answerQuery(permitQuery(query, 'all', 'tester'), signal)

  beforeAll(async () => {
    office = await openOData(dialect)
  })
  afterAll(async () => await office.close())

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
      const code = entity.dimensions[dimension]
      const codes = code?.type === 'code' ? Object.keys(code.values) : []
      const words = catalog.mapping.entities[name]?.values[dimension]
      for (const value of codes) {
        const asked = ask({ entity: name, measures: ['count'], where: [[dimension, 'eq', value]] })
        // Of a code that none of the ERP's words means, "none" would be a wrong answer.
        const isHeld = !words || value in words || Object.values(words).includes(value)
        if (isHeld) await asked
        else await expect(asked).rejects.toMatchObject({ spec: { code: 'NOT_IN_ERP' } })
      }
    }
    const dated = Object.entries(entity.dimensions).filter(([, { type }]) => type === 'date')
    for (const [field] of dated) {
      const { rows } = await ask({
        entity: name,
        measures: ['count'],
        period: { field, from: '2026-09-01', to: '2026-11-30' },
      })
      expect(Number(rows[0]?.count)).toBeGreaterThan(0)
    }
  })

  test.each([
    ['an entity', { entity: 'leave', measures: ['remaining'] }],
    ['a field', { entity: 'sales', measures: ['amount'], groupBy: ['department'] }],
  ] satisfies [string, BusinessQuery][])('%s that this ERP does not have is said to be missing', async (_, query) => {
    await expect(ask(query)).rejects.toMatchObject({ spec: { code: 'NOT_IN_ERP' } })
  })
})
