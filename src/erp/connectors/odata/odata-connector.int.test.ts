import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import type { ErpServer } from '../../../../demo/erp/serve-erp.ts'
import { openDemoErp, orderFault } from '../../demo-erp-fixture.ts'
import { describeErpConnector } from '../../erp-connector.contract.ts'
import type { GroupSpec } from '../../erp-connector.ts'
import { every } from '../../filter.ts'

let demo: Awaited<ReturnType<typeof openDemoErp>>
let primary: ErpServer
let standby: ErpServer

beforeAll(async () => {
  demo = await openDemoErp()
  primary = await demo.serve()
  standby = await demo.serve()
})
afterAll(async () => await demo.close())

describeErpConnector('OData v4', async () => {
  const { connector } = demo.connect([primary.url])
  return { connector, close: connector.close }
})

const total: GroupSpec = {
  kind: 'groups',
  entity: 'sales',
  filter: every([]),
  keys: [],
  aggregates: [{ fn: 'sum', field: 'amount' }, { fn: 'count' }],
  having: [],
  orderBy: [],
  maxRows: 10,
}
const { signal } = new AbortController()
const limits = { attemptMs: 1_000, baseDelayMs: 5, budgetMs: 3_000 }
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.spec.code : String(error)),
  )

describe('with one server', () => {
  let expected: unknown

  beforeEach(async () => {
    for (const kind of ['429', '500', 'hang', 'reset', 'half-page', 'html', '401'])
      await orderFault(primary.url, kind, 0)
    const [row] = await demo.select('select sum(amount)::text as sum, count(*)::int as count from erp.invoice_lines')
    expected = [{ 'sum:amount': String(Number(row.sum)), count: row.count }]
  })

  test.each([
    ['500', 2],
    ['reset', 2],
    ['half-page', 3],
    ['html', 1],
    ['401', 1],
  ])('answers in spite of %s, %i times', async (kind, times) => {
    const { connector } = demo.connect([primary.url], { limits })
    await orderFault(primary.url, kind, times)
    expect((await connector.fetch(total, signal)).rows).toEqual(expected)
    await connector.close()
  })

  test.each([
    ['500', 'ERP_UNAVAILABLE'],
    ['reset', 'ERP_UNAVAILABLE'],
    ['half-page', 'ERP_UNAVAILABLE'],
    ['html', 'ERP_BAD_REPLY'],
    ['401', 'ERP_REFUSED'],
    ['hang', 'ERP_TIMEOUT'],
  ])('gives up after too much of %s: %s', async (kind, code) => {
    const { connector } = demo.connect([primary.url], { limits })
    await orderFault(primary.url, kind, 20)
    expect(await codeOf(connector.fetch(total, signal))).toBe(code)
    await connector.close()
  })

  test('waits as a rate limit says, or says so when that is too long', async () => {
    const { connector } = demo.connect([primary.url], { limits })
    await orderFault(primary.url, '429', 1, { retryAfterS: 1 })
    expect((await connector.fetch(total, signal)).rows).toEqual(expected)
    await orderFault(primary.url, '429', 1, { retryAfterS: 3_600 })
    const limited = await connector.fetch(total, signal).catch((error: unknown) => error)
    expect(limited).toMatchObject({ spec: { code: 'ERP_RATE_LIMITED' }, retryAfterS: 3_600 })
    await connector.close()
  })

  test('asks for a token once for many questions, and again when it has expired', async () => {
    const clock = { time: Date.now() }
    const { connector, metrics } = demo.connect([primary.url], { limits, clock: () => new Date(clock.time) })
    await Promise.all(Array.from({ length: 5 }, () => connector.fetch(total, signal)))
    clock.time += 3_600_000
    await connector.fetch(total, signal)
    const requests = await metrics.registry.getSingleMetric('erp_requests_total')?.get()
    const made = requests?.values.filter(({ value }) => value > 0)
    expect(made).toMatchObject([{ labels: { server: 'primary', outcome: 'ok' }, value: 8 }])
    await connector.close()
  })

  test.each([
    ['the secret', { clientSecret: 'wrong' }],
    ['the API key', { apiKey: 'wrong' }],
  ])('is told that %s is wrong', async (_, config) => {
    const { connector } = demo.connect([primary.url], { limits, ...config })
    expect(await codeOf(connector.fetch(total, signal))).toBe('ERP_REFUSED')
    await connector.close()
  })

  test('ends a call with its caller', async () => {
    const { connector } = demo.connect([primary.url])
    await connector.fetch(total, signal)
    await orderFault(primary.url, 'hang', 1)
    const impatient = new AbortController()
    const fetched = connector.fetch(total, impatient.signal)
    setTimeout(() => impatient.abort(new Error('gone')), 20)
    await expect(fetched).rejects.toThrow('gone')
    await connector.close()
  })
})

describe('with a standby', () => {
  test('goes on there when the primary is gone, and back when it returns', async () => {
    const dying = await demo.serve()
    const clock = { time: Date.now() }
    const { connector, erp } = demo.connect([dying.url, standby.url], { limits, clock: () => new Date(clock.time) })
    const ask = () => erp.answerQuery(permitQuery({ entity: 'sales', measures: ['amount'] }, 'all', 'tester'), signal)
    const before = await ask()
    expect(before.source).toBe('live')
    const { port } = new URL(dying.url)
    await demo.stop(dying)
    const during = await ask()
    expect(during).toMatchObject({ source: 'failover', rows: before.rows })
    expect(erp.connectionStatus().state).toBe('failover')

    await demo.serve(Number(port))
    clock.time += 16_000
    await ask()
    while (erp.connectionStatus().state !== 'live') await new Promise((resolve) => setTimeout(resolve, 10))
    expect((await ask()).source).toBe('live')
    await connector.close()
  })

  test('says so when none is left', async () => {
    const { connector, erp } = demo.connect(['http://127.0.0.1:1', 'http://127.0.0.1:2'], { limits })
    expect(await codeOf(connector.fetch(total, signal))).toBe('ERP_UNAVAILABLE')
    expect(erp.connectionStatus().state).toBe('down')
    await erp.close()
  })

  test('does not leave a primary that only takes long', async () => {
    const { connector, erp } = demo.connect([primary.url, standby.url], { limits })
    await orderFault(primary.url, 'hang', 1)
    expect(await codeOf(connector.fetch(total, signal))).toBe('ERP_TIMEOUT')
    expect(erp.connectionStatus().state).toBe('live')
    await connector.close()
  })
})
