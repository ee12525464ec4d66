import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { AppError } from '#platform/errors'
import { type ApiCall, createHttpServer, type HttpServer, setActor, traceOf } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { currentTrace } from '#platform/trace'
import { testCertificate } from './http/certificate-fixture.ts'

const unauthenticated = { code: 'UNAUTHENTICATED', kind: 'unauthenticated', ko: '로그인', en: 'Sign in' } as const
let server: HttpServer
let calls: ApiCall[]
let port: number
let release: () => void
let reached: Promise<void>

beforeEach(async () => {
  calls = []
  server = await createHttpServer({
    log: createLogger({ level: 'silent', role: 'http' }),
    metrics: createMetrics(),
    publicUrl: 'http://127.0.0.1:8080',
    guard: async (request) => {
      if (request.cookies.access !== 'somi') throw new AppError(unauthenticated)
      setActor(request, 'somi')
    },
    onCall: async (call) => {
      await wait(20)
      calls.push(call)
    },
    readiness: {},
  })
  server.post('/api/v1/trace', { config: { access: 'public' } }, async () => currentTrace().traceId)
  server.get('/api/v1/chat', { websocket: true, config: { access: 'signed-in' } }, (socket, request) => {
    socket.on('message', (data: Buffer) => socket.send(`${traceOf(request).traceId} ${data}`))
  })
  const held = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  release = held.resolve
  reached = arrived.promise
  server.get('/api/v1/slow', { config: { access: 'public' } }, async () => {
    arrived.resolve()
    await held.promise
    return { ok: true }
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  port = (server.server.address() as AddressInfo).port
})
afterEach(async () => {
  release()
  await server.close()
})

const url = (path: string) => `http://127.0.0.1:${port}${path}`
const openSocket = (headers: Record<string, string>) =>
  new WebSocket(`ws://127.0.0.1:${port}/api/v1/chat`, { headers: { cookie: 'access=somi', ...headers } })
/** The status that an upgrade was refused with, or 101. */
const upgrade = (headers: Record<string, string>) =>
  new Promise<number>((resolve) => {
    const socket = openSocket(headers)
    socket.on('open', () => {
      socket.close()
      resolve(101)
    })
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })

describe('WebSockets', () => {
  test('open for our pages and for programs, not for other sites nor the signed-out', async () => {
    expect(await upgrade({ origin: `http://127.0.0.1:${port}` })).toBe(101)
    expect(await upgrade({})).toBe(101)
    expect(await upgrade({ origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade({ cookie: '' })).toBe(401)
  })

  test('are recorded once, when they open, with their actor', async () => {
    const socket = openSocket({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
    await once(socket, 'open')
    socket.send('hi')
    const [reply] = await once(socket, 'message')
    expect(String(reply)).toBe('0af7651916cd43dd8448eb211c80319c hi')
    expect(await (await fetch(url('/metrics'))).text()).toContain('websocket_connections 1')
    socket.close()
    await once(socket, 'close')
    await expect.poll(async () => (await fetch(url('/metrics'))).text()).toContain('websocket_connections 0')
    await server.close()
    expect(calls).toEqual([
      expect.objectContaining({ method: 'GET', route: '/api/v1/chat', status: 101, actorId: 'somi' }),
    ])
  })

  test('a message beyond 64 KiB ends the connection, not the server', async () => {
    const socket = openSocket({})
    await once(socket, 'open')
    socket.send('x'.repeat(70_000))
    const [code] = await once(socket, 'close')
    expect(code).toBe(1009)
    expect((await fetch(url('/healthz'))).status).toBe(200)
  })

  test('a plain call is told to upgrade, in the error format', async () => {
    const reply = await fetch(url('/api/v1/chat'), { headers: { cookie: 'access=somi' } })
    expect(reply.status).toBe(426)
    expect(await reply.json()).toMatchObject({ error: { code: 'UPGRADE_REQUIRED' } })
  })
})

test('a client that asks for HTTP/2 on the way is answered as if it had not', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAEAAEAAAAIAAAAB' }
    const asked = httpRequest(url('/healthz'), { headers, agent: false })
    asked.on('response', (reply) => resolve(reply.resume().statusCode)).on('error', reject)
    asked.end()
  })
  expect(status).toBe(200)
})

describe('TLS', () => {
  test('1.3 is spoken and 1.2 is refused', async () => {
    const secure = await createHttpServer({
      log: createLogger({ level: 'silent', role: 'http' }),
      metrics: createMetrics(),
      publicUrl: 'https://chat.example.com',
      guard: async () => undefined,
      onCall: async () => undefined,
      readiness: {},
      https: { current: () => testCertificate, onChange: () => undefined },
    })
    await secure.listen({ host: '127.0.0.1', port: 0 })
    const { port: securePort } = secure.server.address() as AddressInfo
    const shake = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      new Promise<string | null>((resolve, reject) => {
        const socket = connectTls({ port: securePort, host: '127.0.0.1', ca: testCertificate.cert, maxVersion }, () => {
          resolve(socket.getProtocol())
          socket.destroy()
        }).on('error', reject)
      })
    expect(await shake('TLSv1.3')).toBe('TLSv1.3')
    await expect(shake('TLSv1.2')).rejects.toThrow(/protocol version/)
    const { headers } = await secure.inject('/healthz')
    expect(headers['strict-transport-security']).toMatch(/max-age/)
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests')
    await secure.close()
  })
})

describe('connections', () => {
  test('a body that arrives in pieces does not lose its trace', async () => {
    const sending = httpRequest(url('/api/v1/trace'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    sending.write('{"a":')
    await wait(20)
    sending.end('1}')
    const [reply] = (await once(sending, 'response')) as [IncomingMessage]
    expect(await text(reply)).toBe(reply.headers['x-trace-id'])
  })

  test('a client that leaves before its answer is recorded as gone', async () => {
    const leaving = httpRequest(url('/api/v1/slow')).on('error', () => undefined)
    leaving.end()
    await reached
    leaving.destroy()
    await expect.poll(() => calls.map((call) => call.status)).toEqual([499])
  })

  test('a client that is refused while it still sends is recorded once', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '100000' }
    const sending = httpRequest(url('/api/v1/trace'), { method: 'POST', headers }).on('error', () => undefined)
    sending.write('{"a":')
    const [reply] = (await once(sending, 'response')) as [IncomingMessage]
    expect(reply.statusCode).toBe(413)
    sending.destroy()
    await server.close()
    expect(calls.map((call) => call.status)).toEqual([413])
  })

  test('what is not HTTP gets an answer in the error format', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.end('NONSENSE\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  })

  test('a request that never comes whole is told so, and its caller cannot keep the connection open', async () => {
    const accepted = once(server.server, 'connection') as Promise<[Socket]>
    const caller = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const [ours] = await accepted
    const gone = once(ours, 'close')
    server.server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), ours)
    const answer = await text(caller)
    expect(answer).toMatch(/^HTTP\/1\.1 408/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ error: { code: 'REQUEST_TIMEOUT' } })
    await gone
    caller.destroy()
  })

  test('closing lets calls under way finish and audits them', async () => {
    const reply = fetch(url('/api/v1/slow'))
    await reached
    const closed = server.close()
    release()
    expect((await reply).status).toBe(200)
    await closed
    expect(calls.map((call) => call.status)).toEqual([200])
  })
})
