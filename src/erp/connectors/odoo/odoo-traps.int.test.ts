import { afterEach, describe, expect, test } from 'vitest'
import { type BusinessQuery, permitQuery } from '#catalog'
import type { AppError } from '#platform/errors'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { every, type Filter } from '../../filter.ts'
import { openOffice } from './odoo-office-fixture.ts'
import { officeModels } from './odoo-office-models-fixture.ts'
import { rowsOf } from './odoo-simulator-model-fixture.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const { signal } = new AbortController()
const scope = { filter: every([]), orderBy: [], maxRows: 1_000 }
const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }

async function open(options: Parameters<typeof openOffice>[0] = {}) {
  const office = await openOffice(options)
  closing.push(office.close)
  const records = (spec: Pick<RecordSpec, 'entity' | 'fields'> & Partial<RecordSpec>) =>
    office.connector.fetch({ ...scope, kind: 'records', ...spec }, signal)
  const groups = (spec: Pick<GroupSpec, 'entity'> & Partial<GroupSpec>) =>
    office.connector.fetch(
      { ...scope, kind: 'groups', keys: [], aggregates: [{ fn: 'count' }], having: [], ...spec },
      signal,
    )
  const ask = (query: BusinessQuery) => office.erp.answerQuery(permitQuery(query, 'all', 'tester'), signal)
  const methods = () => office.simulator.seen.map(({ method }) => method).filter((method) => method !== 'fields_get')
  return { ...office, records, groups, ask, methods }
}

const is = (field: string, operator: 'eq' | 'ne' | 'gt', value: string, type: 'text' | 'number' = 'text'): Filter => ({
  is: 'comparison',
  field,
  operator,
  right: { type, value },
})

describe('names', () => {
  test('are those of the company, not of its contact or with its code', async () => {
    const { records } = await open()
    const fields = ['orderNo', 'customer', 'item', 'salesperson']
    expect(
      (await records({ entity: 'salesOrder', fields, orderBy: [{ by: 'amount', descending: false }] })).rows,
    ).toEqual([
      { orderNo: 'SO1', customer: '한빛정밀', item: '깊은홈 6204', salesperson: '김민수' },
      { orderNo: 'SO1', customer: '한빛정밀', item: '헬리컬 50%', salesperson: '김민수' },
      { orderNo: 'SO2', customer: 'Saeron', item: '깊은홈 6204', salesperson: '이서연' },
      { orderNo: 'SO3', customer: '한빛정밀', item: '앵귤러_7', salesperson: null },
      { orderNo: 'SO4', customer: '한빛정밀', item: '깊은홈 6204', salesperson: '김민수' },
    ])
  })

  test('cost no display names and one reading a relation, however many records share them', async () => {
    const { records, simulator, methods } = await open()
    await records({ entity: 'sales', fields: ['customer', 'region', 'amount'] })
    expect(methods()).toEqual(['formatted_read_group', 'search_read', 'read', 'read'])
    const reads = simulator.seen.filter(({ method }) => method === 'read' || method === 'search_read')
    expect(reads.every(({ body }) => body.load === '')).toBe(true)
    expect(reads[1]).toMatchObject({ model: 'res.partner', body: { ids: [1, 2, 3], fields: ['name', 'state_id'] } })
  })

  test('with the characters of patterns are only themselves', async () => {
    const { records } = await open()
    const found = async (text: string) =>
      (await records({ entity: 'item', fields: ['name'], filter: { is: 'contains', field: 'name', text } })).rows
    expect(await found('50%')).toEqual([{ name: '헬리컬 50%' }])
    expect(await found('_')).toEqual([{ name: '앵귤러_7' }])
    expect(await found('5%')).toEqual([])
  })

  test('of what is archived or not ours are not in the master data', async () => {
    const { records } = await open()
    const { rows } = await records({ entity: 'customer', fields: ['name', 'region'] })
    expect(rows.map(({ name }) => name)).toEqual(['한빛정밀', 'Saeron', '새론', '무지역'])
    expect(rows[3]).toEqual({ name: '무지역', region: null })
  })

  test('that are not the one asked for include having none', async () => {
    const { records } = await open()
    const { rows } = await records({ entity: 'customer', fields: ['name'], filter: is('region', 'ne', '서울') })
    expect(rows.map(({ name }) => name)).toEqual(['Saeron', '새론', '무지역'])
  })
})

