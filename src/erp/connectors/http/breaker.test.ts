import { describe, expect, test, vi } from 'vitest'
import { BreakerOpen, createBreaker } from './breaker.ts'
import { CallError, type CallFault, type HttpReply } from './call-server.ts'

const reply = (status: number) => async (): Promise<HttpReply> => ({ status, headers: {}, text: '' })
const fault = (kind: CallFault) => async (): Promise<HttpReply> => {
  throw new CallError(kind)
}

async function runAll(attempts: (() => Promise<HttpReply>)[]) {
  const breaker = createBreaker({ breakAfter: 3 })
  for (const attempt of attempts) await breaker.run(attempt).catch(() => undefined)
  return breaker
}

describe('three in a row', () => {
  test.each<[string, () => Promise<HttpReply>]>([
    ['time-outs', fault('timeout')],
    ['broken connections', fault('broken')],
    ['closed ports', fault('connect')],
    ['gateways with nobody behind them', reply(503)],
  ])('%s open it', async (_, attempt) => {
    const breaker = await runAll([attempt, attempt, attempt])
    expect(breaker.state()).toBe('open')
    const next = vi.fn(reply(200))
    await expect(breaker.run(next)).rejects.toBeInstanceOf(BreakerOpen)
    expect(next).not.toHaveBeenCalled()
  })

  test.each<[string, () => Promise<HttpReply>]>([
    ['errors of the ERP itself', reply(500)],
    ['refusals', reply(401)],
    ['rate limits', reply(429)],
    ['replies that are too large', fault('too-large')],
    ['attempts that had no time', fault('cut')],
    [
      'callers that went away',
      async () => {
        throw new DOMException('gone', 'AbortError')
      },
    ],
  ])('%s do not', async (_, attempt) => {
    expect((await runAll([attempt, attempt, attempt])).state()).toBe('closed')
  })

  test('only: an answer in between starts the count anew', async () => {
    const slow = fault('timeout')
    expect((await runAll([slow, slow, reply(200), slow, slow])).state()).toBe('closed')
  })
})

test('what it was is known', async () => {
  const [slow, broken] = [fault('timeout'), fault('broken')]
  expect((await runAll([slow, slow, slow])).isTimeout()).toBe(true)
  expect((await runAll([slow, slow, broken])).isTimeout()).toBe(false)
})

describe('a test of an open one', () => {
  const slow = fault('timeout')

  test('that is answered closes it', async () => {
    const breaker = await runAll([slow, slow, slow])
    await breaker.test(reply(200))
    expect(breaker.state()).toBe('closed')
  })

  test('is half-open while it runs, and keeps questions out', async () => {
    const breaker = await runAll([slow, slow, slow])
    const held = Promise.withResolvers<HttpReply>()
    const running = breaker.test(() => held.promise)
    expect(breaker.state()).toBe('half-open')
    await expect(breaker.run(reply(200))).rejects.toBeInstanceOf(BreakerOpen)
    held.resolve(await reply(200)())
    await running
    expect(breaker.state()).toBe('closed')
  })

  test.each<[string, () => Promise<HttpReply>]>([
    ['fails', fault('connect')],
    ['runs out of time', fault('cut')],
    ['finds a gateway', reply(502)],
    [
      'is aborted',
      async () => {
        throw new DOMException('closed', 'AbortError')
      },
    ],
  ])('that %s leaves it open, and says so', async (_, attempt) => {
    const breaker = await runAll([slow, slow, slow])
    const opened = vi.fn()
    breaker.onOpen(opened)
    await breaker.test(attempt).catch(() => undefined)
    expect(breaker.state()).toBe('open')
    expect(opened).toHaveBeenCalledOnce()
  })
})
