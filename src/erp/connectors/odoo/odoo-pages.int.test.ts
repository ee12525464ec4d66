import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import type { GroupSpec, RecordSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'
import { openOffice } from './odoo-office-fixture.ts'
import { officeModels } from './odoo-office-models-fixture.ts'
import { traceSecret } from './odoo-simulator-fixture.ts'
import type { SimRow } from './odoo-simulator-model-fixture.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const { signal } = new AbortController()
const lines: RecordSpec = {
  kind: 'records',
  entity: 'salesOrder',
  filter: every([]),
  fields: ['orderNo', 'amount'],
  orderBy: [],
  maxRows: 1_000,
}
async function open(options: Parameters<typeof openOffice>[0] = {}) {
  const office = await openOffice(options)
  closing.push(office.close)
  const fail = (spec: RecordSpec | GroupSpec = lines) =>
    office.connector.fetch(spec, signal).then(
      () => new Error('answered'),
      (error: Error) => error,
    )
  return { ...office, fail }
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.spec.code : String(error))
const sendJson = (response: ServerResponse, status: number, name: string, headers = {}) => {
  const body = {
    name,
    message: 'secret words',
    arguments: ['secret words'],
    context: {},
    debug: `Traceback ${traceSecret}`,
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}
const isPage = ({ method }: { method: string }) => method === 'search_read'

describe('pages', () => {
  const limits = { pageSize: 2 }

  test('are followed to the end, by the id where nothing else orders them', async () => {
    const { connector, simulator } = await open({ limits })
    const { rows, count, calls } = await connector.fetch(lines, signal)
    expect(rows.map(({ amount }) => amount)).toEqual(['10.1', '20.2', '40', '80', '160'])
    expect(count).toBe(5)
    const pages = simulator.seen.filter(isPage).map(({ body }) => [body.offset, body.limit, body.order])
    expect(pages).toEqual([
      [0, 2, 'id asc'],
      [2, 2, 'id asc'],
      [4, 2, 'id asc'],
    ])
    expect(calls).toBe(6)
  })

  test('of a last one that is full end with an empty one', async () => {
    const { connector } = await open({ limits: { pageSize: 5 } })
    expect((await connector.fetch(lines, signal)).rows).toHaveLength(5)
  })

  /** Calls `change` once, or at every reading, when the second page is asked for. */
  async function openChanging(change: (rows: SimRow[], time: number) => void, times = 1) {
    const models = officeModels()
    let time = 0
    const before = ({ method, body }: { method: string; body: Record<string, unknown> }) => {
      if (method === 'search_read' && body.offset === 2 && time < times) {
        time += 1
        change(models['sale.order.line']?.rows ?? [], time)
      }
      return undefined
    }
    return open({ models, limits, before })
  }
  const newLine = (id: string, amount: string, writtenAt: string): SimRow => ({
    ...{
      id,
      order_id: '1',
      product_id: '1',
      salesman_id: '1',
      price_subtotal: amount,
      product_uom_qty: '1',
      state: 'sale',
    },
    ...{ display_type: null, write_date: writtenAt },
  })

  test.each<[string, (rows: SimRow[]) => void, string[]]>([
    ['came', (rows) => rows.push(newLine('99', '5', '2026-11-02 00:00:00')), ['10.1', '20.2', '40', '80', '160', '5']],
    ['went', (rows) => rows.splice(0, 1), ['20.2', '40', '80', '160']],
    [
      'came as another went',
      (rows) => rows.splice(0, 1, newLine('99', '5', '2026-11-01 00:00:00')),
      ['20.2', '40', '80', '160', '5'],
    ],
    [
      'was written',
      (rows) => rows.splice(0, 1, newLine('1', '11', '2026-11-02 00:00:00')),
      ['11', '20.2', '40', '80', '160'],
    ],
  ])('are read again when a record %s meanwhile', async (_, change, expected) => {
    const { connector, simulator } = await openChanging(change)
    const { rows } = await connector.fetch(lines, signal)
    expect(rows.map(({ amount }) => amount)).toEqual(expected)
    expect(simulator.seen.filter(({ method, body }) => isPage({ method }) && body.offset === 0)).toHaveLength(2)
  })

  test('that never come to rest give no rows at all', async () => {
    const { fail, simulator } = await openChanging(
      (rows, time) => rows.push(newLine(`${100 + time}`, '1', `2026-11-0${time + 1} 00:00:00`)),
      9,
    )
    expect(codeOf(await fail())).toBe('ERP_CHANGING')
    expect(simulator.seen.filter(({ method, body }) => isPage({ method }) && body.offset === 0)).toHaveLength(3)
  })

  test('of a view, which knows no time of writing, are held against what they add up to', async () => {
    const models = officeModels()
    let isDone = false
    const before = ({ method, body }: { method: string; body: Record<string, unknown> }) => {
      const row = models['account.invoice.report']?.rows[0]
      if (row && method === 'search_read' && body.offset === 150 && !isDone) {
        isDone = true
        row.price_subtotal = '1000000'
      }
      return undefined
    }
    const { connector } = await open({ models, before, limits: { pageSize: 150 } })
    const { rows } = await connector.fetch({ ...lines, entity: 'sales', fields: ['amount'] }, signal)
    expect(rows).toHaveLength(200)
    expect(rows[0]).toEqual({ amount: '1000000' })
  })

  test('of a view in which a record moved on are read again, whatever adds up', async () => {
    const models = officeModels()
    const rows = models['account.invoice.report']?.rows ?? []
    const earliest = rows.find((row) => row.invoice_date === '2026-10-01')
    const before = ({ method, body }: { method: string; body: Record<string, unknown> }) => {
      if (method === 'search_read' && body.offset === 150 && earliest) earliest.invoice_date = '2026-12-31'
      return undefined
    }
    const { connector } = await open({ models, before, limits: { pageSize: 150 } })
    const orderBy = [{ by: 'date', descending: false }]
    const found = await connector.fetch({ ...lines, entity: 'sales', fields: ['date'], orderBy }, signal)
    expect(found.rows.map(({ date }) => date)).toEqual(rows.map((row) => row.invoice_date).sort())
  })

  test('follow each other without ties, nothing last', async () => {
    const models = officeModels()
    const invoice = models['account.move']?.rows[1]
    if (invoice) invoice.invoice_date_due = null
    const { connector, simulator } = await open({ models })
    const orderBy = [{ by: 'dueDate', descending: true }]
    const spec: RecordSpec = { ...lines, entity: 'receivable', fields: ['invoiceNo'], orderBy, limit: 9 }
    expect((await connector.fetch(spec, signal)).rows.map((row) => row.invoiceNo)).toEqual(['RINV/1', 'INV/1', 'INV/2'])
    expect(simulator.seen.find(isPage)?.body.order).toBe('invoice_date_due desc nulls last, id asc')
  })

  test('of which related records are not all there are read again', async () => {
    let isShort = true
    const { connector } = await open({
      before: ({ method }, response) => {
        if (method !== 'read' || !isShort) return undefined
        isShort = false
        response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
        return true
      },
    })
    expect((await connector.fetch(lines, signal)).rows).toHaveLength(5)
  })

  test('whose related records are gone by then are read again', async () => {
    let isGone = true
    const { connector } = await open({
      before: ({ method }, response) => {
        if (method !== 'read' || !isGone) return undefined
        isGone = false
        return sendJson(response, 404, 'odoo.exceptions.MissingError')
      },
    })
    expect((await connector.fetch(lines, signal)).rows).toHaveLength(5)
  })

  test.each([
    ['all of them', {}],
    ['the first', { limit: 3 }],
  ])('that someone on the way cuts short are no answer: %s', async (_, more) => {
    const { fail } = await open({
      before: ({ method, body }) => {
        if (method === 'search_read') body.limit = 1
        return undefined
      },
    })
    expect(codeOf(await fail({ ...lines, ...more }))).toBe('ERP_CHANGING')
  })

  test('of too many records are not begun', async () => {
    const { fail, simulator } = await open()
    expect(codeOf(await fail({ ...lines, maxRows: 4 }))).toBe('QUERY_TOO_BIG')
    expect(simulator.seen.filter(isPage)).toEqual([])
  })
})
