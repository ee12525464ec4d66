import { connect } from 'node:net'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createErpCaller, type ErpCaller } from './call-test-erp.ts'
import { startTestErp, type TestErp } from './start-test-erp.ts'

let erp: TestErp
let call: ErpCaller
beforeAll(async () => {
  erp = await startTestErp()
  call = createErpCaller(erp)
})
afterAll(() => erp[Symbol.asyncDispose]())

describe('signing in', () => {
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const basic = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

  async function askToken(body: string, headers: Record<string, string> = {}) {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const reply = await fetch(`${erp.instances[0].url}/oauth2/token`, {
      method: 'POST',
      headers: { ...type, ...headers },
      body,
    })
    return {
      status: reply.status,
      cache: reply.headers.get('cache-control'),
      body: (await reply.json()) as Record<string, unknown>,
    }
  }

  it('gives a token for Basic and for form credentials, which both instances accept', async () => {
    const { clientId, clientSecret } = erp.credentials
    const grant = { grant_type: 'client_credentials' }
    const replies = [
      await askToken(form(grant), { Authorization: basic(clientId, clientSecret) }),
      await askToken(form({ ...grant, client_id: clientId, client_secret: clientSecret })),
    ]
    for (const { status, cache, body } of replies) {
      expect([status, cache]).toEqual([200, 'no-store'])
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
      for (const instance of [0, 1] as const) {
        const reply = await call.get('Items?$top=1', { instance, token: String(body.access_token) })
        expect(reply.status).toBe(200)
      }
    }
  })

  it('refuses wrong credentials and other grants in the words of OAuth', async () => {
    const { clientId, clientSecret } = erp.credentials
    const grant = { grant_type: 'client_credentials' }
    const own = { client_id: clientId, client_secret: clientSecret }
    expect(await askToken(form({ ...grant, ...own, client_secret: 'wrong' }))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect(await askToken(form(grant))).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await askToken(form(grant), { Authorization: basic(clientId, 'wrong') })).toMatchObject({ status: 401 })
    expect(await askToken(form(grant), { Authorization: 'Basic !!!' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    expect(await askToken(form({ ...own, grant_type: 'password' }))).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    })
    expect(await askToken(form(own))).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await askToken('x'.repeat(20_000))).toMatchObject({ status: 413 })
  })

  it('needs both the token and the key for every call', async () => {
    expect(await call.error('Items', { token: '' })).toMatchObject({ status: 401, code: 'Unauthorized' })
    expect(await call.error('Items', { token: 'abc.def.ghi' })).toMatchObject({ status: 401, code: 'Unauthorized' })
    expect(await call.error('$metadata', { token: '' })).toMatchObject({ status: 401 })
    expect(await call.error('Items', { apiKey: '' })).toMatchObject({ status: 403, code: 'Forbidden' })
    expect(await call.error('Items', { apiKey: 'wrong' })).toMatchObject({ status: 403, code: 'Forbidden' })
  })

  it('refuses tokens that are expired, of another secret, or unsigned', async () => {
    const claims = { iss: 'demo-erp', aud: 'demo-erp-odata', sub: 'erp-chatbot' }
    const sign = (secret: string, expires: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setExpirationTime(expires)
        .sign(new TextEncoder().encode(secret))
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode({ ...claims, exp: 9_999_999_999 })}.`
    expect((await call.get('Items?$top=1', { token: await sign('test-signing-secret', '1 minute') })).status).toBe(200)
    for (const token of [await sign('test-signing-secret', '-1 minute'), await sign('another', '1 minute'), unsigned]) {
      expect(await call.error('Items', { token })).toMatchObject({ status: 401 })
    }
  })

  it('gives tokens that count as long as they were set to', async () => {
    await using short = await startTestErp({ tokenLifetimeS: 1 })
    const caller = createErpCaller(short)
    const token = await caller.token()
    expect((await caller.get('Items?$top=1', { token })).status).toBe(200)
    await expect.poll(async () => (await caller.get('Items?$top=1', { token })).status, { timeout: 10_000 }).toBe(401)
  })
})

describe('what is not served', () => {
  it.each([
    ['Nothing', 404, 'UnknownEntitySet'],
    ['items', 404, 'UnknownEntitySet'],
    ["Items('A-100')/Name", 501, 'NotImplemented'],
    ['$batch', 501, 'NotImplemented'],
    ["Items('Z-9')", 404, 'NotFound'],
    ['Items(5)', 400, 'InvalidKey'],
    ["Items('A-100','B')", 400, 'InvalidKey'],
    ["Items('A-100')?$filter=Name eq 'x'", 400, 'InvalidOption'],
    ['Items/$count?$top=1', 400, 'InvalidOption'],
    ['Items?$expand=x', 501, 'NotImplemented'],
    ['Items?filter=1', 400, 'UnknownOption'],
    ['Items?$Filter=1', 400, 'UnknownOption'],
    ['Items?$what=1', 400, 'UnknownOption'],
    ['Items?$top=-1', 400, 'InvalidOption'],
    ['Items?$top=1&$top=2', 400, 'DuplicateOption'],
    ['Items?$count=yes', 400, 'InvalidOption'],
    ['Items?$select=Nope', 400, 'UnknownProperty'],
    ['Items?$orderby=Nope', 400, 'UnknownProperty'],
    ["Items?$orderby='x'", 400, 'InvalidOrderby'],
    ['Items?$orderby=Name up', 400, 'InvalidOrderby'],
    ['Items?$filter=Nope eq 1', 400, 'UnknownProperty'],
    ['Items?$filter=UnitPrice gt', 400, 'InvalidFilter'],
    ['Items?$skiptoken=abc', 400, 'InvalidSkipToken'],
    ['Items?$format=xml', 400, 'InvalidFormat'],
    ['%E0%A4%A', 400, 'InvalidPath'],
  ])('%s is %i %s', async (path, status, code) => {
    const error = await call.error(path)
    expect(error).toMatchObject({ status, code })
    expect(error.message.length).toBeGreaterThan(10)
  })

  it('answers in OData also outside the service, for other methods and for what is not HTTP', async () => {
    const { url } = erp.instances[0]
    const outside = await fetch(`${url}/elsewhere`)
    expect([outside.status, outside.headers.get('odata-version')]).toEqual([404, '4.0'])
    expect(await outside.json()).toMatchObject({ error: { code: 'NotFound' } })
    const post = await call.get('Items', { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET'])
    expect(await call.error('Items', { accept: 'text/html' })).toMatchObject({ status: 406, code: 'NotAcceptable' })
    const raw = await sendRaw(url, 'nonsense\r\n\r\n')
    expect(raw).toContain('HTTP/1.1 400')
    expect(JSON.parse(raw.slice(raw.indexOf('\r\n\r\n')))).toMatchObject({ error: { code: 'BadRequest' } })
    expect(await sendRaw(url, `GET /${'a'.repeat(200_000)} HTTP/1.1\r\n\r\n`)).toContain('HTTP/1.1 431')
  })

  it('says nothing of itself when its database is gone', async () => {
    await using broken = await startTestErp({ databaseUrl: erp.databaseUrl.replace('demo_erp_test', 'not_there') })
    const error = await createErpCaller(broken).error('Items')
    expect(error).toEqual({ status: 503, code: 'ServiceUnavailable', message: 'The ERP cannot reach its data now.' })
  })
})

describe('ordered faults', () => {
  it('happen as often as ordered, then no more', async () => {
    await erp.orderFault({ kind: '429', times: 2, retryAfterS: 7 })
    for (let i = 0; i < 2; i += 1) {
      const reply = await call.get('Items?$top=1')
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '7'])
    }
    expect((await call.get('Items?$top=1')).status).toBe(200)
  })

  it('come as server errors, expired tokens and pages that are not JSON', async () => {
    await erp.orderFault({ kind: '500' })
    expect(await call.error('Items')).toMatchObject({ status: 500, code: 'InternalError' })
    await erp.orderFault({ kind: '401' })
    expect(await call.error('Items')).toMatchObject({ status: 401 })
    await erp.orderFault({ kind: 'html' })
    const page = await call.get('Items')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html'])
    await erp.orderFault({ kind: '500', at: 'token' })
    await expect(call.token()).rejects.toThrow('500')
  })

  it('come as connections that break or never answer', async () => {
    await erp.orderFault({ kind: 'reset' })
    await expect(call.get('Items')).rejects.toThrow()
    await erp.orderFault({ kind: 'half-page' })
    const half = await call.get('Items')
    expect(half.status).toBe(200)
    await expect(half.text()).rejects.toThrow()
    await erp.orderFault({ kind: 'hang' })
    await expect(call.get('Items', { signal: AbortSignal.timeout(300) })).rejects.toThrow()
    await erp.orderFault({ kind: 'hang', times: 1_000 })
    await erp.orderFault({ kind: 'hang', times: 0 })
    expect((await call.get('Items?$top=1')).status).toBe(200)
  })

  it('cannot be ordered where they are off, nor in other words', async () => {
    await expect(erp.orderFault({ kind: 'explode' })).rejects.toThrow('400')
    await using strict = await startTestErp({ faults: false })
    await expect(strict.orderFault({ kind: '500' })).rejects.toThrow('404')
  })

  it('closes while a call hangs', async () => {
    const other = await startTestErp()
    await other.orderFault({ kind: 'hang' })
    const hanging = createErpCaller(other)
      .get('Items')
      .then(
        () => 'answered',
        () => 'cut',
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
    await other[Symbol.asyncDispose]()
    expect(await hanging).toBe('cut')
  })
})

function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((done, fail) => {
    let received = ''
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk
    })
    socket.once('end', () => done(received)).once('error', (error) => (received ? done(received) : fail(error)))
  })
}
