import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '#audit'
import type { Catalog } from '#catalog'
import { countLookups } from '#platform/count-lookups'
import type { FieldCipher } from '#platform/encryption'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { RateCounters } from '#platform/rate-counters'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import type { AccessRules } from './access-rules.ts'
import { createAccessTokens } from './access-token.ts'
import type { Actor } from './actor.ts'
import type { ApiKeyStore } from './api-keys/api-key-store.ts'
import { createKeyAuthenticator } from './api-keys/authenticate-key.ts'
import { registerApiKeyRoutes } from './api-keys/routes.ts'
import { createAuthenticator } from './authenticate.ts'
import { describeCookies } from './cookies.ts'
import { countSignIns } from './count-sign-ins.ts'
import { endSessionsOf } from './end-sessions.ts'
import { failClosed } from './fail-closed.ts'
import { createRequestGuard } from './guard.ts'
import { createIdentityProvider, type ProviderConfig } from './identity-provider.ts'
import { measureKeyAge } from './measure-key-age.ts'
import { createNetworkRules } from './networks/network-rules.ts'
import type { NetworkStore } from './networks/network-store.ts'
import { registerNetworkRoutes } from './networks/routes.ts'
import { registerOwnSessionRoutes } from './own-sessions/routes.ts'
import type { PeopleStore } from './people/people-store.ts'
import { permissionsOf } from './people/policy-table.ts'
import { registerPeopleRoutes } from './people/routes.ts'
import { createPermitRead, type PermitRead } from './permit-read.ts'
import { registerAuthRoutes } from './routes.ts'
import { createSessionSeal } from './session-record.ts'
import { createSignIn } from './sign-in.ts'
import type { SigningKeyStore } from './signing-key-store.ts'
import { createSigningKeys } from './signing-keys.ts'
import { createFailureThrottle, type FailureLimits } from './throttling/failure-throttle.ts'
import { throttleSignIn } from './throttling/throttle-sign-in.ts'
import type { TokenStore } from './token-store.ts'
import type { UserStore } from './user-store.ts'

export type AuthDeps = {
  /** Origin that browsers see; issuer of our tokens. The provider redirects to `<publicUrl>/auth/callback`, after sign-out to `<publicUrl>/`. */
  publicUrl: string
  provider: ProviderConfig
  rules: AccessRules
  catalog: Catalog
  tokens: TokenStore
  users: UserStore
  people: PeopleStore
  signingKeys: SigningKeyStore
  apiKeys: ApiKeyStore
  networks: NetworkStore
  /** Where failures are counted; in this process unless told. */
  counters?: RateCounters
  /** After how long a session ends that is not used. */
  idleHours?: number | undefined
  /** Of the first RSA key, which is made when there is none. */
  signingKeyBits?: number | undefined
  failureLimits?: { [Place in keyof FailureLimitsOf]?: Partial<FailureLimits> }
  cipher: FieldCipher
  audit: AuditLog
  log: Logger
  metrics?: Metrics
  now?: () => Date
}

/** How many failures are let pass before whoever causes them has to wait. */
type FailureLimitsOf = { signIn: FailureLimits; apiKeys: FailureLimits }

/** An office calls from one address: the sessions of everybody there may have been ended at once. */
export const defaultFailureLimits: FailureLimitsOf = {
  signIn: { perAddress: 100, overall: 1_000 },
  apiKeys: { perAddress: 30, overall: 1_000 },
}

/** A working day and the evening: who comes back the next morning signs in again, which at the provider is often no more than a click. */
const defaultIdleHours = 12

export type Auth = {
  registerRoutes(server: HttpServer): void
  /**
   * `access` is 'signed-in' or a permission of `access/roles.yaml`. Throws AppError with 401, 403 or 503. What is known of the caller
   * may be five seconds old, with `oldestMs` less.
   */
  guard(request: FastifyRequest, access: string, oldestMs?: number): Promise<void>
  /** The actor of a request that passed the guard. Throws AppError TOKEN_MISSING when it passed none. */
  actorOf(request: FastifyRequest): Actor
  /** Who a bearer token acts for, in Korean unless they chose otherwise. Throws as `guard` does. */
  authenticate(token: string): Promise<Actor>
  permitRead: PermitRead
  /** A person as they are now, for what is done in their name while they are away; undefined when nobody has this id. */
  findPerson(userId: string): Promise<{ actor: Actor; disabled: boolean } | undefined>
  /** Ends every session of a person, at once here and within five seconds everywhere; tells how many there were. Throws AUTH_UNAVAILABLE. */
  endSessionsOf(userId: string): Promise<number>
  /** For readiness: rejects while the signing keys cannot be read. Makes the first one. */
  checkReady(): Promise<void>
  /** For readiness: rejects while the store of the sessions cannot be reached. */
  checkTokenStore(): Promise<void>
  /** Clears away sign-ins and sessions that have expired; tells how many records. */
  removeExpired(): Promise<number>
}

