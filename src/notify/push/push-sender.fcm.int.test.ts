import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { createAccessTokens } from './fcm/access-token.ts'
import { type Fault, type PeerOptions, startFcmPeer } from './fcm/fcm-peer-fixture.ts'
import type { DeviceContent } from './push-content.ts'
import { createFcmSender, type FcmOptions } from './push-sender.fcm.ts'
import type { PushFailure } from './push-sender.ts'

const content: DeviceContent = {
  push: '5f0c6e2e-2f0c-4b2e-9a8e-000000000001',
  notification: { title: '재고 알림', body: 'A-100이 80개예요.' },
  data: { path: '/stock' },
  priority: 'high',
  expiresAt: new Date(Date.now() + 60_000),
}
const limits = { deadlineMs: 1_000, budgetMs: 5_000, firstWaitMs: 10 }

async function start(peerOptions: PeerOptions = {}, options: Partial<FcmOptions> = {}) {
  const peer = await startFcmPeer(peerOptions)
  const ended: string[] = []
  const retried: string[] = []
  const metrics = { sessionEnded: (why: string) => ended.push(why), retried: (code: string) => retried.push(code) }
  const { account, url } = peer
  const sender = createFcmSender({ account, endpoint: url, metrics, limits, ...options })
  onTestFinished(async () => {
    await sender.close()
    await peer.close()
  })
  const send = (token = 'token-1', what = content) => sender.send({ device: 'd', token, content: what })
  const outcome = (token?: string) =>
    send(token).then(
      () => 'sent',
      (error: PushFailure) => `${error.kind} ${error.code}`,
    )
  return { peer, sender, send, outcome, ended, retried }
}
const once = (fault: Fault) => (_: string, tries: number) => (tries === 1 ? fault : undefined)
const many = (count: number) => Array.from({ length: count }, (_, index) => `token-${index}`)

test('a message arrives as it was written, signed in with the service account', async () => {
  const { peer, send } = await start()
  expect(await send()).toEqual({ providerId: 'projects/hanbit-erp/messages/1' })
  expect(peer.state.problems).toEqual([])
  expect(peer.state.taken[0]).toMatchObject({
    token: 'token-1',
    notification: content.notification,
    data: { path: '/stock', pushId: content.push },
    android: { priority: 'HIGH', notification: { tag: content.push } },
  })
})

test('of all messages together there is one session, one token, and no more streams than the peer permits', async () => {
  const { peer, send } = await start({ mostStreams: 7 })
  await Promise.all(many(200).map((token) => send(token)))
  expect(peer.tokensTaken().toSorted()).toEqual(many(200).toSorted())
  expect(peer.state).toMatchObject({ sessions: 1, tokensIssued: 1, problems: [] })
  expect(peer.state.mostOpen).toBeLessThanOrEqual(7)
  expect(peer.state.mostOpen).toBeGreaterThan(1)
})

test('what waits for a stream has its time for the reply all the same', async () => {
  const { peer, send, retried } = await start(
    { mostStreams: 4, delayMs: 100 },
    { limits: { ...limits, deadlineMs: 600 } },
  )
  await send('first')
  await Promise.all(many(40).map((token) => send(token)))
  expect(peer.state.taken).toHaveLength(41)
  expect(retried).toEqual([])
})

describe('what is tried again', () => {
  test.each<Fault>([
    'refuse',
    'reset',
    'goaway',
    'goaway-with-error',
    'lose-connection',
    { status: 503 },
    { status: 500 },
  ])('%j', async (fault) => {
    const { peer, send } = await start({ fault: once(fault) })
    await send()
    expect(peer.tokensTaken()).toEqual(['token-1'])
  })

  test('a reply that does not come, on a stream of its own', async () => {
    const { peer, send, retried } = await start({ fault: once('hang') }, { limits: { ...limits, deadlineMs: 200 } })
    await send()
    expect(peer.tokensTaken()).toEqual(['token-1'])
    expect(retried).toEqual(['PUSH_TIMEOUT'])
  })

  test('what GOAWAY leaves out, on the next session, once each', async () => {
    const at = (token: string, tries: number) => (token === 'token-50' && tries === 1 ? 'goaway' : undefined)
    const { peer, send, ended, retried } = await start({ fault: at })
    await Promise.all(many(200).map((token) => send(token)))
    expect(peer.tokensTaken().toSorted()).toEqual(many(200).toSorted())
    expect(peer.state.sessions).toBe(2)
    expect(ended).toEqual(['goaway'])
    expect(new Set(retried)).toEqual(new Set(['PUSH_NOT_TAKEN']))
  })

  test('after Retry-After, which holds up all others', async () => {
    const { peer, send } = await start({ fault: once({ status: 429, retryAfter: '1', errorCode: 'QUOTA_EXCEEDED' }) })
    const startedAt = Date.now()
    await send('token-1')
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990)
    expect(peer.tokensTaken()).toEqual(['token-1'])
  })

  test('not when Retry-After is beyond the budget, and nothing else begins meanwhile', async () => {
    const { peer, outcome } = await start({ fault: once({ status: 429, retryAfter: '60' }) })
    expect(await outcome('token-1')).toBe('transient PUSH_QUOTA')
    expect(await outcome('token-2')).toBe('transient PUSH_UNAVAILABLE')
    expect([...peer.state.tries.keys()]).toEqual(['token-1'])
  })

  test('not for ever', async () => {
    const { peer, outcome } = await start({ fault: () => ({ status: 503 }) }, { limits: { ...limits, retries: 3 } })
    expect(await outcome()).toBe('transient PUSH_UNAVAILABLE')
    expect(peer.state.tries.get('token-1')).toBe(4)
  })
})

