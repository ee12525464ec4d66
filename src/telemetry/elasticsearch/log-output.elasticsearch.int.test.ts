import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { createMetrics } from '#platform/metrics'
import { createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { createLogMetrics } from '../log-metrics.ts'
import { dataStreamOf } from '../streams.ts'
import { connectElasticsearch, type ElasticsearchAccess } from './connect.ts'
import { type ElasticsearchSimulator, startElasticsearchSimulator } from './elasticsearch-fixture.ts'
import type { LineQueue } from './line-queue.ts'
import { createElasticsearchOutput, type StoreNews } from './log-output.elasticsearch.ts'

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const closing: (() => Promise<void>)[] = []
const appStream = dataStreamOf('app', 'default')

const quick = { flushMs: 10, firstWaitMs: 20, longestWaitMs: 100, busyWaitMs: 5, closeMs: 500 }

async function open(bounds = {}, access: Partial<ElasticsearchAccess> = {}) {
  const store = await startElasticsearchSimulator()
  const opened = await openOn(store, bounds, access)
  closing.unshift(() => store.close())
  return { store, ...opened }
}

async function openOn(store: ElasticsearchSimulator, bounds = {}, access: Partial<ElasticsearchAccess> = {}) {
  const client = await connectElasticsearch({ urls: [store.url], requestMs: 400, ...access })
  const metrics = createMetrics()
  const news: StoreNews[] = []
  let queue: LineQueue | undefined
  const output = createElasticsearchOutput({
    ...{ client, namespace: 'default', tell: (told) => void news.push(told), bounds: { ...quick, ...bounds } },
    metrics: (made) => {
      queue = made
      return createLogMetrics(metrics, () => queue)
    },
  })
  closing.push(() => output.close())
  const read = async (name: string, labels: Record<string, string> = {}) => {
    const { values = [] } = (await metrics.registry.getSingleMetric(name)?.get()) ?? {}
    const fits = (own: object) => Object.entries(labels).every(([key, value]) => (own as never)[key] === value)
    return values.filter(({ labels: own }) => fits(own)).reduce((sum, { value }) => sum + value, 0)
  }
  return { output, news, read, queueBytes: () => queue?.bytes ?? 0 }
}

const line = (number: number, filler = '') =>
  `${JSON.stringify({ '@timestamp': '2026-11-28T00:00:00.000Z', number, filler })}\n`
const numbersOf = (store: ElasticsearchSimulator) =>
  store
    .documentsOf(appStream)
    .map(({ number }) => number as number)
    .sort((a, b) => a - b)
const range = (count: number) => Array.from({ length: count }, (_, number) => number)

test('lines arrive in their data stream, each once', async () => {
  const { store, output, read } = await open()
  for (const number of range(2_500)) output.offer('app', line(number))
  await vi.waitFor(() => expect(numbersOf(store)).toEqual(range(2_500)), { timeout: 10_000 })
  output.offer('system', line(1))
  await output.close()
  expect(store.documentsOf(dataStreamOf('system', 'default'))).toHaveLength(1)
  expect(await read('log_lines_dropped_total')).toBe(0)
  expect(await read('log_lines_kept_total')).toBe(2_501)
})

test.each(['broken', 'hang'] as const)(
  'a store that is away (%s) holds up nobody, and what waited arrives',
  async (fault) => {
    const { store, output, news, read, queueBytes } = await open({ mostBytes: 400_000 })
    store.fault = fault
    const began = performance.now()
    let longest = 0
    for (const number of range(5_000)) {
      const before = performance.now()
      output.offer('app', line(number, 'x'.repeat(200)))
      longest = Math.max(longest, performance.now() - before)
      if (number % 500 === 0) await wait(20)
    }
    expect(performance.now() - began).toBeGreaterThan(100)
    expect(queueBytes()).toBeLessThanOrEqual(400_000)
    const dropped = await read('log_lines_dropped_total', { reason: 'full', stream: 'app' })
    expect(dropped).toBeGreaterThan(4_000)
    store.fault = undefined
    await vi.waitFor(() => expect(numbersOf(store)).toEqual(range(5_000 - dropped)), { timeout: 20_000 })
    await vi.waitFor(() => expect(news.map(({ isReachable }) => isReachable)).toEqual([false, true]))
    expect(news[1]?.dropped).toBe(dropped)
  },
  40_000,
)

test('a store that is away is asked with a few lines, not with all that wait', async () => {
  const { store, output } = await open()
  store.fault = 'broken'
  for (const number of range(600)) output.offer('app', line(number))
  await vi.waitFor(() => expect(store.requestBytes.length).toBeGreaterThan(3))
  const [first = 0, ...later] = store.requestBytes
  expect(Math.max(...later)).toBeLessThan(first / 10)
  store.fault = undefined
  await vi.waitFor(() => expect(numbersOf(store)).toEqual(range(600)), { timeout: 10_000 })
})

test('a store that is busy gets what it did not take again', async () => {
  const { store, output, read } = await open()
  store.busyItems = 3
  for (const number of range(20)) output.offer('app', line(number))
  await vi.waitFor(() => expect(numbersOf(store)).toHaveLength(17))
  store.fault = 'busy'
  await wait(50)
  store.busyItems = 0
  store.fault = undefined
  await vi.waitFor(() => expect(numbersOf(store)).toEqual(range(20)), { timeout: 10_000 })
  expect(await read('log_lines_dropped_total')).toBe(0)
})

test('a request that is too large is cut into smaller ones, and a line that is too large alone is dropped', async () => {
  const { store, output, read } = await open()
  store.mostBytes = 2_000
  for (const number of range(50)) output.offer('app', line(number, 'x'.repeat(number === 25 ? 3_000 : 100)))
  await vi.waitFor(() => expect(numbersOf(store)).toEqual(range(50).filter((number) => number !== 25)), {
    timeout: 10_000,
  })
  expect(await read('log_lines_dropped_total', { reason: 'rejected' })).toBe(1)
})

test('a line that the store will not take is dropped and counted, and does not come again', async () => {
  const { store, output, read } = await open()
  output.offer('app', '{"no":"time"}\n')
  output.offer('app', line(1))
  await vi.waitFor(async () => expect(await read('log_lines_dropped_total', { reason: 'rejected' })).toBe(1))
  expect(numbersOf(store)).toEqual([1])
})

test('wrong credentials are told, and lines wait until they are right', async () => {
  const { store, output, news } = await open({}, { apiKey: 'a2V5OnNlY3JldA==' })
  store.authorization = 'ApiKey other'
  output.offer('app', line(1))
  await vi.waitFor(() => expect(news).toEqual([{ isReachable: false, fault: 'refused', dropped: 0 }]))
  expect(numbersOf(store)).toEqual([])
  store.authorization = 'ApiKey a2V5OnNlY3JldA=='
  await vi.waitFor(() => expect(numbersOf(store)).toEqual([1]))
})

test('a server that is not Elasticsearch gets no second line', async () => {
  const { store, output, news } = await open()
  store.productHeader = false
  output.offer('app', line(1))
  await vi.waitFor(() => expect(news[0]).toMatchObject({ isReachable: false }))
})

test.runIf(hasOpenssl)('over https the certificate is checked, and the link is TLS 1.3', async () => {
  const authority = createTestAuthority()
  const certificate = authority.issue('localhost')
  const store = await startElasticsearchSimulator(certificate)
  const old = await startElasticsearchSimulator({ ...certificate, maxVersion: 'TLSv1.2' })
  closing.push(
    () => store.close(),
    () => old.close(),
    async () => authority.close(),
  )
  const documents = [{ id: 'audit-1', line: line(1) }]
  const deliverTo = async (to: ElasticsearchSimulator, ca?: string) =>
    (await openOn(to, {}, ca === undefined ? {} : { ca })).output.deliver('audit', documents)
  await deliverTo(store, authority.ca)
  expect(store.documentsOf(dataStreamOf('audit', 'default'))).toHaveLength(1)
  await expect(deliverTo(store)).rejects.toThrow('away')
  await expect(deliverTo(old, authority.ca)).rejects.toThrow('away')
  expect(old.requests).toEqual([])
})

test('what must be kept is confirmed, the same twice is one document, and a failure throws', async () => {
  const { store, output } = await open()
  const documents = range(5).map((number) => ({ id: `audit-${number}`, line: line(number) }))
  await output.deliver('audit', documents)
  await output.deliver('audit', documents)
  expect(store.documentsOf(dataStreamOf('audit', 'default'))).toHaveLength(5)
  store.fault = 'busy'
  await expect(output.deliver('audit', documents)).rejects.toThrow('away')
  store.fault = undefined
  store.busyItems = 5
  await expect(output.deliver('audit', [{ id: 'audit-9', line: line(9) }])).rejects.toThrow('away')
  store.busyItems = 0
  await expect(output.deliver('audit', [{ id: 'audit-9', line: '{}' }])).rejects.toThrow('refuses audit-9')
})

test('closing sends what waits, and counts what it could not', async () => {
  const { store, output, read } = await open({ flushMs: 60_000 })
  output.offer('app', line(1))
  await output.close()
  expect(numbersOf(store)).toEqual([1])
  const late = await openOn(store, { flushMs: 60_000 })
  store.fault = 'hang'
  late.output.offer('app', line(2))
  await late.output.close()
  expect(await late.read('log_lines_dropped_total', { reason: 'closed' })).toBe(1)
  expect(await read('log_lines_dropped_total')).toBe(0)
})
