import { afterEach, expect, test } from 'vitest'
import { answeredBy, closeAll, connect, keepAsking, request, serveInProcess } from './rpc-fixture.ts'

// Servers in processes of their own, so that they can be killed and stopped like the real ones.
afterEach(closeAll)

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function startPair() {
  const [a, b] = await Promise.all([serveInProcess('a'), serveInProcess('b')])
  const client = connect([a.address, b.address])
  await client.checkReady()
  return { a, b, ...client }
}

test('kill -9 of one of two servers under load loses no request', async () => {
  const { a, understand } = await startPair()
  const load = keepAsking(understand, 64)
  await pause(300)
  a.kill('SIGKILL')
  await a.exited
  const before = load.answers.length
  await expect.poll(() => load.answers.length).toBeGreaterThan(before + 500)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.answers).toContain('a')
  expect(load.answers.slice(-200)).toEqual(Array.from({ length: 200 }, () => 'b'))
})

test('a killed server that is started again is used again', async () => {
  const { a, understand } = await startPair()
  a.kill('SIGKILL')
  await a.exited
  expect(answeredBy(await understand(request('매출')))).toBe('b')
  await serveInProcess('a again', a.address)
  await expect.poll(() => understand(request('매출')).then(answeredBy), { timeout: 12_000 }).toBe('a again')
})

test('a server that stands still is left after one stall, and used again when it goes on', async () => {
  const { a, understand, metric } = await startPair()
  const load = keepAsking(understand, 32)
  await pause(300)
  a.kill('SIGSTOP')
  await expect.poll(() => metric('nlu_server_healthy', { server: a.address })).toBe(0)
  const retries = await metric('nlu_request_retries_total')
  const before = load.answers.length
  await expect.poll(() => load.answers.length).toBeGreaterThan(before + 1000)
  // Later requests don't pay for the stall: none is sent there and brought back.
  expect(await metric('nlu_request_retries_total')).toBe(retries)
  expect(retries).toBeLessThanOrEqual(32)
  expect(load.answers.slice(before + 64)).not.toContain('a')

  a.kill('SIGCONT')
  await expect.poll(() => load.answers.slice(-100), { timeout: 12_000 }).toContain('a')
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await metric('nlu_server_healthy')).toBe(2)
})

test('with both servers gone the error comes within the deadline and says so', async () => {
  const { a, b, understand, metric } = await startPair()
  const load = keepAsking(understand, 8)
  await pause(100)
  a.kill('SIGKILL')
  b.kill('SIGKILL')
  await Promise.all([a.exited, b.exited])
  await expect.poll(() => load.failures.length).toBeGreaterThan(0)
  await load.stop()
  const codes = new Set(load.failures.map((error) => (error as { spec: { code: string } }).spec.code))
  expect(codes).toEqual(new Set(['NLU_UNAVAILABLE']))
  expect(await metric('nlu_server_healthy')).toBe(0)
})

test('a server that stands still alone makes requests time out, and answers when it goes on', async () => {
  const a = await serveInProcess('a')
  const { understand } = connect([a.address])
  await understand(request('매출'))
  a.kill('SIGSTOP')
  await expect(understand(request('매출'))).rejects.toMatchObject({ spec: { code: 'NLU_TIMEOUT' } })
  a.kill('SIGCONT')
  expect(answeredBy(await understand(request('매출')))).toBe('a')
})