describe('what is final', () => {
  test.each<[Fault, string]>([
    [{ status: 404, errorCode: 'UNREGISTERED' }, 'unregistered PUSH_UNREGISTERED'],
    [{ status: 400, errorCode: 'INVALID_ARGUMENT', field: 'message.token' }, 'unregistered PUSH_TOKEN_INVALID'],
    [{ status: 400, errorCode: 'INVALID_ARGUMENT', field: 'message.data' }, 'permanent PUSH_REFUSED'],
    [{ status: 401, errorCode: 'THIRD_PARTY_AUTH_ERROR' }, 'permanent PUSH_PLATFORM_CREDENTIALS'],
    [{ status: 403, errorCode: 'SENDER_ID_MISMATCH' }, 'permanent PUSH_SENDER_MISMATCH'],
    [{ status: 403 }, 'operator PUSH_FORBIDDEN'],
    [{ status: 404 }, 'operator PUSH_PROJECT_UNKNOWN'],
  ])('%j', async (fault, expected) => {
    const { peer, outcome } = await start({ fault: () => fault })
    expect(await outcome()).toBe(expected)
    expect(peer.state.tries.get('token-1')).toBe(1)
  })
})

describe('access tokens', () => {
  test('are renewed once when one is refused, by one request for all', async () => {
    const { peer, send } = await start()
    await send('first')
    peer.state.tokens.clear()
    await Promise.all(many(20).map((token) => send(token)))
    expect(peer.state.tokensIssued).toBe(2)
  })

  test('that go on being refused are for the operator', async () => {
    const { peer, outcome } = await start({ fault: () => ({ status: 401 }) })
    expect(await outcome()).toBe('operator PUSH_UNAUTHENTICATED')
    expect(peer.state).toMatchObject({ tokensIssued: 2 })
  })

  test('are renewed before they end, while the old one is used', async () => {
    const { peer } = await start()
    let now = Date.now()
    const tokens = createAccessTokens({ account: peer.account, deadlineMs: 1_000, now: () => now })
    expect(await tokens.get()).toBe('ya29.1')
    now += 54 * 60_000
    expect(await tokens.get()).toBe('ya29.1')
    now += 2 * 60_000
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual(['ya29.1', 'ya29.1'])
    await expect.poll(() => peer.state.tokensIssued).toBe(2)
    await expect.poll(() => tokens.get()).toBe('ya29.2')
    now += 60 * 60_000
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual(['ya29.3', 'ya29.3'])
  })

  test.each([
    [400, 'operator PUSH_CREDENTIALS_REFUSED'],
    [401, 'operator PUSH_CREDENTIALS_REFUSED'],
    [503, 'transient PUSH_TOKEN_UNAVAILABLE'],
  ])('that are not given: %i', async (status, expected) => {
    const { outcome } = await start({ onToken: () => status })
    expect(await outcome()).toBe(expected)
  })
})

test('while nobody listens, sending fails for now, and goes on afterwards on the same port', async () => {
  const { peer, send, outcome } = await start({}, { limits: { ...limits, budgetMs: 300 } })
  await send('before')
  await peer.close()
  expect(await outcome('during')).toMatch(/^transient PUSH_/)
  const again = await startFcmPeer({ port: Number(new URL(peer.url).port) })
  onTestFinished(() => again.close())
  again.state.tokens = peer.state.tokens
  await expect.poll(() => outcome('after'), { timeout: 10_000 }).toBe('sent')
})

test('a connection that has gone silent is given up for another one', async () => {
  const peer = await startFcmPeer()
  const through: Socket[] = []
  // Takes what is sent and passes nothing on, once it is told so.
  const proxy = createServer((socket) => {
    const upstream = connect(Number(new URL(peer.url).port), '127.0.0.1')
    socket.pipe(upstream).pipe(socket)
    for (const one of [socket, upstream]) one.on('error', () => undefined)
    through.push(socket, upstream)
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const metrics = { sessionEnded: () => undefined, retried: () => undefined }
  const sender = createFcmSender({
    ...{ account: peer.account, endpoint, metrics },
    limits: { deadlineMs: 200, budgetMs: 10_000, firstWaitMs: 200 },
  })
  onTestFinished(async () => {
    await sender.close()
    for (const socket of through) socket.destroy()
    proxy.close()
    await peer.close()
  })
  const send = (token: string) => sender.send({ device: 'd', token, content })
  await send('before')
  for (const socket of through) socket.unpipe().pause()
  await send('after')
  expect(peer.tokensTaken()).toEqual(['before', 'after'])
})

describe.skipIf(!hasOpenssl)('TLS', () => {
  test('is 1.3 with a certificate of an authority that is trusted, and nothing is sent without', async () => {
    const authority = createTestAuthority()
    onTestFinished(() => authority.close())
    const tls = authority.issue('localhost')
    const trusted = await start({ tls }, { ca: authority.ca })
    expect(await trusted.outcome()).toBe('sent')
    const untrusted = await start({ tls })
    expect(await untrusted.outcome()).toBe('operator PUSH_CERTIFICATE_INVALID')
    const otherName = await start({ tls: authority.issue('other.example') }, { ca: authority.ca })
    expect(await otherName.outcome()).toBe('operator PUSH_CERTIFICATE_INVALID')
    expect(untrusted.peer.state.taken).toEqual([])
  })
})

test('what people write stays what it is', async () => {
  const { peer, send } = await start()
  const title = '"}},"token":"x\\u0000 <b>\r\nX: y\u2028{{a}}'
  await send('a"}\n', { ...content, notification: { title, body: title }, data: { __proto__x: title } })
  expect(peer.state.problems).toEqual([])
  expect(peer.state.taken[0]).toMatchObject({ token: 'a"}\n', notification: { title, body: title } })
})
