import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createAuditLog } from '#audit'
import { encryptionErrors } from '#platform/encryption-errors'
import { AppError } from '#platform/errors'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import { createAuthenticator } from './authenticate.ts'
import { openSession, type SessionDeps } from './open-session.ts'
import { refreshSession } from './refresh-session.ts'
import { newRefreshToken } from './refresh-token.ts'
import { hashSecret } from './secrets.ts'
import { atProvider, codeOf, day, describeSessions, log, provider, refuse } from './session-fixture.ts'
import { createSignIn } from './sign-in.ts'
import { createFailureThrottle } from './throttling/failure-throttle.ts'
import { throttleSignIn } from './throttling/throttle-sign-in.ts'

describeSessions((on) => {
  describe('refreshing', () => {
    test('gives new tokens of the same session and not more time', async () => {
      on.clock.time += day
      const next = await on.refresh(on.session.refreshToken)
      expect(next.refreshToken).not.toBe(on.session.refreshToken)
      expect(next).toMatchObject({ sessionId: on.session.sessionId, refreshExpiresAt: on.session.refreshExpiresAt })
      expect(next.refreshExpiresAt.getTime() - (on.clock.time - day)).toBe(14 * day)
      expect((await on.authenticator.authenticate(next.accessToken)).actor).toEqual({
        userId: on.user.userId,
        name: '김민수',
        department: '국내영업팀',
        email: '',
        roles: ['employee', 'sales'],
      })
    })

    test('from many tabs at once gives all of them the same successor', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => on.refresh(on.session.refreshToken)))
      expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1)
      on.clock.time += 9_000
      expect((await on.refresh(on.session.refreshToken)).refreshToken).toBe(answers[0]!.refreshToken)
      expect(on.reported).toEqual([])
    })

    test('from a slow tab gives the newest token, not one that is used up', async () => {
      const second = await on.refresh(on.session.refreshToken)
      on.clock.time += 2_000
      const third = await on.refresh(second.refreshToken)
      on.clock.time += 2_000
      expect((await on.refresh(on.session.refreshToken)).refreshToken).toBe(third.refreshToken)
    })

    test('with a token that was used up a while ago ends the session for everyone who holds a part of it', async () => {
      const second = await on.refresh(on.session.refreshToken)
      on.clock.time += 11_000
      expect(await codeOf(on.refresh(on.session.refreshToken))).toBe('SESSION_ENDED')
      expect(on.reported).toEqual([`reuse of ${on.session.sessionId}`])
      expect(await codeOf(on.refresh(second.refreshToken))).toBe('SESSION_ENDED')
      expect(await codeOf(createAuthenticator(on.deps).authenticate(second.accessToken))).toBe('SESSION_ENDED')
    })

    test('of a used token leaves the session when that cannot be put on record, and is refused all the same', async () => {
      await on.refresh(on.session.refreshToken)
      on.clock.time += 11_000
      expect(await codeOf(on.refresh(on.session.refreshToken, refuse))).toBe('AUDIT_UNAVAILABLE')
      expect(await on.deps.tokens.isSessionOpen(on.session.sessionId)).toBe(true)
      expect(await codeOf(on.refresh(on.session.refreshToken))).toBe('SESSION_ENDED')
      expect(await on.deps.tokens.isSessionOpen(on.session.sessionId)).toBe(false)
    })

    test('of a used token is in the audit trail', async () => {
      const audit = createAuditLog(on.db.database, log, on.cipher)
      const signIn = createSignIn({ ...on.deps, audit, provider, log } as unknown as Parameters<typeof createSignIn>[0])
      await signIn.refresh(on.session.refreshToken, '203.0.113.9')
      on.clock.time += 11_000
      expect(await codeOf(signIn.refresh(on.session.refreshToken, '203.0.113.9'))).toBe('SESSION_ENDED')
      const { rows } = await sql`select actor_id, action, outcome from audit_log`.execute(on.db.database.kysely)
      expect(rows).toEqual([{ actor_id: on.user.userId, action: 'refresh-token-reuse', outcome: 'refused' }])
    })

    test('is refused to a session that was not used for too long, however young it is', async () => {
      on.clock.time += 2 * day - 1
      const next = await on.refresh(on.session.refreshToken)
      on.clock.time += 2 * day - 1
      const last = await on.refresh(next.refreshToken)
      on.clock.time += 2 * day
      expect(await codeOf(on.refresh(last.refreshToken))).toBe('SESSION_ENDED')
    })

    test('is refused after two weeks, and with what never was a token', async () => {
      on.clock.time += 14 * day
      expect(await codeOf(on.refresh(on.session.refreshToken))).toBe('SESSION_ENDED')
      for (const token of ['', 'hello', 'A'.repeat(43), on.session.accessToken]) {
        expect(await codeOf(on.refresh(token))).toBe('SESSION_ENDED')
      }
    })

    test('of a record that was altered, or locked with a key that is gone, asks to sign in again', async () => {
      const findToken: SessionDeps['tokens']['findToken'] = async (key) => {
        const found = await on.deps.tokens.findToken(key)
        return found && { ...found, record: Buffer.concat([found.record.subarray(0, -1), Buffer.from([0, 1])]) }
      }
      const altered = { ...on.deps, tokens: { ...on.deps.tokens, findToken } }
      expect(await codeOf(refreshSession(altered, on.session.refreshToken, async () => undefined))).toBe(
        'SESSION_ENDED',
      )
    })

    test('is refused to a disabled person, and ends their session', async () => {
      await on.setDisabled(true)
      expect(await codeOf(on.refresh(on.session.refreshToken))).toBe('ACCOUNT_DISABLED')
      expect(on.reported).toEqual([`shut-out of ${on.session.sessionId}`])
      expect(await on.deps.tokens.isSessionOpen(on.session.sessionId)).toBe(false)
    })
  })

  describe('throttled by address', () => {
    /** With room for two failures; the third one makes its address wait. */
    const signInWith = (deps: object = {}) => {
      const audit = createAuditLog(on.db.database, log, on.cipher)
      const whole = { ...on.deps, audit, provider, log, ...deps } as unknown as Parameters<typeof createSignIn>[0]
      const limits = { perAddress: 3, overall: 1_000 }
      const throttle = createFailureThrottle({ counters: createMemoryRateCounters(), limits, name: 'test' })
      return throttleSignIn(createSignIn(whole), throttle)
    }
    const from = '203.0.113.9'
    const openFor = async () => await openSession(on.deps, on.user, { ...atProvider, idToken: '' })

    test('an office whose sessions were left idle overnight locks nobody out', async () => {
      const signIn = signInWith()
      const left = await Promise.all(Array.from({ length: 5 }, openFor))
      on.clock.time += 2 * day
      for (const { refreshToken } of left)
        expect(await codeOf(signIn.refresh(refreshToken, from))).toBe('SESSION_ENDED')
      expect(await codeOf(signIn.refresh((await openFor()).refreshToken, from))).toBe('ok')
    })

    test('neither does one whose records are locked with a key that is gone', async () => {
      const openRecord = () => Promise.reject(new AppError(encryptionErrors.undecipherable))
      const signIn = signInWith({ seal: { ...on.deps.seal, openRecord } })
      for (let n = 0; n < 5; n += 1) {
        expect(await codeOf(signIn.refresh((await openFor()).refreshToken, from))).toBe('SESSION_ENDED')
      }
    })

    test('what never was a token counts', async () => {
      const signIn = signInWith()
      const forged = newRefreshToken(on.session.sessionId).token
      for (let n = 0; n < 3; n += 1) expect(await codeOf(signIn.refresh(forged, from))).toBe('SESSION_ENDED')
      expect(await codeOf(signIn.refresh(on.session.refreshToken, from))).toBe('RATE_LIMITED')
    })

    test('a token that was used up counts, of an idle session too', async () => {
      const signIn = signInWith()
      const used = await Promise.all(Array.from({ length: 3 }, openFor))
      for (const { refreshToken } of used) await on.refresh(refreshToken)
      on.clock.time += 11_000
      expect(await codeOf(signIn.refresh(used[0]!.refreshToken, from))).toBe('SESSION_ENDED')
      on.clock.time += 2 * day
      for (const { refreshToken } of used.slice(1)) {
        expect(await codeOf(signIn.refresh(refreshToken, from))).toBe('SESSION_ENDED')
      }
      expect(await codeOf(signIn.refresh((await openFor()).refreshToken, from))).toBe('RATE_LIMITED')
    })
  })

  test('neither tokens nor the ID token can be read in the store', async () => {
    const next = await on.refresh(on.session.refreshToken)
    const kept = await on.dump()
    expect(kept).toContain(hashSecret(next.refreshToken.split('.')[1]!))
    for (const secret of [
      ...on.session.refreshToken.split('.'),
      ...next.refreshToken.split('.'),
      'the.id.token',
      on.user.userId,
    ]) {
      expect(kept).not.toContain(secret)
    }
  })
})
