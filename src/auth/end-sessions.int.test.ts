import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { createAuthenticator } from './authenticate.ts'
import { endSession } from './end-session.ts'
import { endProviderSessions, endSessionsOf } from './end-sessions.ts'
import { openSession, type SessionTokens } from './open-session.ts'
import { atProvider, codeOf, describeSessions, provider, refuse } from './session-fixture.ts'

describeSessions((on) => {
  /** Whose sessions were put on record before they ended. */
  let toldOf: string[]
  beforeEach(() => {
    toldOf = []
  })

  const signOut = async (tokens: Partial<SessionTokens>, forget = on.authenticator.forget) => {
    const held = { refreshToken: tokens.refreshToken, accessToken: tokens.accessToken }
    const ending = { ...on.deps, provider, forget, homeUrl: 'http://127.0.0.1:3000/' }
    return await endSession(ending, held, async (userId) => void toldOf.push(userId))
  }

  describe('signing out', () => {
    test('ends both tokens here at once, and hands over the ID token’s hint', async () => {
      expect(await codeOf(on.authenticator.authenticate(on.session.accessToken))).toBe('ok')
      const ended = await signOut(on.session)
      expect(ended).toEqual({ userId: on.user.userId, endSessionUrl: 'https://idp.example/end?hint=the.id.token' })
      expect(toldOf).toEqual([on.user.userId])
      expect(await codeOf(on.authenticator.authenticate(on.session.accessToken))).toBe('SESSION_ENDED')
      expect(await codeOf(on.refresh(on.session.refreshToken))).toBe('SESSION_ENDED')
    })

    test('leaves the session when it cannot be put on record', async () => {
      const { refreshToken, accessToken } = on.session
      const ending = { ...on.deps, provider, forget: on.authenticator.forget, homeUrl: 'http://127.0.0.1:3000/' }
      expect(await codeOf(endSession(ending, { refreshToken, accessToken }, refuse))).toBe('AUDIT_UNAVAILABLE')
      expect(await on.deps.tokens.isSessionOpen(on.session.sessionId)).toBe(true)
    })

    test('is noticed by other replicas within five seconds', async () => {
      const other = createAuthenticator(on.deps)
      expect(await codeOf(other.authenticate(on.session.accessToken))).toBe('ok')
      await signOut(on.session)
      on.clock.time += 5_000
      expect(await codeOf(other.authenticate(on.session.accessToken))).toBe('SESSION_ENDED')
    })

    test('needs only one of the tokens, or none', async () => {
      await signOut({ accessToken: on.session.accessToken })
      expect(await on.deps.tokens.isSessionOpen(on.session.sessionId)).toBe(false)
      expect(await signOut({})).toEqual({ endSessionUrl: 'https://idp.example/end?hint=' })
      expect(await signOut({ refreshToken: 'x', accessToken: 'y' })).toEqual({
        endSessionUrl: 'https://idp.example/end?hint=',
      })
    })
  })

  describe('ending a person’s sessions', () => {
    test('is felt here at once, and by other replicas within five seconds', async () => {
      const second = await openSession(on.deps, on.user, { ...atProvider, sessionId: 'another', idToken: '' })
      const other = createAuthenticator(on.deps)
      for (const { accessToken } of [on.session, second]) {
        expect(await codeOf(on.authenticator.authenticate(accessToken))).toBe('ok')
        expect(await codeOf(other.authenticate(accessToken))).toBe('ok')
      }
      expect(
        await endSessionsOf({ ...on.deps, forget: on.authenticator.forget }, on.user.userId),
      ).toBeGreaterThanOrEqual(2)
      for (const { accessToken, refreshToken } of [on.session, second]) {
        expect(await codeOf(on.authenticator.authenticate(accessToken))).toBe('SESSION_ENDED')
        expect(await codeOf(on.refresh(refreshToken))).toBe('SESSION_ENDED')
      }
      on.clock.time += 5_000
      expect(await codeOf(other.authenticate(on.session.accessToken))).toBe('SESSION_ENDED')
    })

    const sayBy = async (logout: { subject?: string; sessionId?: string }, id: string = randomUUID()) => {
      const expiresAt = new Date(on.clock.time + 120_000)
      const said = { id, issuer: 'https://idp.example', subject: undefined, sessionId: undefined, ...logout, expiresAt }
      const saying = { ...provider, verifyLogout: async () => said }
      toldOf = []
      const ending = { ...on.deps, provider: saying, forget: on.authenticator.forget }
      const { ended } = await endProviderSessions(ending, 'token', async (userId) => void toldOf.push(userId))
      return { userIds: toldOf, ended }
    }
    const isOpen = async ({ sessionId }: SessionTokens) => await on.deps.tokens.isSessionOpen(sessionId)

    test('by the provider’s session ends that one, and by the person all', async () => {
      const phone = await openSession(on.deps, on.user, { ...atProvider, sessionId: 'phone', idToken: '' })
      const third = await openSession(on.deps, on.user, { ...atProvider, sessionId: 'third', idToken: '' })
      expect(await sayBy({ sessionId: 'phone' })).toEqual({ userIds: [on.user.userId], ended: 1 })
      expect([await isOpen(phone), await isOpen(third), await isOpen(on.session)]).toEqual([false, true, true])
      expect(await sayBy({ subject: 'minsu', sessionId: 'of another program' })).toEqual({ userIds: [], ended: 0 })
      expect(await sayBy({ subject: 'somi' })).toEqual({ userIds: [], ended: 0 })
      expect((await sayBy({ subject: 'minsu' })).userIds).toEqual([on.user.userId])
      expect([await isOpen(third), await isOpen(on.session)]).toEqual([false, false])
    })

    test('by a session that the provider never named to us ends those of the person without a name', async () => {
      const unnamed = await openSession(on.deps, on.user, { ...atProvider, sessionId: undefined, idToken: '' })
      expect(await sayBy({ subject: 'minsu', sessionId: 'x' })).toEqual({ userIds: [on.user.userId], ended: 1 })
      expect([await isOpen(unnamed), await isOpen(on.session)]).toEqual([false, true])
    })

    test('counts once, but a failure does not use it up', async () => {
      const failing = {
        ...on.deps,
        tokens: { ...on.deps.tokens, endSessions: () => Promise.reject(new Error('down')) },
      }
      const expiresAt = new Date(on.clock.time + 120_000)
      const said = { id: 'same', issuer: 'https://idp.example', subject: 'minsu', sessionId: undefined, expiresAt }
      const saying = { ...provider, verifyLogout: async () => said }
      const ending = { ...failing, provider: saying, forget: on.authenticator.forget }
      const attempt = endProviderSessions(ending, 'token', async () => undefined)
      await expect(attempt).rejects.toThrow('down')
      expect((await sayBy({ subject: 'minsu' }, 'same')).ended).toBeGreaterThanOrEqual(1)
      const later = await openSession(on.deps, on.user, { ...atProvider, idToken: '' })
      expect(await codeOf(sayBy({ subject: 'minsu' }, 'same'))).toBe('LOGOUT_TOKEN_INVALID')
      expect(await isOpen(later)).toBe(true)
    })
  })
})
