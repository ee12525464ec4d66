import { afterEach, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { currentTrace, newTrace, runInTrace } from '#platform/trace'
import type { UnderstandRequest } from '../understanding.ts'
import { answeredBy, answering, closeAll, connect, reply, request, serve } from './rpc-fixture.ts'

afterEach(closeAll)

test('a question, its dialogue state and its trace arrive, and the reading comes back whole', async () => {
  let received: { request: UnderstandRequest; traceId: string } | undefined
  const { address } = await serve(async (seen) => {
    received = { request: seen, traceId: currentTrace().traceId }
    return reply('a')
  })
  const asked: UnderstandRequest = {
    ...request('그럼 지난달은?'),
    partial: true,
    state: {
      pending: {
        query: { entity: 'sales', measures: ['amount'] },
        field: 'customer',
        candidates: ['한빛상사', '한빛전자'],
        intent: 'query',
      },
    },
  }
  const trace = newTrace()
  const answer = await runInTrace(trace, () => connect([address]).understand(asked))
  // A reader that does not say which model it read with is known by its server's.
  expect(answer).toEqual({ ...reply('a'), model: 'test' })
  expect(received).toEqual({ request: asked, traceId: trace.traceId })
})

test.each([2, 3])('requests go round %i servers in turn', async (count) => {
  const names = ['a', 'b', 'c'].slice(0, count)
  const servers = await Promise.all(names.map((n) => serve(answering(n))))
  const { understand } = connect(servers.map((s) => s.address))
  const answers = await Promise.all(Array.from({ length: 10 * count }, () => understand(request('매출'))))
  const shares = names.map((n) => answers.filter((answer) => answeredBy(answer) === n).length)
  expect(shares).toEqual(names.map(() => 10))
})

test('a server that stalls loses no request', async () => {
  const stalled = await serve(() => new Promise(() => {}))
  const quick = await serve(answering('quick'))
  const { understand } = connect([stalled.address, quick.address])
  const answers = await Promise.all(Array.from({ length: 10 }, () => understand(request('매출'))))
  expect(new Set(answers.map(answeredBy))).toEqual(new Set(['quick']))
})

test('one slow server is waited for, and asked once', async () => {
  const seen: string[] = []
  const { address } = await serve(async ({ text }) => {
    seen.push(text)
    await new Promise((done) => setTimeout(done, 900))
    return reply('slow')
  })
  expect(answeredBy(await connect([address]).understand(request('매출')))).toBe('slow')
  expect(seen).toEqual(['매출'])
})

test('a server that dies with requests in flight loses none of them', async () => {
  let dying: { close(): Promise<void> } | undefined
  const victim = await serve(() => new Promise(() => void dying?.close()))
  dying = victim
  const survivor = await serve(answering('survivor'))
  const { understand } = connect([victim.address, survivor.address])
  const answers = await Promise.all(Array.from({ length: 10 }, () => understand(request('매출'))))
  expect(new Set(answers.map(answeredBy))).toEqual(new Set(['survivor']))
})

test('with no server there is one clear error, and a server that comes back is used again', async () => {
  const first = await serve(answering('first'))
  const { understand, checkReady } = connect([first.address])
  await understand(request('매출'))
  await first.close()
  await expect(understand(request('매출'))).rejects.toMatchObject({ spec: { code: 'NLU_UNAVAILABLE' } })
  await expect(checkReady()).rejects.toBeInstanceOf(AppError)

  await serve(answering('again'), first.address)
  await expect
    .poll(() => understand(request('매출')).then(answeredBy, () => 'refused'), { timeout: 10_000 })
    .toBe('again')
  await checkReady()
})

test('a fault of the server is a coded error and the stream goes on', async () => {
  const { address } = await serve(async ({ text }) => {
    if (text === 'boom') throw new Error('secret detail')
    return reply('a')
  })
  const { understand } = connect([address])
  const failed = await understand(request('boom')).catch((error: unknown) => error)
  expect(failed).toMatchObject({ spec: { code: 'NLU_FAULT' } })
  expect(JSON.stringify(failed)).not.toContain('secret detail')
  await expect(understand({ ...request('매출'), today: 'yesterday' })).rejects.toMatchObject({
    spec: { code: 'NLU_BAD_REQUEST' },
  })
  expect(answeredBy(await understand(request('매출')))).toBe('a')
})

test('text that is no valid Unicode is read all the same', async () => {
  const seen: string[] = []
  const { address } = await serve(answering('a', seen))
  await connect([address]).understand(request('매출\ud800 얼마'))
  expect(seen).toEqual(['매출\ufffd 얼마'])
})

test('a caller that gives up is let go at once', async () => {
  const { address } = await serve(() => new Promise(() => {}))
  await expect(connect([address]).understand(request('매출'), AbortSignal.timeout(20))).rejects.toBeInstanceOf(AppError)
})
