import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { HttpServerOptions } from '#platform/http-server'
import { asSomi, closeAll, echo, start, statusAndCode } from './http/server-fixture.ts'

afterEach(closeAll)

describe('access', () => {
  test('a route that does not say who may call it cannot be registered', async () => {
    const { server } = await start()
    expect(() => server.get('/api/v1/forgotten', async () => 'x')).toThrow(/config\.access/)
  })

  test('the guard decides before the body is looked at', async () => {
    const { server } = await start()
    expect(statusAndCode(await server.inject(echo('not json', {})))).toEqual([401, 'UNAUTHENTICATED'])
    expect((await server.inject(echo({ text: 'hi' }))).json().text).toBe('hi')
  })
})

describe('errors', () => {
  test.each([
    ['not JSON', echo('{"text":'), 400, 'BAD_JSON'],
    ['nothing', echo(''), 400, 'BAD_JSON'],
    ['too deep', echo(`${'['.repeat(30)}${']'.repeat(30)}`), 400, 'BAD_JSON'],
    ['prototype poisoning', echo('{"text":"hi","__proto__":{"a":1}}'), 400, 'BAD_JSON'],
    ['too large', echo({ text: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE'],
    [
      'wrong type',
      echo('text=hi', { ...asSomi, 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['wrong fields', echo({ text: 'x' }), 400, 'BAD_REQUEST'],
    ['unknown path', { method: 'GET' as const, url: '/api/v1/nothing' }, 404, 'NOT_FOUND'],
    ['wrong method', { method: 'DELETE' as const, url: '/api/v1/echo/1' }, 405, 'METHOD_NOT_ALLOWED'],
    ['unreadable path', { method: 'GET' as const, url: '/api/v1/%zz' }, 400, 'BAD_REQUEST'],
  ])('%s', async (_, call, status, code) => {
    const { server, calls } = await start()
    const reply = await server.inject(call)
    expect(statusAndCode(reply)).toEqual([status, code])
    expect(reply.json().error.traceId).toBe(reply.headers['x-trace-id'])
    expect(reply.json().error.details).toBeInstanceOf(Array)
    expect(calls.map((one) => [one.status, one.errorCode])).toEqual([[status, code]])
  })

  test('schema faults name the field and the remedy in the reader’s language, never the value', async () => {
    const { server } = await start()
    const call = echo({ size: 9 })
    const korean = (await server.inject(call)).json().error
    expect(korean.details).toEqual([
      { field: 'text', issue: '꼭 필요해요' },
      { field: 'size', issue: '5 이하여야 해요' },
    ])
    const english = (
      await server.inject({ ...call, headers: { ...call.headers, 'accept-language': 'en-US,ko;q=0.5' } })
    ).json()
    expect(english.error.details[1]).toEqual({ field: 'size', issue: 'must be at most 5' })
    expect(english.error.message).toMatch(/^The request/)
  })

  test('a fault of ours shows only its trace id and is logged with its stack', async () => {
    const { server, lines } = await start()
    const reply = await server.inject('/api/v1/broken')
    expect(statusAndCode(reply)).toEqual([500, 'INTERNAL'])
    expect(reply.body).not.toContain('secret')
    const logged = lines.map((line) => JSON.parse(line)).find((line) => line.error)
    expect(logged.error.stack_trace).toContain('secret of the database')
    expect(logged['trace.id']).toBe(reply.headers['x-trace-id'])
  })

  test('a handler that never ends is given up', async () => {
    const { server } = await start()
    server.get(
      '/api/v1/stuck',
      { config: { access: 'public' }, handlerTimeout: 20 },
      () => new Promise(() => undefined),
    )
    expect(statusAndCode(await server.inject('/api/v1/stuck'))).toEqual([503, 'REQUEST_TIMEOUT'])
  })

  test('a reply that does not fit its schema is a fault of ours', async () => {
    const { server } = await start()
    const schema = { response: { 200: z.object({ n: z.number() }) } }
    server.get('/api/v1/misfit', { config: { access: 'public' }, schema }, async () => ({ n: 'x' }) as never)
    expect(statusAndCode(await server.inject('/api/v1/misfit'))).toEqual([500, 'INTERNAL'])
  })

  test('an id of any length reaches its route, which says what is wrong with it', async () => {
    const { server } = await start()
    const route = { config: { access: 'public' }, schema: { params: z.object({ id: z.string().max(3) }) } }
    server.get('/api/v1/thing/:id', route, async () => 'a thing')
    server.delete('/api/v1/thing/:id', route, async () => 'gone')
    server.get('/*', { config: { access: 'public' } }, async (_, reply) => reply.callNotFound())
    expect(statusAndCode(await server.inject(`/api/v1/thing/${'0'.repeat(2_000)}`))).toEqual([400, 'BAD_REQUEST'])
  })

  test('405 says what is allowed', async () => {
    const { server } = await start()
    expect((await server.inject({ method: 'PUT', url: '/api/v1/echo/1?x=1' })).headers.allow).toBe('POST')
  })
})

describe('traces', () => {
  test('the caller’s trace reaches the handler, the reply, the log and the audit entry', async () => {
    const { server, calls, lines } = await start()
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const reply = await server.inject(
      echo({ text: 'hi' }, { ...asSomi, traceparent: `00-${traceId}-b7ad6b7169203331-01` }),
    )
    expect(reply.json().traceId).toBe(traceId)
    expect(reply.headers['x-trace-id']).toBe(traceId)
    expect(calls[0]?.traceId).toBe(traceId)
    expect(JSON.parse(lines.at(-1) ?? '')['trace.id']).toBe(traceId)
  })
})

describe('records', () => {
  test('each API call once, with its actor, pattern and end; refused ones too', async () => {
    const { server, calls } = await start()
    await server.inject(echo({ text: 'hi' }))
    await server.inject(echo({ text: 'hi' }, {}))
    await server.inject('/healthz')
    expect(calls).toEqual([
      expect.objectContaining({
        method: 'POST',
        route: '/api/v1/echo/:id',
        status: 200,
        actorId: 'somi',
        errorCode: null,
      }),
      expect.objectContaining({ status: 401, actorId: null, errorCode: 'UNAUTHENTICATED' }),
    ])
  })

  test('an address spelt in another way does not escape the record', async () => {
    const { server, calls } = await start()
    expect((await server.inject('/%61pi/v1/open')).statusCode).toBe(200)
    await server.inject('/%61pi/v1/nothing')
    expect(calls.map((call) => [call.route, call.status])).toEqual([
      ['/api/v1/open', 200],
      [null, 404],
    ])
  })

  test('log lines carry nothing of what a caller wrote: path, query, body, headers', async () => {
    const { server, lines } = await start()
    const headers = { ...asSomi, 'user-agent': 'Mozilla/5.0 hunter2 Chrome/140.0 Safari/537.36' }
    await server.inject({ ...echo({ text: 'hello there' }, headers), url: '/api/v1/echo/xyz?code=abc123' })
    await server.inject({ url: '/api/v1/hunter2', headers })
    expect(lines.join('')).toContain('"http.route":"/api/v1/echo/:id"')
    expect(lines.join('')).toContain('"user_agent.name":"Chrome"')
    expect(lines.join('')).not.toMatch(/abc123|hello there|somi|xyz|hunter2/)
  })

  test('an audit that fails does not fail the call', async () => {
    const { server, lines } = await start({ onCall: () => Promise.reject(new Error('no database')) })
    expect((await server.inject('/api/v1/open')).statusCode).toBe(200)
    expect(lines.join('')).toContain('could not be audited')
  })

  test('durations by method, route and status', async () => {
    const { server } = await start()
    await server.inject(echo({ text: 'hi' }))
    const { body } = await server.inject('/metrics')
    expect(body).toContain('http_request_duration_seconds_count{method="POST",route="/api/v1/echo/:id",status="200"} 1')
  })
})

describe('probes', () => {
  test('ready when every check passes, else 503 with the names of those that do not', async () => {
    const checks: HttpServerOptions['readiness'] = {
      database: async () => undefined,
      nlu: () => Promise.reject(new Error('password in a message')),
      erp: () => new Promise(() => undefined),
    }
    const { server } = await start({ readiness: { database: async () => undefined } })
    expect((await server.inject('/readyz')).json()).toEqual({ status: 'ready' })
    const { server: other } = await start({ readiness: checks })
    const reply = await other.inject('/readyz')
    expect(statusAndCode(reply)).toEqual([503, 'NOT_READY'])
    expect(reply.json().error.details).toEqual([
      { field: 'nlu', issue: 'failed' },
      { field: 'erp', issue: 'no answer' },
    ])
  })

  test('metrics only to the addresses that may', async () => {
    const { server } = await start({ metricsFrom: ['10.0.0.0/8'] })
    const from = (remoteAddress: string, headers = {}) => server.inject({ url: '/metrics', remoteAddress, headers })
    expect((await from('10.1.2.3')).statusCode).toBe(200)
    expect((await from('127.0.0.1')).json().error.code).toBe('ADDRESS_NOT_ALLOWED')
    expect((await from('10.1.2.3', { 'x-forwarded-for': '8.8.8.8' })).statusCode).toBe(403)
  })
})

describe('OpenAPI', () => {
  test('describes routes, their errors and how to sign in', async () => {
    const { server } = await start()
    const document = (await server.inject('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    const post = document.paths['/api/v1/echo/{id}'].post
    expect(Object.keys(post.responses).join(' ')).toBe('200 400 401 403 404 413 414 415 429 431 500 503')
    expect(post.responses['429'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/ErrorBody' })
    expect(post.security).toEqual([{ bearer: [] }, { cookie: [] }])
    expect(document.paths['/healthz'].get.security).toEqual([])
    expect(document.paths['/metrics']).toBeUndefined()
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'cookie', 'apiKey'])
  })
})
