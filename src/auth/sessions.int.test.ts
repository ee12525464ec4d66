import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createAccessTokens } from './access-token.ts'
import { type Authenticator, createAuthenticator } from './authenticate.ts'
import { endSession } from './end-session.ts'
import { openSession, type SessionDeps, type SessionTokens } from './open-session.ts'
import { refreshSession } from './refresh-session.ts'
import { createSessionSeal } from './session-record.ts'
import { createPostgresSigningKeyStore } from './signing-key-store.postgres.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createPostgresTokenStore } from './token-store.postgres.ts'
import { createPostgresUserStore } from './user-store.postgres.ts'
import type { User } from './user-store.ts'

let db: TestDatabase
let deps: SessionDeps
let authenticator: Authenticator
let user: User
let session: SessionTokens
let reused: string[]
let time = Date.parse('2026-11-23T05:00:00Z')
const now = () => new Date(time)
const day = 86_400_000

beforeAll(async () => {
  db = await createTestDatabase()
  const keyFile = join(await mkdtemp(join(tmpdir(), 'auth-sessions-')), 'key')
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const keys = createSigningKeys({ store: createPostgresSigningKeyStore(db.database), cipher, now })
  const accessTokens = createAccessTokens({ keys, issuer: 'http://127.0.0.1:3000', now })
  const tokens = createPostgresTokenStore(db.database, now)
  const users = createPostgresUserStore(db.database)
  deps = { tokens, users, accessTokens, seal: createSessionSeal(cipher), now }
})
afterAll(async () => await db.drop())

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
  session = await openSession(deps, user, 'the.id.token')
  reused = []
})

const setDisabled = async (disabled: boolean) =>
  await sql`update auth_users set disabled = ${disabled} where user_id = ${user.userId}`.execute(db.database.kysely)
const refresh = async (token: string) =>
  await refreshSession(deps, token, async ({ sessionId }) => void reused.push(sessionId))
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => 'ok',
    (error: { spec?: { code: string } }) => error.spec?.code ?? error,
  )
const provider = {
  authorizationUrl: async () => '',
  exchangeCode: async () => ({ claims: {}, idToken: '' }),
  endSessionUrl: async (idToken: string | undefined) => `https://idp.example/end?hint=${idToken ?? ''}`,
}
const signOut = async (tokens: Partial<SessionTokens>, forget = authenticator.forget) => {
  const held = { refreshToken: tokens.refreshToken, accessToken: tokens.accessToken }
  return await endSession({ ...deps, provider, forget, homeUrl: 'http://127.0.0.1:3000/' }, held)
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
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(session.refreshToken)))
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
    expect(reused).toEqual([session.sessionId])
    expect(await codeOf(refresh(second.refreshToken))).toBe('SESSION_ENDED')
    expect(await codeOf(createAuthenticator(deps).authenticate(second.accessToken))).toBe('SESSION_ENDED')
  })

  test('is refused after two weeks, and with what never was a token', async () => {
    time += 14 * day
    expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
    for (const token of ['', 'hello', 'A'.repeat(43), session.accessToken]) {
      expect(await codeOf(refresh(token))).toBe('SESSION_ENDED')
    }
  })

  test('of a record that was altered, or locked with a key that is gone, asks to sign in again', async () => {
    await sql`update auth_refresh_tokens set record = set_byte(record, 20, 255 - get_byte(record, 20))
      where session_id = ${session.sessionId}`.execute(db.database.kysely)
    expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
  })

  test('is refused to a disabled person, and ends their session', async () => {
    await setDisabled(true)
    expect(await codeOf(refresh(session.refreshToken))).toBe('ACCOUNT_DISABLED')
    expect(await deps.tokens.isSessionOpen(session.sessionId)).toBe(false)
  })
})

test('neither tokens nor the ID token can be read in the database', async () => {
  const next = await refresh(session.refreshToken)
  const { rows } = await sql<{ dump: string }>`
    select token_hash || encode(record, 'escape') || coalesce(encode(successor, 'escape'), '') as dump
    from auth_refresh_tokens`.execute(db.database.kysely)
  const dump = rows.map((row) => row.dump).join('\n')
  expect(rows.length).toBeGreaterThan(1)
  for (const secret of [session.refreshToken, next.refreshToken, 'the.id.token', user.userId]) {
    expect(dump).not.toContain(secret)
  }
})

describe('signing out', () => {
  test('ends both tokens here at once, and hands over the ID token’s hint', async () => {
    expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('ok')
    const ended = await signOut(session)
    expect(ended).toEqual({ userId: user.userId, endSessionUrl: 'https://idp.example/end?hint=the.id.token' })
    expect(await codeOf(authenticator.authenticate(session.accessToken))).toBe('SESSION_ENDED')
    expect(await codeOf(refresh(session.refreshToken))).toBe('SESSION_ENDED')
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
