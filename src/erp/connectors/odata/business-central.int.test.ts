import { afterEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { Exact, formatExact } from '../../decimal.ts'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { every, type Filter, some } from '../../filter.ts'
import { openOData } from './open-odata-fixture.ts'
import { invoices } from './simulator-data-fixture.ts'

// What the API v2.0 of Business Central does otherwise than the standard: published, and here by a simulator.
const { signal } = new AbortController()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const records: RecordSpec = {
  kind: 'records',
  entity: 'sales',
  filter: every([]),
  fields: ['invoiceNo', 'amount'],
  orderBy: [],
  maxRows: 10_000,
}
const is = (field: string, value: string): Filter => {
  return { is: 'comparison', field, operator: 'eq', right: { type: 'text', value } }
}
const from = (value: string): Filter => {
  return { is: 'comparison', field: 'date', operator: 'gte', right: { type: 'date', value } }
}

async function open(options: Parameters<typeof openOData>[1] = {}) {
  const office = await openOData('business-central', options)
  closing.push(office.close)
  const asked = () => office.simulator.state.requests.filter(({ url }) => url.pathname.endsWith('/salesInvoices'))
  const filters = () => asked().map(({ url }) => url.searchParams.get('$filter') ?? '')
  return { ...office, asked, filters }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : String(error)),
  )

describe('conditions', () => {
  test('of alternatives over two fields are tested here, and those over one are sent', async () => {
    const { connector, filters } = await open()
    const one = some([is('customer', '한빛상사'), is('customer', "O'Neill & Co")])
    const two = some([is('customer', '한빛상사'), is('region', '26')])
    const { rows } = await connector.fetch(
      { ...records, fields: ['customer', 'region'], filter: every([one, two]) },
      signal,
    )
    expect(filters()).toEqual([
      "(status eq 'Open' or status eq 'Paid') and (customerName eq '한빛상사' or customerName eq 'O''Neill & Co')",
    ])
    // Of the four customers in turn the first has region 11, the second 26; and there is a credit memo of the first.
    expect(rows).toHaveLength(91)
  })

  test('on lines and items are tested here, over every document of the period', async () => {
    const { connector, filters } = await open()
    const filter = every([from('2026-10-25'), is('item', '볼베어링')])
    const { rows } = await connector.fetch({ ...records, fields: ['date', 'item'], filter }, signal)
    const expected = invoices.filter(({ date }) => date >= '2026-10-25').flatMap(({ lines }) => lines)
    expect(rows).toHaveLength(expected.filter(({ item }) => item === '볼베어링').length)
    expect(filters()).toEqual(["(status eq 'Open' or status eq 'Paid') and postingDate ge 2026-10-25"])
  })

  test('with characters that mean something in a filter of AL are tested here', async () => {
    const { connector, filters } = await open()
    for (const text of ['a*b', '50%', '@x', '(']) {
      await connector.fetch({ ...records, filter: { is: 'contains', field: 'customer', text } }, signal)
    }
    expect(new Set(filters())).toEqual(new Set(["(status eq 'Open' or status eq 'Paid')"]))
  })

  test('on a name are sent as its keys', async () => {
    const { connector, filters } = await open()
    const { rows } = await connector.fetch(
      { ...records, fields: ['salesperson'], filter: is('salesperson', '김민수') },
      signal,
    )
    expect(new Set(rows.map(({ salesperson }) => salesperson))).toEqual(new Set(['김민수']))
    expect(filters()).toEqual(["(status eq 'Open' or status eq 'Paid') and salesperson eq 'KIM'"])
    expect((await connector.fetch({ ...records, filter: is('salesperson', '없는 사람') }, signal)).rows).toEqual([])
    expect(filters()).toHaveLength(1)
  })
})

