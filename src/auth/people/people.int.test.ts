import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuditEntry, createAuditLog } from '#audit'
import { loadCatalog } from '#catalog'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { envelopeOf } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { loadAccessRules } from '../access-rules.ts'
import type { Role } from '../actor.ts'
import type { KeyAuthenticator } from '../api-keys/authenticate-key.ts'
import type { Authenticator } from '../authenticate.ts'
import { createRequestGuard } from '../guard.ts'
import { createPostgresUserStore } from '../user-store.postgres.ts'
import { peopleListSchema, personSchema, policySchema } from './api.ts'
import { createPostgresPeopleStore } from './people-store.postgres.ts'
import { registerPeopleRoutes } from './routes.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const rules = loadAccessRules(join(import.meta.dirname, '../../../access/roles.yaml'), catalog)
const log = createLogger({ level: 'silent', role: 'test' })

let db: TestDatabase
let server: HttpServer
let ids: Record<string, string>
let audited: AuditEntry[]
let ended: string[]
/** What the store of sessions and the trail do next instead of their work. */
let faults: { audit?: Error; sessions?: Error }
let time: number
const now = () => new Date(time)

const people: Record<string, { name: string; roles: Role[] }> = {
  hyerim: { name: '우혜림', roles: ['employee', 'admin'] },
  minsu: { name: '김민수', roles: ['employee', 'sales'] },
  somi: { name: '안소미', roles: ['employee'] },
}

beforeAll(async () => {
  db = await createTestDatabase()
  const cipher = createFieldCipher(createFileKeyService(join(await mkdtemp(join(tmpdir(), 'auth-people-')), 'key')))
  const trail = createAuditLog(db.database, log, cipher)
  const users = createPostgresUserStore(db.database, now)
  const authenticator = {
    authenticate: async (login: string) => {
      const user = await users.findUser(ids[login] ?? '')
      if (!user) throw new AppError({ code: 'NOBODY', kind: 'unauthenticated', ko: '', en: '' })
      return { actor: user, language: 'ko' }
    },
  } as unknown as Authenticator
  const guard = createRequestGuard({
    ...{ authenticator, cookieName: 'access', permissions: rules.permissions },
    keys: {} as KeyAuthenticator,
    networks: { current: async () => ({ allows: () => true }), forget: () => undefined },
  })
  server = await createHttpServer({
    ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', guard: guard.guard },
    ...{ onCall: async () => undefined, readiness: {}, limits: { perActor: 100_000, perAddress: 100_000 } },
  })
  registerPeopleRoutes(server, {
    ...{ people: createPostgresPeopleStore(db.database, cipher, now), rules, catalog, now, actorOf: guard.actorOf },
    audit: {
      recordWith: async (transaction, entry) => {
        if (faults.audit) throw faults.audit
        audited.push(entry)
        await trail.recordWith(transaction, entry)
      },
    },
    endSessionsOf: async (userId) => {
      if (faults.sessions) throw faults.sessions
      ended.push(userId)
      return 2
    },
  })
})
afterAll(async () => {
  await server.close()
  await db.drop()
})

beforeEach(async () => {
  time = Date.parse('2026-11-23T05:00:00Z')
  audited = []
  ended = []
  faults = {}
  await sql`delete from auth_users`.execute(db.database.kysely)
  const users = createPostgresUserStore(db.database, now)
  ids = {}
  for (const [login, { name, roles }] of Object.entries(people)) {
    const profile = {
      issuer: 'https://idp.example',
      subject: login,
      name,
      department: '국내영업팀',
      email: `${login}@x.kr`,
    }
    ids[login] = (await users.saveSignIn({ ...profile, roles, language: null }, now())).userId
  }
})

type Asked = { as?: string; body?: object }

async function call(method: 'GET' | 'POST' | 'PUT', path: string, { as = 'hyerim', body }: Asked = {}) {
  const headers = { authorization: `Bearer ${as}`, ...(body && { 'content-type': 'application/json' }) }
  const url = `/api/v1/admin/${path}`
  const reply = await server.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) })
  return { status: reply.statusCode, body: reply.json().body, code: reply.json().error?.code, json: reply.json() }
}
const decide = async (login: string, role: Role, body: object, as = 'hyerim') =>
  await call('PUT', `people/${ids[login]}/roles/${role}`, { as, body: { reason: '업무 지원', ...body } })
const act = async (login: string, action: string, as = 'hyerim') =>
  await call('POST', `people/${ids[login]}/${action}`, { as, body: { reason: '퇴사했어요' } })
const rolesOf = async (login: string) =>
  (await createPostgresUserStore(db.database, now).findUser(ids[login] ?? ''))?.roles

