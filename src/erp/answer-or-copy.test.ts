import { expect, test } from 'vitest'
import { type BusinessQuery, permitQuery, type RowFilter } from '#catalog'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createErp } from './create-erp.ts'
import type { ErpConnector } from './erp-connector.ts'
import { erpErrors, invalidQuery, notInErp } from './errors.ts'
import { createMemoryConnector } from './memory-connector-fixture.ts'
import { catalog } from './small-erp-fixture.ts'

const now = () => new Date('2026-11-23T03:00:00Z')
const sale = (customer: string, amount: string) => ({ date: '2026-11-02', customer, amount })
const total: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer'] }
const copied = { sales: [sale('Hanbit', '10'), sale('Daon', '1')] }
const { signal } = new AbortController()

const failing = (error: unknown): ErpConnector => ({
  ...createMemoryConnector({ tables: {} }),
  fetch: () => Promise.reject(error),
})

function open(connector: ErpConnector, copy: ErpConnector | undefined = fromCopy()) {
  const lines: Record<string, unknown>[] = []
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  const log = createLogger({ level: 'debug', role: 'test', destination })
  const metrics = createMetrics()
  const erp = createErp({ connector, ...(copy ? { copy } : {}), catalog, log, metrics, now })
  const ask = (query = total, rows: RowFilter = 'all', by = signal) =>
    erp.answerQuery(permitQuery(query, rows, 'tester'), by)
  const counted = async () => {
    const { values } = await metrics.registry.getSingleMetric('erp_answers_total')!.get()
    // Sources are there from the start, with zeros.
    return Object.fromEntries(
      values.filter(({ value }) => value > 0).map(({ labels, value }) => [labels.source, value]),
    )
  }
  return { ask, erp, lines, counted }
}

function fromCopy(): ErpConnector {
  const memory = createMemoryConnector({ tables: copied, asOf: '2026-11-23T02:00:00.000Z' })
  return { ...memory, fetch: async (spec, by) => ({ ...(await memory.fetch(spec, by)), source: 'copy' }) }
}

test.each([
  ['timeout', 'slow'],
  ['unavailable', 'unreachable'],
  ['rateLimited', 'limited'],
  ['badReply', 'unclear'],
  ['changing', 'changing'],
  ['tooBig', 'tooMuch'],
] as const)('an ERP that fails with %s is answered for, and the answer says so: %s', async (error, reason) => {
  const { ask, lines, counted } = open(failing(new AppError(erpErrors[error])))
  expect(await ask()).toMatchObject({
    rows: [
      { customer: 'Hanbit', amount: '10' },
      { customer: 'Daon', amount: '1' },
    ],
    source: 'copy',
    copyReason: reason,
    asOf: '2026-11-23T02:00:00.000Z',
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ 'error.code': erpErrors[error].code, 'copy.as_of': '2026-11-23T02:00:00.000Z' })
  expect(await counted()).toEqual({ copy: 1 })
})

test('the copy gets the same reader’s rows', async () => {
  const { ask } = open(failing(new AppError(erpErrors.timeout)))
  expect((await ask(total, [[['customer', 'eq', 'Daon']]])).rows).toEqual([{ customer: 'Daon', amount: '1' }])
  expect((await ask(total, [])).rows).toEqual([])
})

test('an ERP that answers is not answered for', async () => {
  const { ask, lines, counted } = open(createMemoryConnector({ tables: { sales: [sale('Saeron', '5')] } }))
  const answer = await ask()
  expect(answer).toMatchObject({ rows: [{ customer: 'Saeron', amount: '5' }], source: 'live' })
  expect(answer.copyReason).toBeUndefined()
  expect(lines).toEqual([])
  expect(await counted()).toEqual({ live: 1 })
})

test.each([
  ['a refusal', new AppError(erpErrors.refused), 1],
  ['a query that asks what is not there', invalidQuery('x', 'no x'), 0],
  ['what the ERP has nothing for', notInErp({ ko: '재고', en: 'Stock' }), 0],
  ['a fault of ours', new TypeError('x is not a function'), 0],
])('%s is not made up for by the copy', async (_, error, logged) => {
  const { ask, lines, counted } = open(failing(error))
  await expect(ask()).rejects.toBe(error)
  expect(lines).toHaveLength(logged)
  expect(await counted()).toEqual(logged ? { none: 1 } : {})
})

test('a copy that cannot answer either leaves the first error, and says its own in the log', async () => {
  const first = new AppError(erpErrors.timeout)
  const { ask, lines, counted } = open(failing(first), failing(new AppError(erpErrors.badReply)))
  await expect(ask()).rejects.toBe(first)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ 'error.code': 'ERP_TIMEOUT', 'copy.reason': 'ERP_BAD_REPLY' })
  expect(await counted()).toEqual({ none: 1 })
})

test('nobody who has gone away is answered from the copy', async () => {
  const stop = new AbortController()
  const error = new AppError(erpErrors.timeout)
  const leaving: ErpConnector = {
    ...failing(error),
    fetch: () => {
      stop.abort()
      return Promise.reject(error)
    },
  }
  await expect(open(leaving).ask(total, 'all', stop.signal)).rejects.toBe(error)
})

test('one failed part moves the whole answer: nothing of two sources is mixed', async () => {
  const live = createMemoryConnector({ tables: { sales: [sale('Saeron', '5')] } })
  let calls = 0
  const halfway: ErpConnector = {
    ...live,
    fetch: (spec, by) => (++calls > 1 ? Promise.reject(new AppError(erpErrors.unavailable)) : live.fetch(spec, by)),
  }
  const answer = await open(halfway).ask({ ...total, limit: 1, compareTo: 'previousYear' })
  expect(answer).toMatchObject({
    rows: [{ customer: 'Hanbit', amount: '10' }],
    totals: { amount: '11' },
    source: 'copy',
  })
})

test('names are read from the ERP or not at all', async () => {
  const { erp } = open(failing(new AppError(erpErrors.timeout)))
  await expect(erp.listGroups(permitQuery(total, 'all', 'service'), signal)).rejects.toThrow('ERP_TIMEOUT')
})