describe('a document', () => {
  test('is as many records as it has lines; drafts and documents without lines are none', async () => {
    const { connector } = await open()
    const { rows, count } = await connector.fetch(records, signal)
    expect(count).toBe(181)
    expect(rows.some(({ invoiceNo }) => invoiceNo === 'DRAFT' || invoiceNo === 'INV-EMPTY')).toBe(false)
  })

  test('of credit is taken off, in conditions and order too', async () => {
    const { connector, erp } = await open()
    const least = { ...records, orderBy: [{ by: 'amount', descending: false }], limit: 1 }
    expect((await connector.fetch(least, signal)).rows).toEqual([{ invoiceNo: 'CM-0001', amount: '-5.5' }])
    const below: Filter = { is: 'comparison', field: 'amount', operator: 'lt', right: { type: 'number', value: '0' } }
    expect((await connector.fetch({ ...records, filter: below }, signal)).count).toBe(1)
    const october = { field: 'date', from: '2026-10-01', to: '2026-10-31' }
    const query = permitQuery({ entity: 'sales', measures: ['amount'], period: october }, 'all', 'tester')
    const lines = invoices.filter(({ date }) => date.startsWith('2026-10')).flatMap((invoice) => invoice.lines)
    const invoiced = lines.reduce((sum, { amount }) => sum.plus(amount), new Exact(0))
    const { totals } = await erp.answerQuery(query, signal)
    expect(totals.amount).toBe(formatExact(invoiced.minus('5.50')))
  })

  test('keeps every digit of its amounts', async () => {
    const { connector } = await open()
    const { rows } = await connector.fetch({ ...records, filter: is('invoiceNo', 'INV-0059') }, signal)
    expect(rows.map(({ amount }) => amount)).toContain('12345678901234567.89')
  })

  test('has no due date where that is in year 1, and is then overdue by no days', async () => {
    const { connector } = await open()
    const open2: RecordSpec = { ...records, entity: 'receivable', fields: ['dueDate', 'overdueDays'] }
    const { rows } = await connector.fetch(open2, signal)
    expect(rows.some(({ dueDate }) => dueDate === null)).toBe(true)
    const late: Filter = {
      is: 'comparison',
      field: 'overdueDays',
      operator: 'gte',
      right: { type: 'number', value: '1' },
    }
    const overdue = await connector.fetch({ ...open2, filter: late }, signal)
    expect(overdue.rows.length).toBeGreaterThan(0)
    expect(overdue.rows.every(({ overdueDays }) => Number(overdueDays) > 0)).toBe(true)
  })
})

describe('calls', () => {
  test('read from the replica, follow links, and never page by $skip', async () => {
    const { connector, asked } = await open({ pageCap: 20 })
    await connector.fetch(records, signal)
    expect(asked()).toHaveLength(4)
    for (const { url, headers } of asked()) {
      expect(headers).toMatchObject({ 'data-access-intent': 'ReadOnly', prefer: 'odata.maxpagesize=1000' })
      expect([...url.searchParams.keys()]).not.toContain('$skip')
      expect(url.pathname).toBe('/v2.0/tenant/Production/api/v2.0/companies(0001)/salesInvoices')
    }
  })

  test('are five at a time', async () => {
    const { connector, simulator } = await open({ delayMs: 10 })
    await Promise.all(Array.from({ length: 20 }, () => connector.fetch(records, signal)))
    expect(simulator.state.requests).toHaveLength(40)
    expect(simulator.state.mostRunning).toBe(5)
  })

  test('never ask for groups', async () => {
    const { connector, simulator } = await open()
    const groups: GroupSpec = {
      ...records,
      kind: 'groups',
      keys: [{ field: 'customer' }],
      aggregates: [{ fn: 'count' }],
      having: [],
    }
    await expect(connector.fetch(groups, signal)).rejects.toThrow('grouping')
    expect(connector.capabilities().aggregate).toBe('none')
    expect(simulator.state.requests).toEqual([])
  })

  test.each([
    [503, 'ERP_RATE_LIMITED'],
    [408, 'ERP_TIMEOUT'],
    [504, 'ERP_TIMEOUT'],
  ])('that are refused with %i are not repeated: %s', async (status, code) => {
    const { connector, simulator } = await open({ intercept: () => ({ status }) })
    expect(await codeOf(connector.fetch({ ...records, entity: 'customer', fields: ['name'] }, signal))).toBe(code)
    expect(simulator.state.requests).toHaveLength(1)
    expect(connector.status().state).toBe('live')
  })

  test('wait as 429 says', async () => {
    let calls = 0
    const busy = () => {
      calls += 1
      return calls === 1 ? { status: 429, headers: { 'retry-after': '0' } } : undefined
    }
    const { connector } = await open({ intercept: busy })
    expect((await connector.fetch(records, signal)).count).toBe(181)
  })
})

describe('tokens', () => {
  test('come from the identity provider, for the scope of Business Central', async () => {
    const { connector, simulator } = await open()
    await connector.fetch(records, signal)
    await connector.fetch(records, signal)
    expect(simulator.state.tokens).toHaveLength(1)
    const form = Object.fromEntries(new URLSearchParams(simulator.state.tokens[0]?.body))
    expect(form).toEqual({
      grant_type: 'client_credentials',
      scope: 'https://api.businesscentral.dynamics.com/.default',
    })
  })

  test('that cannot be had do not make the ERP a lost one', async () => {
    const { connector } = await open({ config: { tokenUrl: 'http://127.0.0.1:1/token' } })
    expect(await codeOf(connector.fetch(records, signal))).toBe('ERP_UNAVAILABLE')
    expect(connector.status().state).toBe('live')
  })

  test('are not sent for in the clear', async () => {
    await expect(open({ config: { tokenUrl: 'http://login.example.com/token' } })).rejects.toThrow('over https')
  })
})