describe('the list', () => {
  test('is found by a part of a name, paged, and tells no address', async () => {
    const first = await call('GET', 'people?limit=2')
    expect(envelopeOf(peopleListSchema).safeParse(first.json).error).toBeUndefined()
    expect(first.body.people.map(({ name }: { name: string }) => name)).toEqual(['김민수', '안소미'])
    const rest = await call('GET', `people?limit=2&after=${first.body.next}`)
    expect(rest.body.people.map(({ name }: { name: string }) => name)).toEqual(['우혜림'])
    expect(rest.body.next).toBeUndefined()
    const found = await call('GET', `people?search=${encodeURIComponent('소미')}`)
    expect(found.body.people).toHaveLength(1)
    expect(JSON.stringify(found.body)).not.toContain('@')
    expect((await call('GET', 'people?search=%25')).body.people).toEqual([])
    expect((await call('GET', 'people?after=nonsense')).code).toBe('CURSOR_INVALID')
    expect((await call('GET', 'people?search=%00')).code).toBe('BAD_REQUEST')
  })

  test('is narrowed by the role that counts and by who is shut out', async () => {
    await decide('somi', 'finance', { decision: 'granted' })
    await act('minsu', 'disable')
    const names = async (query: string) =>
      (await call('GET', `people?${query}`)).body.people.map(({ name }: { name: string }) => name)
    expect(await names('role=finance')).toEqual(['안소미'])
    expect(await names('state=disabled')).toEqual(['김민수'])
    expect(await names('state=active')).toEqual(['안소미', '우혜림'])
  })
})

describe('roles', () => {
  test('granted here are added to the provider’s, withheld ones taken away, and both undone', async () => {
    const granted = await decide('somi', 'sales', { decision: 'granted', reason: '영업 지원' })
    expect(envelopeOf(personSchema).safeParse(granted.json).error).toBeUndefined()
    expect(granted.body).toMatchObject({
      ...{ roles: ['employee', 'sales'], providerRoles: ['employee'], isSelf: false },
      decisions: [{ role: 'sales', kind: 'granted', reason: '영업 지원', decidedBy: '우혜림', isOver: false }],
    })
    expect(granted.body.sees).toContainEqual(
      expect.objectContaining({ entity: 'sales', rule: expect.objectContaining({ kind: 'some' }), through: ['sales'] }),
    )
    expect(await rolesOf('somi')).toEqual(['employee', 'sales'])
    await decide('minsu', 'sales', { decision: 'withheld' })
    expect(await rolesOf('minsu')).toEqual(['employee'])
    await decide('minsu', 'sales', { decision: 'as-provider' })
    expect(await rolesOf('minsu')).toEqual(['employee', 'sales'])
    expect(audited.map(({ action, details }) => [action, details.role])).toEqual([
      ['person.role-granted', 'sales'],
      ['person.role-withheld', 'sales'],
      ['person.role-as-provider', 'sales'],
    ])
  })

  test('end when their time is over', async () => {
    const expiresAt = new Date(time + 60_000).toISOString()
    await decide('somi', 'finance', { decision: 'granted', expiresAt })
    await decide('minsu', 'sales', { decision: 'withheld', expiresAt })
    expect([await rolesOf('somi'), await rolesOf('minsu')]).toEqual([['employee', 'finance'], ['employee']])
    time += 60_000
    expect([await rolesOf('somi'), await rolesOf('minsu')]).toEqual([['employee'], ['employee', 'sales']])
    expect((await call('GET', `people/${ids.somi}`)).body.decisions).toMatchObject([{ isOver: true }])
    expect((await decide('somi', 'finance', { decision: 'granted', expiresAt })).code).toBe('EXPIRY_PAST')
  })

  test('of a person who signs in again are still what was decided', async () => {
    await decide('somi', 'sales', { decision: 'granted' })
    const users = createPostgresUserStore(db.database, now)
    const profile = { issuer: 'https://idp.example', subject: 'somi', name: '안소미', department: '', email: '' }
    const user = await users.saveSignIn({ ...profile, roles: ['employee'], language: null }, now())
    expect(user.roles).toEqual(['employee', 'sales'])
  })
})