/** Sign-in, tokens and permissions. Starts nothing and calls nobody by itself. */
export function createAuth(deps: AuthDeps): Auth {
  const { provider: config, rules, catalog, tokens, users, signingKeys, cipher, audit, now = () => new Date() } = deps
  const { counters = createMemoryRateCounters(), failureLimits, idleHours = defaultIdleHours } = deps
  const { permissions } = rules
  const log = deps.log.child({ 'event.module': 'auth' })
  const publicUrl = new URL(deps.publicUrl)
  const cookies = describeCookies(publicUrl.href)
  const keys = createSigningKeys({ store: signingKeys, cipher, bits: deps.signingKeyBits, now })
  if (deps.metrics) measureKeyAge(deps.metrics, keys, now)
  const accessTokens = createAccessTokens({ keys, issuer: publicUrl.origin, now })
  const authenticator = createAuthenticator({
    accessTokens,
    tokens,
    users,
    now,
    ...(deps.metrics && { onLookup: countLookups(deps.metrics, 'session') }),
  })
  const keyThrottle = createFailureThrottle({
    counters,
    limits: { ...defaultFailureLimits.apiKeys, ...failureLimits?.apiKeys },
    name: 'api-key',
  })
  const keyAuthenticator = createKeyAuthenticator({ store: deps.apiKeys, users, throttle: keyThrottle, log, now })
  const networks = createNetworkRules({ store: deps.networks, now })
  const requestGuard = createRequestGuard({
    ...{ authenticator, keys: keyAuthenticator, networks, permissions },
    cookieName: cookies.access.name,
  })
  const signInThrottle = createFailureThrottle({
    counters,
    limits: { ...defaultFailureLimits.signIn, ...failureLimits?.signIn },
    name: 'sign-in',
  })
  const seal = createSessionSeal(cipher)
  const idleMs = idleHours * 3_600_000
  const plainSignIn = createSignIn({
    provider: createIdentityProvider({ config, scopes: rules.identity.scopes, log, now }),
    identity: rules.identity,
    tokens,
    users,
    accessTokens,
    ...{ seal, idleMs },
    cipher,
    redirectUri: new URL('/auth/callback', publicUrl).href,
    homeUrl: new URL('/', publicUrl).href,
    forget: authenticator.forget,
    audit,
    log,
    now,
  })
  const countedSignIn = deps.metrics ? countSignIns(plainSignIn, deps.metrics) : plainSignIn
  const signIn = throttleSignIn(countedSignIn, signInThrottle)
  const endAllSessionsOf = (userId: string) =>
    failClosed(() => endSessionsOf({ tokens, forget: authenticator.forget }, userId))
  return {
    registerRoutes: (server) => {
      const administration = { permissions, audit, now, actorOf: requestGuard.actorOf }
      const { forget } = keyAuthenticator
      registerApiKeyRoutes(server, { ...administration, store: deps.apiKeys, users, forget })
      registerNetworkRoutes(server, { ...administration, store: deps.networks, rules: networks })
      const listPublicKeys = () => failClosed(keys.listPublicKeys)
      registerAuthRoutes(server, {
        ...{ signIn, guard: requestGuard, cookies, listPublicKeys, now },
        permissionsOf: (roles) => permissionsOf(rules, roles),
      })
      registerOwnSessionRoutes(server, {
        ...{ tokens, seal, idleMs, now, audit, forget: authenticator.forget, guard: requestGuard },
      })
      registerPeopleRoutes(server, {
        ...{ people: deps.people, rules, catalog, audit, now, actorOf: requestGuard.actorOf },
        endSessionsOf: endAllSessionsOf,
      })
    },
    guard: requestGuard.guard,
    actorOf: requestGuard.actorOf,
    authenticate: async (token) => {
      const { actor, language } = await authenticator.authenticate(token)
      return { ...actor, language: language ?? 'ko' }
    },
    permitRead: createPermitRead(rules, catalog),
    findPerson: async (userId) => {
      const user = await users.findUser(userId)
      if (!user) return undefined
      const { disabled, language, ...person } = user
      return { actor: { ...person, language: language ?? 'ko' }, disabled }
    },
    endSessionsOf: endAllSessionsOf,
    checkReady: async () => {
      await failClosed(keys.findSigningKey)
    },
    checkTokenStore: tokens.checkReady,
    removeExpired: tokens.removeExpired,
  }
}
