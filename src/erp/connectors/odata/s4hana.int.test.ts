import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { every, type Filter } from '../../filter.ts'
import { openOData } from './open-odata-fixture.ts'

// What SAP Gateway does otherwise than the standard, in OData V2 and V4: published, and here by a simulator.
const { signal } = new AbortController()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(dialect: 's4hana' | 's4hana-v2', options: Parameters<typeof openOData>[1] = {}) {
  const office = await openOData(dialect, options)
  closing.push(office.close)
  const asked = () => office.simulator.state.requests.map(({ url }) => url)
  // Credit memos are asked for beside invoices.
  const invoices = () => asked().filter(({ searchParams }) => searchParams.get('$filter')?.includes("eq 'M'"))
  return { ...office, asked, invoices }
}
const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields: ['invoiceNo', 'date', 'amount'],
  orderBy: [],
  maxRows: 10_000,
}
const groups: GroupSpec = {
  ...records,
  kind: 'groups',
  keys: [{ field: 'customer' }],
  aggregates: [{ fn: 'sum', field: 'amount' }],
  having: [],
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : String(error)),
  )

describe('OData V2', () => {
  test('is asked in its own words', async () => {
    const { connector, invoices } = await open('s4hana-v2')
    const filter = every([
      { is: 'comparison', field: 'date', operator: 'gte', right: { type: 'date', value: '2026-10-01' } },
      { is: 'contains', field: 'invoiceNo', text: "0'1" },
    ])
    await connector.fetch({ ...records, filter }, signal)
    expect(Object.fromEntries(invoices()[0]?.searchParams ?? [])).toEqual({
      $filter:
        "(SDDocumentCategory eq 'M' or SDDocumentCategory eq 'P') and BillingDocumentIsCancelled eq false and BillingDocumentDate ge datetime'2026-10-01T00:00:00' and substringof('0''1',BillingDocument)",
      $select: 'BillingDocument,BillingDocumentDate,to_Item/NetAmount',
      $expand: 'to_Item',
      $orderby: 'BillingDocument asc',
      $inlinecount: 'allpages',
      $format: 'json',
      'sap-client': '100',
      $top: '1000',
    })
  })

  test('numbers in conditions are decimals, and documents’ own amounts keep every digit', async () => {
    const { connector, asked } = await open('s4hana-v2')
    const over: Filter = {
      is: 'comparison',
      field: 'balance',
      operator: 'gt',
      right: { type: 'number', value: '10.5' },
    }
    const { rows } = await connector.fetch(
      { ...records, entity: 'receivable', fields: ['balance', 'dueDate'], filter: over },
      signal,
    )
    expect(asked()[0]?.searchParams.get('$filter')).toContain('AmountInCompanyCodeCurrency gt 10.5m')
    expect(rows).toEqual([{ balance: '12.5', dueDate: '2026-11-02' }])
    const sales = await connector.fetch(records, signal)
    expect(sales.rows.map(({ amount }) => amount)).toContain('12345678901234567.89')
  })

  test('what is owed has the opposite sign of accounting, in conditions too', async () => {
    const { connector } = await open('s4hana-v2')
    const owed = (value: string): RecordSpec => ({
      ...records,
      entity: 'payable',
      fields: ['balance'],
      filter: { is: 'comparison', field: 'balance', operator: 'lt', right: { type: 'number', value } },
    })
    expect((await connector.fetch(owed('0'), signal)).rows).toEqual([{ balance: '-12.5' }])
    expect((await connector.fetch(owed('-20'), signal)).rows).toEqual([])
  })

  test('pages are asked for by $skip, or by __next where there is one, for the same client each', async () => {
    const { connector, asked, invoices } = await open('s4hana-v2', { limits: { pageSize: 25 } })
    expect((await connector.fetch(records, signal)).count).toBe(181)
    expect(invoices().map(({ searchParams }) => searchParams.get('$skip'))).toEqual([null, '25', '50'])
    const linked = await open('s4hana-v2', { pageCap: 25 })
    expect((await linked.connector.fetch(records, signal)).count).toBe(181)
    expect(linked.invoices().map(({ searchParams }) => searchParams.get('$skiptoken'))).toEqual([null, '25', '50'])
    for (const { searchParams } of [...asked(), ...linked.asked()]) expect(searchParams.get('sap-client')).toBe('100')
  })

  test('a service that is not activated is data that this ERP does not have', async () => {
    const gone = (url: URL) => (url.pathname.includes('API_BILLING') ? { status: 404 } : undefined)
    const { connector } = await open('s4hana-v2', { intercept: gone })
    await expect(connector.fetch(records, signal)).rejects.toMatchObject({
      spec: { code: 'NOT_IN_ERP' },
      params: { ko: '매출', en: 'Sales' },
    })
    expect((await connector.fetch({ ...records, entity: 'customer', fields: ['name'] }, signal)).count).toBe(4)
  })

  test('a communication user signs in by Basic', async () => {
    const { connector, simulator } = await open('s4hana-v2')
    await connector.fetch(records, signal)
    const header = `Basic ${Buffer.from('COMM_USER:pass:word').toString('base64')}`
    expect(simulator.state.requests[0]?.headers.authorization).toBe(header)
    expect(simulator.state.tokens).toEqual([])
  })

  const row = (lines: string) =>
    `{"BillingDocument":"1","BillingDocumentDate":"\\/Date(1764547200000)\\/","to_Item":{"results":[{"NetAmount":"1.00"}]${lines}}}`
  const page = (count: string, ...rows: string[]) => `{"d":{${count}"results":[${rows.join()}]}}`
  test.each([
    ['fewer records than it counts', page('"__count":"2",', row('')), 'ERP_CHANGING'],
    ['one record twice', page('"__count":"2",', row(''), row('')), 'ERP_CHANGING'],
    ['no count', page('', row('')), 'ERP_BAD_REPLY'],
    ['lines that come in part', page('"__count":"1",', row(',"__next":"x"')), 'ERP_BAD_REPLY'],
    ['Atom', '<feed/>', 'ERP_BAD_REPLY'],
    ['a list without more', `{"d":[${row('')}]}`, 'ERP_BAD_REPLY'],
    ['what is whole', page('"__count":"1",', row('')), 'answered'],
  ])('of %s', async (_, body, code) => {
    // Behind what has come there is nothing more.
    const reply = (url: URL) => ({ status: 200, body: url.searchParams.has('$skip') ? page('"__count":"2",') : body })
    const { connector } = await open('s4hana-v2', { intercept: reply })
    expect(await codeOf(connector.fetch(records, signal))).toBe(code)
  })

  test('names behind keys are read once for many questions, and anew after a while', async () => {
    const clock = { time: Date.parse('2026-11-23T03:00:00Z') }
    const { connector, asked } = await open('s4hana-v2', { clock: () => new Date(clock.time) })
    const ask = () =>
      connector.fetch(
        { ...records, fields: ['customer'], orderBy: [{ by: 'customer', descending: false }], limit: 1 },
        signal,
      )
    expect((await Promise.all([ask(), ask(), ask()])).map(({ rows }) => rows)).toEqual(
      Array(3).fill([{ customer: 'Daon 1 Corp' }]),
    )
    const tables = () => asked().filter(({ pathname }) => pathname.endsWith('A_Customer')).length
    expect(tables()).toBe(1)
    clock.time += 10 * 60_000
    await ask()
    expect(tables()).toBe(2)
  })
})

