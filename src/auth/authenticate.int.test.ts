import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { createAuthenticator } from './authenticate.ts'
import { codeOf, describeSessions } from './session-fixture.ts'

describeSessions((on) => {
  describe('who a token acts for', () => {
    test('loses a role within five seconds, and gains one with a new token', async () => {
      const setRoles = async (roles: string) =>
        await sql`update auth_users set roles = ${roles} where user_id = ${on.user.userId}`.execute(
          on.db.database.kysely,
        )
      await setRoles('{employee}')
      expect((await on.authenticator.authenticate(on.session.accessToken)).actor.roles).toEqual(['employee'])
      await setRoles('{employee,executive}')
      on.clock.time += 5_000
      expect(await codeOf(on.authenticator.authenticate(on.session.accessToken))).toBe('TOKEN_EXPIRED')
      const next = await on.refresh(on.session.refreshToken)
      expect((await on.authenticator.authenticate(next.accessToken)).actor.roles).toEqual(['employee', 'executive'])
    })

    test('is asked anew by whoever needs to know sooner', async () => {
      const other = createAuthenticator(on.deps)
      expect(await codeOf(other.authenticate(on.session.accessToken))).toBe('ok')
      await on.deps.tokens.endSession(on.session.sessionId)
      on.clock.time += 1_000
      expect(await codeOf(other.authenticate(on.session.accessToken))).toBe('ok')
      expect(await codeOf(other.authenticate(on.session.accessToken, 1_000))).toBe('SESSION_ENDED')
    })

    test('is nobody once the account is disabled', async () => {
      expect(await codeOf(on.authenticator.authenticate(on.session.accessToken))).toBe('ok')
      await on.setDisabled(true)
      on.clock.time += 5_000
      expect(await codeOf(on.authenticator.authenticate(on.session.accessToken))).toBe('ACCOUNT_DISABLED')
    })

    test('cannot be told while the store is down: refused as unavailable, and again fine afterwards', async () => {
      let isDown = true
      const tokens = {
        ...on.deps.tokens,
        isSessionOpen: async (sessionId: string) => {
          if (isDown) throw new Error('connection refused')
          return await on.deps.tokens.isSessionOpen(sessionId)
        },
      }
      const shaky = createAuthenticator({ ...on.deps, tokens })
      expect(await codeOf(shaky.authenticate(on.session.accessToken))).toBe('AUTH_UNAVAILABLE')
      isDown = false
      expect(await codeOf(shaky.authenticate(on.session.accessToken))).toBe('ok')
    })
  })
})
