import { describe, expect, test } from 'vitest'
import type { BusinessQuery } from '#catalog'
import { november, openSmallErp } from './small-erp-fixture.ts'

const { ask } = openSmallErp()

describe('time', () => {
  const series = (grain: string, period?: BusinessQuery['period']) =>
    ask({ entity: 'sales', measures: ['amount'], groupBy: [`date:${grain}`], ...(period ? { period } : {}) })

  test.each(['server', 'none', 'pretends'] as const)(
    'weeks and quarters are folded, gaps filled up to today (%s)',
    async (aggregate) => {
      const { ask: asked } = openSmallErp({ aggregate })
      const weeks = await asked({
        entity: 'sales',
        measures: ['amount', 'max:amount'],
        groupBy: ['date:week'],
        period: november,
      })
      expect(weeks.rows).toEqual([
        { 'date:week': '2026-10-26', amount: '0', 'max:amount': null },
        { 'date:week': '2026-11-02', amount: '300.3', 'max:amount': '200.2' },
        { 'date:week': '2026-11-09', amount: '0', 'max:amount': null },
        { 'date:week': '2026-11-16', amount: '50.3', 'max:amount': '50' },
        { 'date:week': '2026-11-23', amount: '0', 'max:amount': null },
      ])
      const quarters = await asked({ entity: 'sales', measures: ['amount'], groupBy: ['date:quarter'] })
      expect(quarters.rows.map((row) => Object.values(row))).toEqual([
        ['2025-10-01', '7'],
        ['2026-01-01', '0'],
        ['2026-04-01', '0'],
        ['2026-07-01', '0'],
        ['2026-10-01', '400.6'],
      ])
    },
  )

  test('months are the ERP’s, in order', async () => {
    expect((await series('month', { field: 'date', from: '2026-09-01', to: '2026-12-31' })).rows).toEqual([
      { 'date:month': '2026-09-01', amount: '0' },
      { 'date:month': '2026-10-01', amount: '50' },
      { 'date:month': '2026-11-01', amount: '350.6' },
    ])
  })

  test('months are folded from days where the ERP cannot take a date apart', async () => {
    const { ask: asked, connector } = openSmallErp({ dateParts: [] })
    const answer = await asked({ entity: 'sales', measures: ['count'], groupBy: ['date:month'], period: november })
    expect(answer.rows).toEqual([{ 'date:month': '2026-11-01', count: 4 }])
    expect(connector.asked[0]).toMatchObject({ keys: [{ field: 'date' }] })
  })

  test('a limit that cuts nothing takes nothing away', async () => {
    const { ask: asked, connector } = openSmallErp()
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['date:month'], limit: 50_000 }
    const answer = await asked({ ...query, period: { field: 'date', from: '2026-09-01', to: '2026-11-30' } })
    expect(answer.rows.map((row) => row['date:month'])).toEqual(['2026-09-01', '2026-10-01', '2026-11-01'])
    expect(answer.completeness).toEqual({ kind: 'complete' })
    expect(connector.asked).toHaveLength(1)
  })

  test('nothing found stays empty', async () => {
    expect((await series('month', { field: 'date', from: '2024-01-01', to: '2024-12-31' })).rows).toEqual([])
  })

  test('the lowest of a list is one that happened', async () => {
    const answer = await ask({
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['date:month'],
      orderBy: [['amount', 'asc']],
      limit: 1,
    })
    expect(answer.rows).toEqual([{ 'date:month': '2025-11-01', amount: '7' }])
    expect(answer.completeness).toEqual({ kind: 'first', of: 3 })
  })
})

describe('comparison', () => {
  test('a month is compared with the month before and the year before', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      period: november,
      compareTo: 'previousPeriod',
    }
    expect((await ask(query)).previous).toEqual({
      from: '2026-10-01',
      to: '2026-10-31',
      rows: [{ amount: '50' }],
      totals: { amount: '50' },
    })
    const year = await ask({ ...query, compareTo: 'previousYear' })
    expect(year.previous).toMatchObject({ from: '2025-11-01', to: '2025-11-30', totals: { amount: '7' } })
  })

  test('a top 1 is compared with the same one, whatever its rank was', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      period: november,
      compareTo: 'previousPeriod',
    }
    const answer = await ask({ ...query, orderBy: [['amount', 'asc']], limit: 2 })
    expect(answer.rows.map((row) => row.customer)).toEqual(['Saeron', 'Daon'])
    expect(answer.previous).toMatchObject({ rows: [{ customer: 'Daon', amount: '10' }], totals: { amount: '50' } })
  })

  test('groups that pass a condition are compared with themselves', async () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      where: [['amount', 'gt', 100]],
      period: november,
    }
    const answer = await ask({ ...query, compareTo: 'previousPeriod' })
    expect(answer.previous).toMatchObject({ rows: [{ customer: 'Hanbit', amount: '40' }], totals: { amount: '40' } })
  })

  test('those who are gone are in the earlier rows when nothing is cut', async () => {
    const period = { field: 'date', from: '2026-11-04', to: '2026-11-30' }
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer'], period, limit: 10 }
    const answer = await ask({ ...query, compareTo: 'previousPeriod' })
    expect(answer.rows.map((row) => row.customer)).toEqual(['Daon', 'Saeron'])
    expect(answer.previous?.rows.map((row) => row.customer)).toEqual(['Hanbit', 'Daon'])
  })

  test('a question without a beginning has nothing before it', async () => {
    expect((await ask({ entity: 'sales', measures: ['amount'], compareTo: 'previousPeriod' })).previous).toBeUndefined()
  })
})