describe('dates', () => {
  test('begin and end where the company is, in records', async () => {
    const { ask } = await open()
    const answer = await ask({ entity: 'salesOrder', measures: [], select: ['date'], period: november })
    expect(answer.rows.map(({ orderNo, date }) => `${orderNo} ${date}`).sort()).toEqual([
      ...['SO1 2026-11-01', 'SO1 2026-11-01', 'SO2 2026-11-01', 'SO3 2026-11-01'],
    ])
    expect(answer.totals).toMatchObject({ count: 4 })
  })

  test.each([
    [
      'date:day',
      [
        ['2026-10-31', '160'],
        ['2026-11-01', '150.3'],
      ],
    ],
    ['date:week', [['2026-10-26', '310.3']]],
    [
      'date:month',
      [
        ['2026-10-01', '160'],
        ['2026-11-01', '150.3'],
      ],
    ],
    ['date:quarter', [['2026-10-01', '310.3']]],
    ['date:year', [['2026-01-01', '310.3']]],
  ])('and by %s, with weeks from Monday', async (by, expected) => {
    const { ask, simulator } = await open()
    const { rows } = await ask({ entity: 'salesOrder', measures: ['amount'], groupBy: [by] })
    expect(rows.filter(({ amount }) => amount !== '0').map((row) => [row[by], row.amount])).toEqual(expected)
    expect(simulator.seen.at(-1)?.body.context).toEqual({ tz: 'Asia/Seoul' })
  })

  test('are in another time zone when that is configured, with names in its language', async () => {
    const { groups, simulator } = await open({ config: { timeZone: 'UTC', language: 'en_US' } })
    expect((await groups({ entity: 'salesOrder', keys: [{ field: 'date' }] })).rows).toEqual([
      { date: '2026-10-31', count: 2 },
      { date: '2026-11-01', count: 3 },
    ])
    expect(simulator.seen.at(-1)?.body.context).toEqual({ tz: 'UTC', lang: 'en_US' })
  })
})

describe('amounts', () => {
  test('that come as noisy floats are what was meant', async () => {
    const models = officeModels()
    const lines = models['account.invoice.report']
    const line = { invoice_date: '2026-11-01', state: 'posted', move_type: 'out_invoice', commercial_partner_id: '1' }
    if (lines)
      lines.rows = rowsOf(['price_subtotal'], [['0.1'], ['0.2'], ['60.199999999999996']]).map((row) => ({
        ...row,
        ...line,
      }))
    const { groups, records } = await open({ models })
    const sum = { fn: 'sum', field: 'amount' } as const
    expect(
      (await groups({ entity: 'sales', aggregates: [sum], filter: is('amount', 'gt', '0', 'number') })).rows,
    ).toEqual([{ 'sum:amount': '60.5' }])
    expect((await records({ entity: 'sales', fields: ['amount'] })).rows.map(({ amount }) => amount)).toEqual([
      '0.1',
      '0.2',
      '60.2',
    ])
  })

  test('whose sum a float cannot hold are added up here', async () => {
    const models = officeModels()
    const rows = models['sale.order.line']?.rows ?? []
    for (const row of rows.slice(0, 2)) row.price_subtotal = '5000000000000.01'
    const { ask, methods } = await open({ models })
    const { rows: found } = await ask({ entity: 'salesOrder', measures: ['amount'] })
    expect(found).toEqual([{ amount: '10000000000280.02' }])
    expect(methods()).toContain('search_read')
  })

  test('of the opposite sign are turned round, in records, groups and conditions', async () => {
    const { records, groups } = await open()
    const filter = is('balance', 'gt', '300', 'number')
    expect((await records({ entity: 'payable', fields: ['billNo', 'balance'], filter })).rows).toEqual([
      { billNo: 'BILL/1', balance: '300.25' },
    ])
    const aggregates = (['sum', 'max', 'min'] as const).map((fn) => ({ fn, field: 'balance' }))
    expect((await groups({ entity: 'payable', aggregates })).rows).toEqual([
      { 'sum:balance': '300.25', 'max:balance': '300.25', 'min:balance': '300.25' },
    ])
  })

  test('over nothing are nothing, not false', async () => {
    const { groups } = await open()
    const filter = is('vendor', 'eq', '없는 회사')
    const aggregates = [{ fn: 'count' }, { fn: 'sum', field: 'balance' }] as const
    expect((await groups({ entity: 'payable', aggregates: [...aggregates], filter })).rows).toEqual([
      { count: 0, 'sum:balance': null },
    ])
  })
})