describe('shutting out', () => {
  test('keeps reasons as ciphertext', async () => {
    await act('minsu', 'disable')
    await decide('somi', 'sales', { decision: 'granted', reason: '영업 지원' })
    const { rows } = await sql<{ reason: Buffer }>`
      select reason from auth_role_decisions union all
      select disabled_reason from auth_users where disabled_reason is not null`.execute(db.database.kysely)
    expect(rows).toHaveLength(2)
    for (const { reason } of rows) expect(reason.toString()).not.toMatch(/퇴사|영업/)
  })

  test('ends the sessions, tells why, and is undone', async () => {
    const { body } = await act('minsu', 'disable')
    expect(body).toMatchObject({ disabled: true, disabling: { reason: '퇴사했어요', by: '우혜림' } })
    expect(ended).toEqual([ids.minsu])
    expect((await act('minsu', 'enable')).body).toMatchObject({ disabled: false })
    expect((await act('minsu', 'end-sessions')).body).toEqual({ ended: 2 })
    expect(audited.map(({ action }) => action)).toEqual(['person.disabled', 'person.enabled', 'person.sessions-ended'])
  })

  test('holds when sessions cannot be ended, which end before the person is let in again', async () => {
    faults.sessions = new Error('the store is away')
    expect((await act('minsu', 'disable')).status).toBe(500)
    expect((await call('GET', `people/${ids.minsu}`)).body.disabled).toBe(true)
    expect((await act('minsu', 'enable')).status).toBe(500)
    expect((await call('GET', `people/${ids.minsu}`)).body.disabled).toBe(true)
    faults = {}
    await act('minsu', 'enable')
    expect(ended).toEqual([ids.minsu])
    expect(audited.map(({ action }) => action)).toEqual(['person.disabled', 'person.enabled'])
  })

  test('ends no session that cannot be put on record', async () => {
    faults.audit = new AppError({ code: 'AUDIT_UNAVAILABLE', kind: 'unavailable', ko: '', en: '' })
    expect((await act('minsu', 'end-sessions')).code).toBe('AUDIT_UNAVAILABLE')
    expect((await act('minsu', 'disable')).code).toBe('AUDIT_UNAVAILABLE')
    expect(ended).toEqual([])
  })
})

describe('nobody', () => {
  test('changes their own account', async () => {
    expect((await decide('hyerim', 'executive', { decision: 'granted' })).code).toBe('OWN_ACCOUNT')
    expect((await act('hyerim', 'disable')).code).toBe('OWN_ACCOUNT')
    expect(audited).toEqual([])
  })

  test('removes the last who can manage people, and two who remove each other at once leave one', async () => {
    await decide('minsu', 'admin', { decision: 'granted' })
    const [one, other] = await Promise.all([act('minsu', 'disable'), act('hyerim', 'disable', 'minsu')])
    const codes = [one.code, other.code].filter((code) => code !== undefined)
    expect(codes).toHaveLength(1)
    expect(['LAST_ADMINISTRATOR', 'FORBIDDEN']).toContain(codes[0])
  })

  test('who manages people for a time only shuts out the last one who does for good', async () => {
    const expiresAt = new Date(time + 60_000).toISOString()
    await decide('minsu', 'admin', { decision: 'granted', expiresAt })
    const refused = await decide('hyerim', 'admin', { decision: 'withheld' }, 'minsu')
    expect([refused.status, refused.code]).toEqual([409, 'LAST_ADMINISTRATOR'])
    expect((await act('hyerim', 'disable', 'minsu')).code).toBe('LAST_ADMINISTRATOR')
    expect(await rolesOf('hyerim')).toContain('admin')
  })

  test('changes anything that cannot be put on record', async () => {
    faults.audit = new AppError({ code: 'AUDIT_UNAVAILABLE', kind: 'unavailable', ko: '', en: '' })
    expect((await decide('somi', 'sales', { decision: 'granted' })).code).toBe('AUDIT_UNAVAILABLE')
    expect((await act('minsu', 'disable')).code).toBe('AUDIT_UNAVAILABLE')
    faults = {}
    expect(await rolesOf('somi')).toEqual(['employee'])
    expect((await call('GET', `people/${ids.minsu}`)).body.disabled).toBe(false)
  })

  test('without the permission sees or changes people', async () => {
    const calls = [
      await call('GET', 'people', { as: 'minsu' }),
      await call('GET', `people/${ids.somi}`, { as: 'minsu' }),
      await call('GET', 'roles', { as: 'minsu' }),
      await decide('somi', 'sales', { decision: 'granted' }, 'minsu'),
      await act('somi', 'disable', 'minsu'),
      await act('somi', 'enable', 'minsu'),
      await act('somi', 'end-sessions', 'minsu'),
    ]
    expect(calls.map(({ status, code }) => `${status} ${code}`)).toEqual(calls.map(() => '403 FORBIDDEN'))
  })
})

test('the policy table has every role and entity', async () => {
  const { json, body } = await call('GET', 'roles')
  expect(envelopeOf(policySchema).safeParse(json).error).toBeUndefined()
  expect(body.entities.map(({ entity }: { entity: string }) => entity).sort()).toEqual(
    Object.keys(catalog.entities).sort(),
  )
})

test('what is nobody, or no reason, is refused', async () => {
  expect((await call('GET', 'people/4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11')).code).toBe('PERSON_NOT_FOUND')
  expect((await decide('somi', 'sales', { decision: 'granted', reason: ' ' })).code).toBe('BAD_REQUEST')
  expect((await decide('somi', 'emperor' as Role, { decision: 'granted' })).code).toBe('BAD_REQUEST')
  expect((await decide('somi', 'sales', { decision: 'granted', reason: 'a\0b' })).code).toBe('BAD_REQUEST')
})
