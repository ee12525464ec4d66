import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuditLog } from '#audit'
import { createFieldCipher, createFileKeyService, type FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { openRedis } from '#platform/redis'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { hasRedis, startTestRedis } from '../../test/support/test-redis.ts'
import { createAccessTokens } from './access-token.ts'
import { type Authenticator, createAuthenticator } from './authenticate.ts'
import { endSession } from './end-session.ts'
import { endProviderSessions, endSessionsOf } from './end-sessions.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { openSession, type SessionDeps, type SessionTokens } from './open-session.ts'
import { type EndReport, type RefreshDeps, refreshSession } from './refresh-session.ts'
import { hashSecret } from './secrets.ts'
import { createSessionSeal } from './session-record.ts'
import { createSignIn } from './sign-in.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createPostgresTokenStore } from './token-store.postgres.ts'
import { createRedisTokenStore } from './token-store.redis.ts'
import type { TokenStore } from './token-store.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'
import type { User } from './user-store.ts'

type OpenedTokens = { tokens: TokenStore; dump: () => Promise<string>; close: () => Promise<void> }

const log = createLogger({ level: 'silent', role: 'test' })
let time = Date.parse('2026-11-23T05:00:00Z')
const now = () => new Date(time)

async function openPostgres({ database }: TestDatabase): Promise<OpenedTokens> {
  const dump = async () => {
    const { rows } = await sql<{ dump: string }>`
      select token_hash || encode(record, 'escape') || coalesce(encode(successor, 'escape'), '') as dump
      from auth_refresh_tokens join auth_sessions using (session_id)`.execute(database.kysely)
    return rows.map((row) => row.dump).join('\n')
  }
  return { tokens: createPostgresTokenStore(database, now), dump, close: async () => undefined }
}

async function openRedisServer(): Promise<OpenedTokens> {
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

describe('sessions in PostgreSQL', () => describeSessions(openPostgres))
describe.skipIf(!hasRedis)('sessions in Redis', () => describeSessions(openRedisServer))

function describeSessions(openTokens: (db: TestDatabase) => Promise<OpenedTokens>): void {
  let db: TestDatabase
  let dump: () => Promise<string>
  let close: () => Promise<void>
  let cipher: FieldCipher
  let deps: RefreshDeps
  let authenticator: Authenticator
  let user: User
  let session: SessionTokens
  let reused: string[]
  /** Whose sessions were put on record before they ended. */
  let toldOf: string[]
  const day = 86_400_000
  const atProvider = {
    issuer: 'https://idp.example',
    subject: 'minsu',
    sessionId: 'at the provider',
    from: { address: '203.0.113.7', device: { browser: 'Chrome' } },
  }

  beforeAll(async () => {
    db = await createTestDatabase()
    const keyFile = join(await mkdtemp(join(tmpdir(), 'auth-sessions-')), 'key')
    cipher = createFieldCipher(createFileKeyService(keyFile))
    const keys = createSigningKeys({ store: createPostgresSigningKeyStore(db.database), cipher, now })
    const accessTokens = createAccessTokens({ keys, issuer: 'http://127.0.0.1:3000', now })
    const opened = await openTokens(db)
    dump = opened.dump
    close = opened.close
    const { tokens } = opened
    const users = createPostgresUserStore(db.database)
    deps = {
      tokens,
      users,
      accessTokens,
      seal: createSessionSeal(cipher),
      idleMs: 2 * day,
      now,
      forget: () => undefined,
    }
  })
  afterAll(async () => {
    await close()
    await db.drop()
  })

  beforeEach(async () => {
    const profile = {
      issuer: 'https://idp.example',
      subject: 'minsu',
      name: '김민수',
      department: '국내영업팀',
      email: '',
    }
    user = await deps.users.saveSignIn({ ...profile, roles: ['employee', 'sales'], language: null }, now())
    await setDisabled(false)
    authenticator = createAuthenticator(deps)
    session = await openSession(deps, user, { ...atProvider, idToken: 'the.id.token' })
    reused = []
    toldOf = []
  })

  const setDisabled = async (disabled: boolean) =>
    await sql`update auth_users set disabled = ${disabled} where user_id = ${user.userId}`.execute(db.database.kysely)
  const onEnd: EndReport = async ({ sessionId }, reason) => {
    expect(await deps.tokens.isSessionOpen(sessionId)).toBe(true)
    reused.push(`${reason} of ${sessionId}`)
  }
  const refresh = async (token: string, report = onEnd) => await refreshSession(deps, token, report)
  const refuse = () => Promise.reject(new AppError({ code: 'AUDIT_UNAVAILABLE', kind: 'unavailable', ko: '', en: '' }))
  const codeOf = async (work: Promise<unknown>) =>
    await work.then(
      () => 'ok',
      (error: { spec?: { code: string } }) => error.spec?.code ?? error,
    )
  const provider: IdentityProvider = {
    authorizationUrl: async () => '',
    exchangeCode: async () => ({ ...atProvider, claims: {}, idToken: '' }),
    verifyLogout: () => Promise.reject(new Error('not asked')),
    endSessionUrl: async (idToken: string | undefined) => `https://idp.example/end?hint=${idToken ?? ''}`,
  }
  const signOut = async (tokens: Partial<SessionTokens>, forget = authenticator.forget) => {
    const held = { refreshToken: tokens.refreshToken, accessToken: tokens.accessToken }
    const ending = { ...deps, provider, forget, homeUrl: 'http://127.0.0.1:3000/' }
    return await endSession(ending, held, async (userId) => void toldOf.push(userId))
  }

  describe('refreshing', () => {
    test('gives new tokens of the same session and not more time', async () => {
      time += day
      const next = await refresh(session.refreshToken)
      expect(next.refreshToken).not.toBe(session.refreshToken)
      expect(next).toMatchObject({ sessionId: session.sessionId, refreshExpiresAt: session.refreshExpiresAt })
      expect(next.refreshExpiresAt.getTime() - (time - day)).toBe(14 * day)
      expect((await authenticator.authenticate(next.accessToken)).actor).toEqual({
        userId: user.userId,
        name: '김민수',
        department: '국내영업팀',
        email: '',
        roles: ['employee', 'sales'],
      })
    })

    test('from many tabs at once gives all of them the same successor', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(session.refreshToken)))
      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1)
      time += 9_000
      expect((await refresh(session.refreshToken)).refreshToken).toBe(answers[0]!.refreshToken)
      expect(reused).toEqual([])
    })

    test('from a slow tab gives the newest token, not one that is used up', async () => {
      const second = await refresh(session.refreshToken)
      time += 2_000
      const third = await refresh(second.refreshToken)
      time += 2_000
      expect((await refresh(session.refreshToken)).refreshToken).toBe(third.refreshToken)
    })

    test('with a token that was used up a while ago ends the session for everyone who holds a part of it', async () => {
      const second = await refresh(session.refreshToken)
      time += 11_000
      expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
      expect(reused).toEqual([`reuse of ${session.sessionId}`])
      expect(await codeOf(refresh(second.refreshToken))).toBe('SESSION_ENDED')
      expect(await codeOf(createAuthenticator(deps).authenticate(second.accessToken))).toBe('SESSION_ENDED')
    })

    test('of a used token leaves the session when that cannot be put on record, and is refused all the same', async () => {
      await refresh(session.refreshToken)
      time += 11_000
      expect(await codeOf(refresh(session.refreshToken, refuse))).toBe('AUDIT_UNAVAILABLE')
      expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(true)
      expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
      expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(false)
    })

    test('of a used token is in the audit trail', async () => {
      const audit = createAuditLog(db.database, log, cipher)
      const signIn = createSignIn({ ...deps, audit, provider, log } as unknown as Parameters<typeof createSignIn>[0])
      await signIn.refresh(session.refreshToken, '203.0.113.9')
      time += 11_000
      expect(await codeOf(signIn.refresh(session.refreshToken, '203.0.113.9'))).toBe('SESSION_ENDED')
      const { rows } = await sql`select actor_id, action, outcome from audit_log`.execute(db.database.kysely)
      expect(rows).toEqual([{ actor_id: user.userId, action: 'refresh-token-reuse', outcome: 'refused' }])
    })

    test('is refused to a session that was not used for too long, however young it is', async () => {
      time += 2 * day - 1
      const next = await refresh(session.refreshToken)
      time += 2 * day - 1
      const last = await refresh(next.refreshToken)
      time += 2 * day
      expect(await codeOf(refresh(last.refreshToken))).toBe('SESSION_ENDED')
    })

    test('is refused after two weeks, and with what never was a token', async () => {
      time += 14 * day
      expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
      for (const token of ['', 'hello', 'A'.repeat(43), session.accessToken]) {
        expect(await codeOf(refresh(token))).toBe('SESSION_ENDED')
      }
    })

    test('of a record that was altered, or locked with a key that is gone, asks to sign in again', async () => {
      const findToken: SessionDeps['tokens']['findToken'] = async (key) => {
        const found = await deps.tokens.findToken(key)
        return found && { ...found, record: Buffer.concat([found.record.subarray(0, -1), Buffer.from([0, 1])]) }
      }
      const altered = { ...deps, tokens: { ...deps.tokens, findToken } }
      expect(await codeOf(refreshSession(altered, session.refreshToken, async () => undefined))).toBe('SESSION_ENDED')
    })

    test('is refused to a disabled person, and ends their session', async () => {
      await setDisabled(true)
      expect(await codeOf(refresh(session.refreshToken))).toBe('ACCOUNT_DISABLED')
      expect(reused).toEqual([`shut-out of ${session.sessionId}`])
      expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(false)
    })
  })

  test('neither tokens nor the ID token can be read in the store', async () => {
    const next = await refresh(session.refreshToken)
    const kept = await dump()
    expect(kept).toContain(hashSecret(next.refreshToken.split('.')[1]!))
    for (const secret of [
      ...session.refreshToken.split('.'),
      ...next.refreshToken.split('.'),
      'the.id.token',
      user.userId,
    ]) {
      expect(kept).not.toContain(secret)
    }
  })

  describe('signing out', () => {
    test('ends both tokens here at once, and hands over the ID token’s hint', async () => {
      expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('ok')
      const ended = await signOut(session)
      expect(ended).toEqual({ userId: user.userId, endSessionUrl: 'https://idp.example/end?hint=the.id.token' })
      expect(toldOf).toEqual([user.userId])
      expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('SESSION_ENDED')
      expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
    })

    test('leaves the session when it cannot be put on record', async () => {
      const { refreshToken, accessToken } = session
      const ending = { ...deps, provider, forget: authenticator.forget, homeUrl: 'http://127.0.0.1:3000/' }
      expect(await codeOf(endSession(ending, { refreshToken, accessToken }, refuse))).toBe('AUDIT_UNAVAILABLE')
      expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(true)
    })

    test('is noticed by other replicas within five seconds', async () => {
      const other = createAuthenticator(deps)
      expect(await codeOf(other.authenticate(session.accessToken))).toBe('ok')
      await signOut(session)
      time += 5_000
      expect(await codeOf(other.authenticate(session.accessToken))).toBe('SESSION_ENDED')
    })

    test('needs only one of the tokens, or none', async () => {
      await signOut({ accessToken: session.accessToken })
      expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(false)
      expect(await signOut({})).toEqual({ endSessionUrl: 'https://idp.example/end?hint=' })
      expect(await signOut({ refreshToken: 'x', accessToken: 'y' })).toEqual({
        endSessionUrl: 'https://idp.example/end?hint=',
      })
    })
  })

  describe('ending a person’s sessions', () => {
    test('is felt here at once, and by other replicas within five seconds', async () => {
      const second = await openSession(deps, user, { ...atProvider, sessionId: 'another', idToken: '' })
      const other = createAuthenticator(deps)
      for (const { accessToken } of [session, second]) {
        expect(await codeOf(authenticator.authenticate(accessToken))).toBe('ok')
        expect(await codeOf(other.authenticate(accessToken))).toBe('ok')
      }
      expect(await endSessionsOf({ ...deps, forget: authenticator.forget }, user.userId)).toBeGreaterThanOrEqual(2)
      for (const { accessToken, refreshToken } of [session, second]) {
        expect(await codeOf(authenticator.authenticate(accessToken))).toBe('SESSION_ENDED')
        expect(await codeOf(refresh(refreshToken))).toBe('SESSION_ENDED')
      }
      time += 5_000
      expect(await codeOf(other.authenticate(session.accessToken))).toBe('SESSION_ENDED')
    })

    const sayBy = async (logout: { subject?: string; sessionId?: string }, id: string = randomUUID()) => {
      const expiresAt = new Date(time + 120_000)
      const said = { id, issuer: 'https://idp.example', subject: undefined, sessionId: undefined, ...logout, expiresAt }
      const saying = { ...provider, verifyLogout: async () => said }
      toldOf = []
      const ending = { ...deps, provider: saying, forget: authenticator.forget }
      const { ended } = await endProviderSessions(ending, 'token', async (userId) => void toldOf.push(userId))
      return { userIds: toldOf, ended }
    }
    const isOpen = async ({ sessionId }: SessionTokens) => await deps.tokens.isSessionOpen(sessionId)

    test('by the provider’s session ends that one, and by the person all', async () => {
      const phone = await openSession(deps, user, { ...atProvider, sessionId: 'phone', idToken: '' })
      const third = await openSession(deps, user, { ...atProvider, sessionId: 'third', idToken: '' })
      expect(await sayBy({ sessionId: 'phone' })).toEqual({ userIds: [user.userId], ended: 1 })
      expect([await isOpen(phone), await isOpen(third), await isOpen(session)]).toEqual([false, true, true])
      expect(await sayBy({ subject: 'minsu', sessionId: 'of another program' })).toEqual({ userIds: [], ended: 0 })
      expect(await sayBy({ subject: 'somi' })).toEqual({ userIds: [], ended: 0 })
      expect((await sayBy({ subject: 'minsu' })).userIds).toEqual([user.userId])
      expect([await isOpen(third), await isOpen(session)]).toEqual([false, false])
    })

    test('by a session that the provider never named to us ends those of the person without a name', async () => {
      const unnamed = await openSession(deps, user, { ...atProvider, sessionId: undefined, idToken: '' })
      expect(await sayBy({ subject: 'minsu', sessionId: 'x' })).toEqual({ userIds: [user.userId], ended: 1 })
      expect([await isOpen(unnamed), await isOpen(session)]).toEqual([false, true])
    })

    test('counts once, but a failure does not use it up', async () => {
      const failing = { ...deps, tokens: { ...deps.tokens, endSessions: () => Promise.reject(new Error('down')) } }
      const expiresAt = new Date(time + 120_000)
      const said = { id: 'same', issuer: 'https://idp.example', subject: 'minsu', sessionId: undefined, expiresAt }
      const saying = { ...provider, verifyLogout: async () => said }
      const ending = { ...failing, provider: saying, forget: authenticator.forget }
      const attempt = endProviderSessions(ending, 'token', async () => undefined)
      await expect(attempt).rejects.toThrow('down')
      expect((await sayBy({ subject: 'minsu' }, 'same')).ended).toBeGreaterThanOrEqual(1)
      const later = await openSession(deps, user, { ...atProvider, idToken: '' })
      expect(await codeOf(sayBy({ subject: 'minsu' }, 'same'))).toBe('LOGOUT_TOKEN_INVALID')
      expect(await isOpen(later)).toBe(true)
    })
  })

  describe('who a token acts for', () => {
    test('loses a role within five seconds, and gains one with a new token', async () => {
      const setRoles = async (roles: string) =>
        await sql`update auth_users set roles = ${roles} where user_id = ${user.userId}`.execute(db.database.kysely)
      await setRoles('{employee}')
      expect((await authenticator.authenticate(session.accessToken)).actor.roles).toEqual(['employee'])
      await setRoles('{employee,executive}')
      time += 5_000
      expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('TOKEN_EXPIRED')
      const next = await refresh(session.refreshToken)
      expect((await authenticator.authenticate(next.accessToken)).actor.roles).toEqual(['employee', 'executive'])
    })

    test('is nobody once the account is disabled', async () => {
      expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('ok')
      await setDisabled(true)
      time += 5_000
      expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('ACCOUNT_DISABLED')
    })

    test('cannot be told while the store is down: refused as unavailable, and again fine afterwards', async () => {
      let isDown = true
      const tokens = {
        ...deps.tokens,
        isSessionOpen: async (sessionId: string) => {
          if (isDown) throw new Error('connection refused')
          return await deps.tokens.isSessionOpen(sessionId)
        },
      }
      const shaky = createAuthenticator({ ...deps, tokens })
      expect(await codeOf(shaky.authenticate(session.accessToken))).toBe('AUTH_UNAVAILABLE')
      isDown = false
      expect(await codeOf(shaky.authenticate(session.accessToken))).toBe('ok')
    })
  })
}
