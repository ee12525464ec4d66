import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type BusinessQuery, permitQuery } from '#catalog'
import { AppError } from '#platform/errors'
import { faultKinds } from '../../demo/erp/faults.ts'
import type { Erp } from './create-erp.ts'
import { openDemoErp, orderFault } from './demo-erp-fixture.ts'

let demo: Awaited<ReturnType<typeof openDemoErp>>
let items: number
beforeAll(async () => {
  demo = await openDemoErp()
  items = (await demo.select('select count(*)::int as count from erp.items'))[0].count
})
afterAll(async () => await demo.close())

const closing: Erp[] = []
afterEach(async () => {
  for (const erp of closing.splice(0)) await erp.close()
})

const { signal } = new AbortController()
const answer = (erp: Erp, query: BusinessQuery) =>
  erp.answerQuery(permitQuery(query, 'all', 'tester'), signal).then(
    ({ rows, totals, source }) => ({ rows, totals, source }),
    (error: unknown) => {
      if (error instanceof AppError) return error.spec.code
      throw error
    },
  )
const countItems = (erp: Erp) => answer(erp, { entity: 'item', measures: ['count'] })
const counted = (source: string) => ({ rows: [{ count: items }], totals: { count: items }, source })
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work))

describe('two hundred questions at once', () => {
  async function open() {
    const state = { time: 0, tokens: 0 }
    const onCall = ({ path }: { path: string }) => {
      if (path === '/oauth2/token') state.tokens += 1
    }
    const { url } = await demo.serve(0, { onCall })
    const { erp } = demo.connect([url], { clock: () => new Date(state.time) })
    closing.push(erp)
    return { state, erp, url }
  }
  const allLive = () => Array(200).fill(counted('live'))

  test('without a token ask for one', async () => {
    const { state, erp } = await open()
    expect(await times(200, () => countItems(erp))).toEqual(allLive())
    expect(state.tokens).toBe(1)
  })

  test('whose token is about to expire have one renewed, and do not wait for it', async () => {
    const { state, erp, url } = await open()
    await countItems(erp)
    state.time = 250_000
    await orderFault(url, 'hang', 1, { at: 'token' })
    expect(await times(200, () => countItems(erp))).toEqual(allLive())
    expect(state.tokens).toBe(1)
  })

  test('whose token has expired ask for one', async () => {
    const { state, erp } = await open()
    await countItems(erp)
    state.time = 300_000
    expect(await times(200, () => countItems(erp))).toEqual(allLive())
    expect(state.tokens).toBe(2)
  })

  test('whose token is refused ask for one', async () => {
    const { state, erp, url } = await open()
    await countItems(erp)
    // The first calls under way at the same time hold the refused token.
    await orderFault(url, '401', 8)
    expect(await times(200, () => countItems(erp))).toEqual(allLive())
    expect(state.tokens).toBe(2)
  })
})

test('a primary that is killed under load and comes back costs no answer, and none is wrong', async () => {
  const primary = await demo.serve()
  const standby = await demo.serve()
  const limits = { restMs: 300, baseDelayMs: 5 }
  const { erp, connector } = demo.connect([primary.url, standby.url], { limits })
  closing.push(erp)
  const answers: Awaited<ReturnType<typeof countItems>>[] = []
  let isOver = false
  const readers = times(20, async () => {
    while (!isOver) answers.push(await countItems(erp))
  })
  const seen = (source: string) => answers.filter((one) => typeof one === 'object' && one.source === source).length
  await expect.poll(() => seen('live'), { timeout: 5_000 }).toBeGreaterThan(50)
  await orderFault(primary.url, 'reset', 10_000)
  await demo.stop(primary)
  await expect.poll(() => seen('failover'), { timeout: 5_000 }).toBeGreaterThan(50)
  await demo.serve(Number(new URL(primary.url).port))
  await expect.poll(() => connector.status().state, { timeout: 5_000 }).toBe('live')
  const before = seen('live')
  await expect.poll(() => seen('live'), { timeout: 5_000 }).toBeGreaterThan(before + 50)
  isOver = true
  await readers
  expect(answers.filter((one) => typeof one === 'string')).toEqual([])
  for (const one of answers) expect([counted('live'), counted('failover')]).toContainEqual(one)
})

const questions: BusinessQuery[] = [
  { entity: 'item', measures: ['count'] },
  { entity: 'stock', measures: ['quantity'], groupBy: ['warehouse'], orderBy: [['quantity', 'desc']], limit: 2 },
  { entity: 'employee', measures: [], limit: 20 },
  { entity: 'purchaseOrder', measures: ['count'], groupBy: ['date:quarter'] },
]
const codes = ['ERP_TIMEOUT', 'ERP_UNAVAILABLE', 'ERP_REFUSED', 'ERP_RATE_LIMITED', 'ERP_BAD_REPLY', 'ERP_CHANGING']
const faultOrders = fc.record({
  kind: fc.constantFrom(...faultKinds.filter((kind) => kind !== 'hang' && kind !== 'drip')),
  times: fc.integer({ min: 1, max: 6 }),
  skip: fc.integer({ min: 0, max: 3 }),
  at: fc.constantFrom('odata', 'odata', 'odata', 'token'),
  server: fc.constantFrom(0, 1),
})

test('whatever goes wrong at both servers, an answer is right or there is none', async () => {
  const servers = [await demo.serve(), await demo.serve()]
  const open = () => {
    const limits = { restMs: 50, baseDelayMs: 1, attemptMs: 500, maxReplyBytes: 1_000_000, breakAfter: 3 }
    const { erp } = demo.connect(
      servers.map(({ url }) => url),
      { limits },
    )
    closing.push(erp)
    return erp
  }
  const right = await Promise.all(questions.map((query) => answer(open(), query)))
  expect(right.filter((one) => typeof one === 'string')).toEqual([])
  const tally = { right: 0, none: 0 }
  for (const orders of fc.sample(fc.array(faultOrders, { minLength: 1, maxLength: 4 }), { seed: 11, numRuns: 40 })) {
    const erp = open()
    for (const { kind, times: count, server, ...more } of orders)
      await orderFault(servers[server]?.url ?? '', kind, count, { ...more, retryAfterS: 0 })
    for (const [index, one] of (await Promise.all(questions.map((query) => answer(erp, query)))).entries()) {
      if (typeof one === 'string') expect(codes).toContain(one)
      else expect({ ...one, source: 'any' }).toEqual({ ...(right[index] as object), source: 'any' })
      tally[typeof one === 'string' ? 'none' : 'right'] += 1
    }
  }
  expect(tally.right).toBeGreaterThan(40)
  expect(tally.none).toBeGreaterThan(0)
})
