import { type AddressInfo, connect as connectSocket, createServer } from 'node:net'
import { create } from '@bufbuild/protobuf'
import { Server, ServerCredentials, type ServerDuplexStream, status } from '@grpc/grpc-js'
import { HealthImplementation, service as healthService } from 'grpc-health-check'
import { afterEach, expect, test } from 'vitest'
import {
  AnalysisSchema,
  type AnalyzeRequest,
  AnalyzeResponseSchema,
  ReadingSchema,
  Understanding,
} from '../gen/nlu_pb.ts'
import type { UnderstandReply } from '../understanding.ts'
import { openRawStream } from './raw-stream-fixture.ts'
import {
  answeredBy,
  answering,
  closeAll,
  closeLater,
  connect,
  keepAsking,
  reply,
  request,
  serve,
} from './rpc-fixture.ts'
import { decodeRequest, encodeResponse, understandingService } from './service-definition.ts'

// Servers and clients that don't behave: ours must not fall with them.
afterEach(closeAll)

type Stream = ServerDuplexStream<Buffer, Buffer>
type OddServer = {
  onRequest: (request: AnalyzeRequest, stream: Stream) => void
  health?: 'SERVING' | 'NOT_SERVING' | 'hangs'
}

/** A server that speaks the protocol and behaves as told. */
async function serveOddly({ onRequest, health = 'SERVING' }: OddServer) {
  const server = new Server()
  const statuses = new HealthImplementation({ [Understanding.typeName]: health === 'hangs' ? 'SERVING' : health })
  if (health === 'hangs') server.addService(healthService, { check: () => {}, watch: () => {}, list: () => {} })
  else statuses.addToServer(server)
  let asked = 0
  server.addService(understandingService, {
    analyze: (stream: Stream) => {
      stream.on('error', () => {})
      stream.on('data', (bytes: Buffer) => {
        asked += 1
        onRequest(decodeRequest(bytes), stream)
      })
    },
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  closeLater({ close: () => server.forceShutdown() })
  return {
    address: `127.0.0.1:${port}`,
    asked: () => asked,
    setHealth: (next: 'SERVING' | 'NOT_SERVING') => statuses.setStatus(Understanding.typeName, next),
    forceShutdown: () => server.forceShutdown(),
  }
}

const analysisOf = (requestId: string, intent: string) =>
  encodeResponse(
    create(AnalyzeResponseSchema, {
      requestId,
      outcome: {
        case: 'analysis',
        value: create(AnalysisSchema, { reading: create(ReadingSchema, { intent, language: 'ko', confidence: 1 }) }),
      },
    }),
  )

async function askMany(understand: ReturnType<typeof connect>['understand'], count = 20) {
  const answers: UnderstandReply[] = []
  for (let i = 0; i < count; i += 1) answers.push(await understand(request('매출')))
  return answers.map(answeredBy)
}
const allBy = (name: string, count = 20) => Array.from({ length: count }, () => name)

test('a server that says NOT_SERVING gets no traffic, until it serves', async () => {
  const away = await serveOddly({
    health: 'NOT_SERVING',
    onRequest: ({ requestId }, stream) => stream.write(analysisOf(requestId, 'help')),
  })
  const good = await serve(answering('good'))
  const { understand, checkReady } = connect([away.address, good.address])
  await checkReady()
  expect(await askMany(understand)).toEqual(allBy('good'))
  expect(away.asked()).toBe(0)
  away.setHealth('SERVING')
  await checkReady()
  await askMany(understand)
  expect(away.asked()).toBe(10)
})

test('a server whose health check hangs gets no traffic', async () => {
  const odd = await serveOddly({ health: 'hangs', onRequest: () => {} })
  const good = await serve(answering('good'))
  const { understand, checkReady } = connect([odd.address, good.address])
  await checkReady()
  expect(await askMany(understand)).toEqual(allBy('good'))
  expect(odd.asked()).toBe(0)
})

test('a server that is well by its health but never answers is asked for a sign before it is used again', async () => {
  const mute = await serveOddly({ onRequest: () => {} })
  const good = await serve(answering('good'))
  const { understand, checkReady, metric } = connect([mute.address, good.address])
  await Promise.all([askMany(understand, 2), askMany(understand, 2)])
  expect(await metric('nlu_server_healthy', { server: mute.address })).toBe(0)
  const asked = mute.asked()
  await checkReady()
  expect(await metric('nlu_server_healthy', { server: mute.address })).toBe(0)
  expect(await askMany(understand)).toEqual(allBy('good'))
  // The one more is the sign that was asked for.
  expect(mute.asked()).toBe(asked + 1)
})

test('a reply of another version is asked for elsewhere', async () => {
  const odd = await serveOddly({
    onRequest: ({ requestId }, stream) => stream.write(analysisOf(requestId, 'an intent of tomorrow')),
  })
  const good = await serve(answering('good'))
  const { understand, metric } = connect([odd.address, good.address])
  expect(await askMany(understand)).toEqual(allBy('good'))
  expect(await metric('nlu_request_retries_total', { server: odd.address, reason: 'unreadable' })).toBeGreaterThan(0)
})

test.each([
  ['bytes that are no message', (stream: Stream) => stream.write(Buffer.from([0xff, 0xff, 0xff, 0x01]))],
  ['a message larger than any reply', (stream: Stream) => stream.write(Buffer.alloc(3 * 1024 * 1024))],
  ['an error', (stream: Stream) => stream.emit('error', { code: status.INTERNAL, details: 'broken' })],
])('a server that replies with %s costs no request', async (_, misbehave) => {
  const odd = await serveOddly({ onRequest: (_request, stream) => void misbehave(stream) })
  const good = await serve(answering('good'))
  const { understand } = connect([odd.address, good.address])
  expect(await askMany(understand)).toEqual(allBy('good'))
})

test('a server that is shut down by force costs no request', async () => {
  const odd = await serveOddly({ onRequest: () => {} })
  const good = await serve(answering('good'))
  const { understand, metric } = connect([odd.address, good.address])
  const answers = askMany(understand, 4)
  await expect.poll(odd.asked).toBe(1)
  odd.forceShutdown()
  expect(await answers).toEqual(allBy('good', 4))
  expect(await metric('nlu_request_retries_total', { reason: 'failed' })).toBe(1)
})

test('a port where something else listens costs no request', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  closeLater({ close: () => other.close() })
  const good = await serve(answering('good'))
  const { understand } = connect([`127.0.0.1:${(other.address() as AddressInfo).port}`, good.address])
  expect(await askMany(understand)).toEqual(allBy('good'))
})

test('garbage on the port does not touch the other clients', async () => {
  const { address } = await serve(answering('a'))
  const { understand } = connect([address])
  const load = keepAsking(understand, 4)
  const [host = '', port = ''] = address.split(':')
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.alloc(5000, 0xa5),
    Buffer.from(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'x'.repeat(999)}`),
  ]) {
    const socket = connectSocket(Number(port), host, () => socket.write(bytes))
    socket.on('error', () => {})
    await new Promise((done) => socket.once('close', done).setTimeout(200, () => socket.destroy()))
  }
  const raw = await openRawStream(address)
  raw.sendBytes(Buffer.from([0xff, 0xff, 0xff]))
  await expect.poll(() => raw.errors.map(({ code }) => code)).toEqual([status.INVALID_ARGUMENT])
  const large = await openRawStream(address)
  large.sendBytes(Buffer.alloc(300 * 1024))
  await expect.poll(() => large.errors.map(({ code }) => code)).toEqual([status.RESOURCE_EXHAUSTED])
  await load.stop()
  expect(load.failures).toEqual([])
})

test('a question too large to send is refused here, and the stream goes on', async () => {
  const { address } = await serve(answering('a'))
  const { understand, metric } = connect([address])
  const tooLarge = ['가'.repeat(30_000), '가'.repeat(300_000)]
  const refusals = Promise.allSettled(tooLarge.map((text) => understand(request(text))))
  const good = askMany(understand, 5)
  for (const refusal of await refusals) expect(refusal).toMatchObject({ reason: { spec: { code: 'NLU_BAD_REQUEST' } } })
  expect(await good).toEqual(allBy('a', 5))
  expect(await metric('nlu_request_retries_total')).toBe(0)
})

test('a client that floods is refused past what may wait, and the rest are served', async () => {
  const held: (() => void)[] = []
  const { address, metric } = await serve(({ text }) =>
    text === 'flood'
      ? new Promise((resolve) => held.push(() => resolve(reply('flood'))))
      : answering('a')({ text } as never),
  )
  const raw = await openRawStream(address)
  for (let i = 0; i < 1000; i += 1) raw.send({ requestId: `f${i}`, text: 'flood' })
  await expect.poll(() => raw.responses.length).toBe(1000 - 64 - 256)
  const codes = raw.responses.map(({ outcome }) => outcome.case === 'fault' && outcome.value.code)
  expect(new Set(codes)).toEqual(new Set(['NLU_OVERLOADED']))
  expect(await metric('nlu_analyses_waiting')).toBe(256)
  expect(await askMany(connect([address]).understand, 5)).toEqual(allBy('a', 5))
  raw.stream.cancel()
  await expect.poll(() => metric('nlu_analyses_waiting')).toBe(0)
  expect(held.length).toBe(64)
})

test('past what may be under way and wait in line here, requests are refused at once', async () => {
  const mute = await serveOddly({ onRequest: () => {} })
  const { understand, metric } = connect([mute.address])
  const outcomes = Array.from({ length: 1300 }, () =>
    understand(request('매출')).catch((error: { spec: { code: string } }) => error.spec.code),
  )
  expect(await Promise.race(outcomes)).toBe('NLU_OVERLOADED')
  expect((await metric('nlu_requests_in_flight')) + (await metric('nlu_requests_waiting'))).toBeGreaterThanOrEqual(1000)
  const codes = await Promise.all(outcomes)
  expect(codes.filter((code) => code === 'NLU_TIMEOUT').length).toBeLessThanOrEqual(1200)
  expect(new Set(codes)).toEqual(new Set(['NLU_OVERLOADED', 'NLU_TIMEOUT']))
})

test('a server that closes answers what it has taken; what comes then goes elsewhere', async () => {
  let closed: Promise<void> | undefined
  const closing = await serve(async ({ text }) => {
    if (text === '마지막') closed ??= closing.close()
    await new Promise((done) => setTimeout(done, 50))
    return reply('closing')
  })
  const stays = await serve(answering('stays'))
  const { understand, metric } = connect([closing.address, stays.address])
  const load = keepAsking(understand, 8)
  const last = await Promise.all([understand(request('마지막')), understand(request('마지막'))])
  expect(last.map(answeredBy)).toContain('closing')
  await closed
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await askMany(understand, 5)).toEqual(allBy('stays', 5))
  expect(await metric('nlu_request_retries_total', { reason: 'stalled' })).toBe(0)
})

test('what its client no longer waits for is not read', async () => {
  const seen: string[] = []
  const { address, metric } = await serve(async ({ text }) => {
    seen.push(text)
    const until = performance.now() + 30
    while (performance.now() < until);
    return reply('a')
  })
  const raw = await openRawStream(address)
  for (let i = 0; i < 20; i += 1) raw.send({ requestId: `r${i}`, text: `${i}`, timeoutMillis: 200 })
  await expect.poll(async () => raw.responses.length + (await metric('nlu_analyses_dropped_total'))).toBe(20)
  expect(seen.length).toBe(raw.responses.length)
  expect(seen.length).toBeLessThan(20)
})
