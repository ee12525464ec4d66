import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serveIdentity } from '../../../demo/identity/serve-identity.ts'
import { findFreePort } from '../../../demo/postgres/free-port.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import type { OwnSessionBody } from '../api.ts'
import { bodyOf, createBrowser, errorOf, startTestService, type TestService } from '../service-fixture.ts'

const credentials = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }
const person = { password: 'hanbit', email: 'x@hanbit.example', title: '과장', department: '국내영업팀' }
const accounts = [
  { ...person, login: 'minsu', name: '김민수', groups: ['employee', 'sales'] },
  { ...person, login: 'somi', name: '안소미', groups: ['employee'] },
]

let db: TestDatabase
let ports: Record<'open' | 'strict' | 'provider', number>
let service: TestService
/** One that asks for a stronger sign-in than the provider gives, and loses patience at once. */
let strict: TestService
let provider: Awaited<ReturnType<typeof serveIdentity>>
const originOf = (port: number) => `http://127.0.0.1:${port}`

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auth-own-sessions-'))
  ports = { open: await findFreePort(), strict: await findFreePort(), provider: await findFreePort() }
  db = await createTestDatabase()
  const issuer = originOf(ports.provider)
  const origins = [originOf(ports.open), originOf(ports.strict)]
  const client = {
    ...credentials,
    redirectUris: origins.map((origin) => `${origin}/auth/callback`),
    postLogoutRedirectUris: origins.map((origin) => `${origin}/`),
  }
  provider = await serveIdentity({ port: ports.provider, issuer, dataDir: folder, clients: [client], accounts })
  const common = { database: db.database, folder }
  service = await startTestService({ ...common, port: ports.open, provider: { issuer, ...credentials } })
  strict = await startTestService({
    ...{ ...common, port: ports.strict, signInFailures: 2 },
    provider: { issuer, ...credentials, requiredAcr: ['gold'] },
  })
})
beforeEach(() => {
  service.audited.length = 0
})
afterAll(async () => {
  await service.close()
  await strict.close()
  await provider.close()
  await db.drop()
})

/** Signs in on a device of its own. */
async function signIn(login: string) {
  const browser = createBrowser(originOf(ports.open))
  await browser.signIn(login)
  const list = async (): Promise<OwnSessionBody[]> => bodyOf(await browser.visit('/api/v1/me/sessions')).sessions
  const end = async (id?: string) => {
    const origin = originOf(ports.open)
    const cookie = await browser.jar.getCookieString(origin)
    const path = id === undefined ? '/api/v1/me/sessions' : `/api/v1/me/sessions/${id}`
    const reply = await fetch(new URL(path, origin), { method: 'DELETE', headers: { cookie, origin } })
    return { status: reply.status, text: await reply.text() }
  }
  const isIn = async () => (await browser.visit('/api/v1/me')).status === 200
  return { ...browser, list, end, isIn }
}

describe('a person', () => {
  test('sees where they are signed in, and nobody else does', async () => {
    const [desk, phone, other] = [await signIn('minsu'), await signIn('minsu'), await signIn('somi')]
    const listed = await phone.list()
    expect(listed).toHaveLength(2)
    expect(listed.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
    expect(listed[0]).toMatchObject({ address: '127.0.0.1', device: {}, signedInAt: expect.any(String) })
    expect((await desk.list()).find(({ isCurrent }) => isCurrent)?.sessionId).not.toBe(
      listed.find(({ isCurrent }) => isCurrent)?.sessionId,
    )
    expect(await other.list()).toHaveLength(1)
    const { rows } = await sql<{ record: Buffer }>`select record from auth_sessions`.execute(db.database.kysely)
    expect(Buffer.concat(rows.map(({ record }) => record)).includes('127.0.0.1')).toBe(false)
    await desk.end()
  })

  test('ends one of their sessions or all others, on record, and none of anybody else', async () => {
    const [desk, phone, lost] = [await signIn('minsu'), await signIn('minsu'), await signIn('minsu')]
    const other = await signIn('somi')
    const lostId = (await lost.list()).find(({ isCurrent }) => isCurrent)!.sessionId
    const otherId = (await other.list())[0]!.sessionId
    expect(errorOf(await desk.end(otherId))).toEqual([404, 'SESSION_NOT_FOUND'])
    expect((await desk.end(lostId)).status).toBe(200)
    expect([await lost.isIn(), await phone.isIn(), await desk.isIn()]).toEqual([false, true, true])
    expect(errorOf(await desk.end(lostId))).toEqual([404, 'SESSION_NOT_FOUND'])
    expect(bodyOf(await desk.end()).ended).toBeGreaterThanOrEqual(1)
    expect([await phone.isIn(), await desk.isIn(), await other.isIn()]).toEqual([false, true, true])
    const ends = service.audited.filter(({ action }) => action === 'session.end')
    expect(ends.map(({ outcome, details }) => [outcome, Number(details.sessions) >= 1])).toEqual([
      ['ok', true],
      ['ok', true],
    ])
  })

  test('ends nothing that cannot be put on record, but this browser forgets its tokens at sign-out', async () => {
    const [desk, phone] = [await signIn('minsu'), await signIn('minsu')]
    const access = (await desk.cookieOf('access'))!.value
    await sql`alter table audit_log rename to hidden`.execute(db.database.kysely)
    try {
      expect(errorOf(await desk.end())).toEqual([503, 'AUDIT_UNAVAILABLE'])
      expect(errorOf(await desk.visit('/auth/logout', { json: {} }))).toEqual([503, 'AUDIT_UNAVAILABLE'])
    } finally {
      await sql`alter table hidden rename to audit_log`.execute(db.database.kysely)
    }
    expect(await desk.cookieOf('access')).toBeUndefined()
    expect(await desk.cookieOf('refresh')).toBeUndefined()
    expect(await phone.isIn()).toBe(true)
    const { status } = await desk.visit('/api/v1/me', { headers: { authorization: `Bearer ${access}` } })
    expect(status).toBe(200)
  })
})

describe('a sign-in', () => {
  test('ends the session that stood in this browser, and no other of the person', async () => {
    const [desk, phone] = [await signIn('minsu'), await signIn('minsu')]
    const before = (await desk.cookieOf('access'))!.value
    await desk.visit('/auth/login')
    expect(await desk.isIn()).toBe(true)
    const { status } = await desk.visit('/api/v1/me', { headers: { authorization: `Bearer ${before}` } })
    expect(status).toBe(401)
    expect(await phone.isIn()).toBe(true)
    expect(service.audited.at(-1)).toMatchObject({ action: 'sign-in', details: { endsSession: true } })
  })

  test('that is weaker than required is refused; who keeps failing is told on the sign-in page, not in JSON', async () => {
    const { signIn: attempt, visit } = createBrowser(originOf(ports.strict))
    const refused = await attempt('minsu')
    expect(refused.url.search).toBe('?signInError=SIGN_IN_TOO_WEAK')
    await visit('/auth/callback?state=x')
    for (const path of ['/auth/login', '/auth/callback?state=x']) {
      const reply = await visit(path)
      expect([reply.url.href, reply.text]).toEqual([`${originOf(ports.strict)}/?signInError=SIGN_IN_TOO_OFTEN`, 'home'])
    }
    expect(strict.calls.at(-2)).toMatchObject({ details: { errorCode: 'RATE_LIMITED' } })
    expect(errorOf(await visit('/auth/refresh', { json: { refreshToken: 'x' } }))).toEqual([429, 'RATE_LIMITED'])
  })
})