describe('a name', () => {
  const called = (value: string): RecordSpec => ({
    ...records,
    filter: { is: 'comparison', field: 'customer', operator: 'eq', right: { type: 'text', value } },
  })

  test('that came a moment ago is found; of one that nobody has there is nothing', async () => {
    const { connector, sets } = await open('s4hana-v2')
    expect((await connector.fetch(called('새 이름'), signal)).rows).toEqual([])
    sets['odata/sap/API_BUSINESS_PARTNER/A_Customer']!.rows[0]!.CustomerName = '새 이름'
    expect((await connector.fetch(called('새 이름'), signal)).rows.length).toBeGreaterThan(0)
  })
})

describe('OData V4', () => {
  test('groups where the service is annotated so', async () => {
    const { connector, asked } = await open('s4hana')
    const { rows } = await connector.fetch(groups, signal)
    expect(rows).toHaveLength(4)
    expect(asked()[0]?.searchParams.get('$apply')).toBe('groupby((customer),aggregate(amount with sum as sum_amount))')
  })

  test('does not where it is not: its records are summed here, and it is not asked again', async () => {
    const { erp, sets, asked } = await open('s4hana')
    for (const set of Object.values(sets)) set.apply = false
    const query = permitQuery({ entity: 'sales', measures: ['amount'], groupBy: ['customer'] }, 'all', 'tester')
    const first = await erp.answerQuery(query, signal)
    expect(first.rows).toHaveLength(4)
    const before = asked().filter(({ searchParams }) => searchParams.has('$apply')).length
    await erp.answerQuery(query, signal)
    expect(asked().filter(({ searchParams }) => searchParams.has('$apply'))).toHaveLength(before)
  })

  test('that leaves records out without a word is no answer', async () => {
    const line = '{"document":"1","position":"1","date":"2026-11-01","amount":"1"}'
    const body = `{"@odata.count":2,"value":[${line}]}`
    const { connector } = await open('s4hana', { intercept: () => ({ status: 200, body }) })
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_CHANGING')
  })

  test('is never asked for groups of documents’ lines', async () => {
    const { erp, asked } = await open('s4hana')
    const query = permitQuery({ entity: 'purchaseOrder', measures: ['amount'], groupBy: ['vendor'] }, 'all', 'tester')
    const { rows } = await erp.answerQuery(query, signal)
    expect(rows).toEqual([{ vendor: '이름', amount: '12.5' }])
    expect(asked().some(({ searchParams }) => searchParams.has('$apply'))).toBe(false)
    const path = '/sap/opu/odata4/sap/api_purchaseorder_2/srvd_a2x/sap/purchaseorder/0001/PurchaseOrder'
    expect(asked().map(({ pathname }) => pathname)).toContain(path)
  })
})
