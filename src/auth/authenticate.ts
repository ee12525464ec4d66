import type { LookupCounter } from '#platform/count-lookups'
import { AppError } from '#platform/errors'
import type { AccessTokens } from './access-token.ts'
import type { Actor } from './actor.ts'
import { authErrors } from './errors.ts'
import { failClosed } from './fail-closed.ts'
import type { TokenStore } from './token-store.ts'
import type { User, UserStore } from './user-store.ts'

type Deps = {
  accessTokens: AccessTokens
  tokens: TokenStore
  users: UserStore
  now: () => Date
  onLookup?: LookupCounter
}

/** An actor with the session the token belongs to. `language` is undefined when the person has not chosen one. */
type Authenticated = { actor: Omit<Actor, 'language'>; language: Actor['language'] | null; sessionId: string }

export type Authenticator = {
  /**
   * Throws AppError TOKEN_INVALID, TOKEN_EXPIRED, SESSION_ENDED, ACCOUNT_DISABLED, or AUTH_UNAVAILABLE when it cannot tell. What it
   * knows is five seconds old at most, or younger than `oldestMs`.
   */
  authenticate(token: string, oldestMs?: number): Promise<Authenticated>
  /** Makes a session's end felt at once in this process; others notice within the cache's age. */
  forget(sessionId: string): void
}

/** How long a sign-out, a disabled account or a lost role may go unnoticed. */
const cacheMs = 5_000
const cacheSize = 10_000

type Standing = { isOpen: boolean; user: User | undefined }

/** Verifies a token and looks up what it cannot say: whether the session still stands, and who the person is today. */
export function createAuthenticator({ accessTokens, tokens, users, now, onLookup }: Deps): Authenticator {
  const cache = new Map<string, { at: number; standing: Promise<Standing> }>()

  const look = async (sessionId: string, userId: string): Promise<Standing> => {
    const [isOpen, user] = await Promise.all([tokens.isSessionOpen(sessionId), users.findUser(userId)])
    return { isOpen, user }
  }
  const standingOf = (sessionId: string, userId: string, oldestMs: number): Promise<Standing> => {
    const known = cache.get(sessionId)
    const age = now().getTime() - (known?.at ?? 0)
    const isFresh = known !== undefined && age >= 0 && age < oldestMs
    onLookup?.(isFresh ? 'hit' : 'miss')
    if (isFresh) return known.standing
    const entry = { at: now().getTime(), standing: look(sessionId, userId) }
    cache.delete(sessionId)
    cache.set(sessionId, entry)
    const [oldest] = cache.keys()
    if (cache.size > cacheSize && oldest !== undefined) cache.delete(oldest)
    // A failure is not remembered, and one that nobody waits for any more must not end the process.
    entry.standing.catch(() => {
      if (cache.get(sessionId) === entry) cache.delete(sessionId)
    })
    return entry.standing
  }

  return {
    async authenticate(token, oldestMs = cacheMs) {
      return await failClosed(async () => {
        const claims = await accessTokens.verify(token)
        const { isOpen, user } = await standingOf(claims.sessionId, claims.userId, Math.min(oldestMs, cacheMs))
        if (!isOpen || !user) throw new AppError(authErrors.sessionEnded)
        if (user.disabled) throw new AppError(authErrors.accountDisabled)
        const { userId, name, department, email, roles } = user
        // Who has gained a role holds an outdated token; a new one has it, and programs know how to get one.
        if (user.roles.some((role) => !claims.roles.includes(role))) throw new AppError(authErrors.tokenExpired)
        return {
          actor: { userId, name, department, email, roles },
          language: user.language,
          sessionId: claims.sessionId,
        }
      })
    },
    forget(sessionId) {
      cache.delete(sessionId)
    },
  }
}
