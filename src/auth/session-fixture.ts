import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { createFieldCipher, createFileKeyService, type FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { openRedis } from '#platform/redis'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { hasRedis, startTestRedis } from '../../test/support/test-redis.ts'
import { createAccessTokens } from './access-token.ts'
import { type Authenticator, createAuthenticator } from './authenticate.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { openSession, type SessionTokens } from './open-session.ts'
import { type EndReport, type RefreshDeps, refreshSession } from './refresh-session.ts'
import { createSessionSeal } from './session-record.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createPostgresTokenStore } from './token-store.postgres.ts'
import { createRedisTokenStore } from './token-store.redis.ts'
import type { TokenStore } from './token-store.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'
import type { User } from './user-store.ts'

/** `dump`: all that the store holds about sessions, as text. */
type OpenedTokens = { tokens: TokenStore; dump: () => Promise<string>; close: () => Promise<void> }

/** 김민수, who has just signed in, in a store of sessions whose clock the test moves. */
export type SessionOffice = {
  clock: { time: number }
  db: TestDatabase
  dump: () => Promise<string>
  cipher: FieldCipher
  deps: RefreshDeps
  authenticator: Authenticator
  user: User
  session: SessionTokens
  /** What was put on record of sessions that a refresh was about to end. */
  reported: string[]
  setDisabled(disabled: boolean): Promise<void>
  refresh(token: string, report?: EndReport): Promise<SessionTokens>
}

export const day = 86_400_000
export const log = createLogger({ level: 'silent', role: 'test' })

export const atProvider = {
  issuer: 'https://idp.example',
  subject: 'minsu',
  sessionId: 'at the provider',
  from: { address: '203.0.113.7', device: { browser: 'Chrome' } },
}

export const provider: IdentityProvider = {
  authorizationUrl: async () => '',
  exchangeCode: async () => ({ ...atProvider, claims: {}, idToken: '' }),
  verifyLogout: () => Promise.reject(new Error('not asked')),
  endSessionUrl: async (idToken: string | undefined) => `https://idp.example/end?hint=${idToken ?? ''}`,
}

/** An audit trail that cannot be written. */
export const refuse = () =>
  Promise.reject(new AppError({ code: 'AUDIT_UNAVAILABLE', kind: 'unavailable', ko: '', en: '' }))

export const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'ok',
    (error: { spec?: { code: string } }) => error.spec?.code ?? error,
  )

/** The same tests on each store that sessions may be kept in. */
export function describeSessions(tests: (on: SessionOffice) => void): void {
  describe('in PostgreSQL', () => describeStore(openPostgres, tests))
  describe.skipIf(!hasRedis)('in Redis', () => describeStore(openRedisServer, tests))
}

type OpenTokens = (db: TestDatabase, now: () => Date) => Promise<OpenedTokens>

function describeStore(openTokens: OpenTokens, tests: (on: SessionOffice) => void): void {
  const clock = { time: Date.parse('2026-11-23T05:00:00Z') }
  const now = () => new Date(clock.time)
  const on = { clock } as SessionOffice
  let close: () => Promise<void>

  beforeAll(async () => {
    const db = await createTestDatabase()
    const keyFile = join(await mkdtemp(join(tmpdir(), 'auth-sessions-')), 'key')
    const cipher = createFieldCipher(createFileKeyService(keyFile))
    const keys = createSigningKeys({ store: createPostgresSigningKeyStore(db.database), cipher, now })
    const accessTokens = createAccessTokens({ keys, issuer: 'http://127.0.0.1:3000', now })
    const { tokens, dump, close: closeStore } = await openTokens(db, now)
    close = closeStore
    const users = createPostgresUserStore(db.database)
    const seal = createSessionSeal(cipher)
    const deps = { tokens, users, accessTokens, seal, idleMs: 2 * day, now, forget: () => undefined }
    Object.assign(on, { db, dump, cipher, deps })
  })
  afterAll(async () => {
    await close()
    await on.db.drop()
  })
  beforeEach(async () => {
    const profile = {
      ...{ issuer: 'https://idp.example', subject: 'minsu', name: '김민수', department: '국내영업팀', email: '' },
      ...{ roles: ['employee', 'sales'] as User['roles'], language: null },
    }
    on.user = await on.deps.users.saveSignIn(profile, now())
    await on.setDisabled(false)
    on.authenticator = createAuthenticator(on.deps)
    on.session = await openSession(on.deps, on.user, { ...atProvider, idToken: 'the.id.token' })
    on.reported = []
  })

  on.setDisabled = async (disabled) => {
    await sql`update auth_users set disabled = ${disabled} where user_id = ${on.user.userId}`.execute(
      on.db.database.kysely,
    )
  }
  const onEnd: EndReport = async ({ sessionId }, reason) => {
    expect(await on.deps.tokens.isSessionOpen(sessionId)).toBe(true)
    on.reported.push(`${reason} of ${sessionId}`)
  }
  on.refresh = async (token, report = onEnd) => await refreshSession(on.deps, token, report)
  tests(on)
}

async function openPostgres({ database }: TestDatabase, now: () => Date): Promise<OpenedTokens> {
  const dump = async () => {
    const { rows } = await sql<{ dump: string }>`
      select token_hash || encode(record, 'escape') || coalesce(encode(successor, 'escape'), '') as dump
      from auth_refresh_tokens join auth_sessions using (session_id)`.execute(database.kysely)
    return rows.map((row) => row.dump).join('\n')
  }
  return { tokens: createPostgresTokenStore(database, now), dump, close: async () => undefined }
}

async function openRedisServer(_: TestDatabase, now: () => Date): Promise<OpenedTokens> {
  const server = await startTestRedis()
  const redis = openRedis({ url: server.url }, log)
  await once(redis, 'ready')
  const dump = async () => {
    const keys = (await redis.keys('*')).filter((key) => key.includes('session:'))
    const all = await Promise.all(keys.map((key) => redis.hgetallBuffer(key)))
    return all
      .map((hash) => Object.entries(hash).map(([field, value]) => `${field}=${value.toString('latin1')}`))
      .join('\n')
  }
  const close = async () => {
    redis.disconnect()
    await server.close()
  }
  return { tokens: createRedisTokenStore({ redis, now }), dump, close }
}
