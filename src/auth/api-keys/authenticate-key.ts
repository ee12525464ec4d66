import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Actor } from '../actor.ts'
import { authErrors } from '../errors.ts'
import { failClosed } from '../fail-closed.ts'
import type { FailureThrottle } from '../throttling/failure-throttle.ts'
import type { User, UserStore } from '../user-store.ts'
import { type ApiKey, stateOf } from './api-key.ts'
import type { ApiKeyStore } from './api-key-store.ts'
import { apiKeyErrors } from './errors.ts'
import { opensKey, readKeyText } from './key-text.ts'

type Deps = { store: ApiKeyStore; users: UserStore; throttle: FailureThrottle; log: Logger; now: () => Date }

/**
 * Whom a key acts for. `userId` is the key's own: it reads rows as its owner does, but has conversations, limits and records
 * of its own, so that whoever holds it reads nothing that its owner has asked.
 */
type AuthenticatedKey = { actor: Omit<Actor, 'language'>; language: Actor['language'] | null; key: ApiKey }

export type KeyAuthenticator = {
  /**
   * Throws AppError TOKEN_INVALID (unknown or wrong, told no further), API_KEY_EXPIRED or API_KEY_REVOKED (to its holder),
   * ACCOUNT_DISABLED (its owner's), RATE_LIMITED (too many wrong ones from the address), or AUTH_UNAVAILABLE. What it knows is five
   * seconds old at most, or younger than `oldestMs`.
   */
  authenticate(text: string, address: string, oldestMs?: number): Promise<AuthenticatedKey>
  /** Makes a change felt at once in this process; others notice within the cache's age. */
  forget(prefix: string): void
}

/** How long a revoked key, a disabled owner or a lost role may go unnoticed. */
const cacheMs = 5_000
const cacheSize = 10_000
const noteUseEveryMs = 60_000

type Standing = { key: ApiKey; owner: User | undefined } | undefined
type Known = { at: number; standing: Promise<Standing> }

export function createKeyAuthenticator({ store, users, throttle, log, now }: Deps): KeyAuthenticator {
  const cache = new Map<string, Known>()
  const noteUse = createUseNotes({ store, log, now })

  const look = async (prefix: string): Promise<Standing> => {
    const key = await store.findByPrefix(prefix)
    return key && { key, owner: await users.findUser(key.ownerId) }
  }
  const lookAgain = (prefix: string): Promise<Standing> => {
    const entry = { at: now().getTime(), standing: look(prefix) }
    cache.delete(prefix)
    cache.set(prefix, entry)
    const [oldest] = cache.keys()
    if (cache.size > cacheSize && oldest !== undefined) cache.delete(oldest)
    const drop = () => {
      if (cache.get(prefix) === entry) cache.delete(prefix)
    }
    // Neither failures nor guesses are remembered.
    entry.standing.then((standing) => standing ?? drop(), drop)
    return entry.standing
  }
  /** The key that the text opens. What a process knows goes first: guesses at an address must not hold up a good key there. */
  const open = async (text: string, address: string, oldestMs: number): Promise<NonNullable<Standing>> => {
    const parts = readKeyText(text)
    const known = parts && cache.get(parts.prefix)
    if (known) {
      const age = now().getTime() - known.at
      const standing = await (age >= 0 && age < oldestMs ? known.standing : lookAgain(parts.prefix))
      if (standing && opensKey(parts.secret, standing.key, now())) return standing
    }
    await throttle.check(address)
    // Looked up anew, because another process may just have made or rotated the key.
    const standing = parts && (await lookAgain(parts.prefix))
    if (standing && opensKey(parts.secret, standing.key, now())) return standing
    await throttle.fail(address)
    throw new AppError(authErrors.tokenInvalid)
  }

  return {
    authenticate: (text, address, oldestMs = cacheMs) =>
      failClosed(async () => {
        const { key, owner } = await open(text, address, Math.min(oldestMs, cacheMs))
        const state = stateOf(key, now())
        if (state !== 'active') throw new AppError(apiKeyErrors[state])
        if (!owner || owner.disabled) throw new AppError(authErrors.accountDisabled)
        noteUse(key)
        const { name, department, email, language } = owner
        const roles = key.roles.filter((role) => owner.roles.includes(role))
        return { actor: { userId: key.keyId, name, department, email, roles }, language, key }
      }),
    forget: (prefix) => void cache.delete(prefix),
  }
}

/** Notes uses beside the calls, each key at most once a minute: no call waits for it, and none fails of it. */
function createUseNotes({ store, log, now }: Pick<Deps, 'store' | 'log' | 'now'>): (key: ApiKey) => void {
  const notedAt = new Map<string, number>()
  return ({ keyId }) => {
    const at = now()
    const noted = notedAt.get(keyId)
    if (noted !== undefined && at.getTime() - noted < noteUseEveryMs) return
    notedAt.delete(keyId)
    notedAt.set(keyId, at.getTime())
    const [oldest] = notedAt.keys()
    if (notedAt.size > cacheSize && oldest !== undefined) notedAt.delete(oldest)
    store
      .noteUse(keyId, at, new Date(at.getTime() - noteUseEveryMs))
      .catch((error: unknown) => log.warn({ err: error }, 'The use of an API key could not be noted'))
  }
}