describe('groups', () => {
  test('count orders, not their lines', async () => {
    const { ask, methods } = await open()
    const { rows, totals } = await ask({ entity: 'salesOrder', measures: ['count'], groupBy: ['customer'] })
    expect(rows).toEqual([
      { customer: '한빛정밀', count: 3 },
      { customer: 'Saeron', count: 1 },
    ])
    expect(totals).toEqual({ count: 4 })
    expect(methods()).toEqual(['formatted_read_group', 'formatted_read_group'])
  })

  test('of codes that mean the same are one, before they are tested', async () => {
    const { groups, simulator } = await open()
    const spec = {
      entity: 'salesOrder',
      keys: [{ field: 'status' }],
      aggregates: [{ fn: 'count' as const }, { fn: 'sum' as const, field: 'amount' }],
    }
    expect(
      (
        await groups({
          ...spec,
          orderBy: [
            { by: 'count', descending: true },
            { by: 'status', descending: false },
          ],
        })
      ).rows,
    ).toEqual([
      { status: 'open', count: 3, 'sum:amount': '110.3' },
      { status: 'shipped', count: 1, 'sum:amount': '40' },
      { status: null, count: 1, 'sum:amount': '160' },
    ])
    const having = [{ left: { fn: 'count' as const }, operator: 'gt' as const, right: '2' }]
    expect((await groups({ ...spec, having })).rows).toMatchObject([{ status: 'open' }])
    expect(simulator.seen.at(-1)?.body.having).toBeUndefined()
  })

  test('are tested by Odoo where it can, and here where it cannot', async () => {
    const { groups, simulator } = await open()
    const sum = { fn: 'sum', field: 'amount' } as const
    const spec = { entity: 'salesOrder', keys: [{ field: 'customer' }], aggregates: [{ fn: 'count' as const }, sum] }
    const having: GroupSpec['having'] = [
      { left: { fn: 'count' }, operator: 'gte', right: '1' },
      { left: { fn: 'count' }, operator: 'lt', right: sum },
      { left: sum, operator: 'gt', right: '100.5' },
    ]
    const { rows, count } = await groups({
      ...spec,
      having,
      orderBy: [{ by: 'sum:amount', descending: true }],
      limit: 1,
    })
    expect(rows).toEqual([{ customer: '한빛정밀', count: 4, 'sum:amount': '270.3' }])
    expect(count).toBe(1)
    expect(simulator.seen.at(-1)?.body.having).toEqual([['__count', '>=', 1]])
  })

  test('of records that only we can test are made from the records', async () => {
    const { ask, records } = await open()
    const { rows } = await records({ entity: 'sales', fields: ['profit', 'quantity'] })
    const losses = rows.filter(({ profit, quantity }) => Number(profit) < Number(quantity))
    const answer = await ask({ entity: 'sales', measures: ['count'], where: [['profit', 'lt', 'quantity']] })
    expect(answer.rows).toEqual([{ count: losses.length }])
    expect(losses.length).toBeLessThan(rows.length)
  })

  test('that are too many are refused', async () => {
    const { groups } = await open()
    const failed = await groups({ entity: 'sales', keys: [{ field: 'date' }], maxRows: 5 }).catch(
      (error: unknown) => error,
    )
    expect((failed as AppError).spec.code).toBe('QUERY_TOO_BIG')
  })

  test('by what Odoo cannot group are made from the records', async () => {
    const models = officeModels()
    const line = models['sale.order.line']
    if (line) line.fields.price_subtotal = { type: 'monetary', stored: false }
    const { ask, methods } = await open({ models })
    const { rows } = await ask({ entity: 'salesOrder', measures: ['amount'], groupBy: ['customer'] })
    expect(rows).toEqual([
      { customer: '한빛정밀', amount: '270.3' },
      { customer: 'Saeron', amount: '40' },
    ])
    expect(methods()).toContain('search_read')
  })
})

describe('what the mapping adds', () => {
  test('days past are counted, tested, and summed with what is owed', async () => {
    const { ask } = await open()
    const overdue = await ask({ entity: 'receivable', measures: ['balance'], where: [['overdueDays', 'gt', 0]] })
    expect(overdue.rows).toEqual([{ balance: '60.5' }])
    const all = await ask({
      entity: 'receivable',
      measures: [],
      select: ['overdueDays'],
      orderBy: [['overdueDays', 'desc']],
    })
    expect(all.rows.map((row) => `${row.invoiceNo} ${row.overdueDays}`)).toEqual(['INV/1 22', 'RINV/1 0', 'INV/2 0'])
  })
})
