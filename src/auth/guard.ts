import type { FastifyRequest } from 'fastify'
import { AppError } from '#platform/errors'
import { requestLanguage, setActor } from '#platform/http-server'
import type { AccessRules } from './access-rules.ts'
import type { Actor } from './actor.ts'
import { admitActor } from './admit-actor.ts'
import type { KeyAuthenticator } from './api-keys/authenticate-key.ts'
import { looksLikeKey } from './api-keys/key-text.ts'
import type { Authenticator } from './authenticate.ts'
import { authErrors } from './errors.ts'
import { failClosed } from './fail-closed.ts'
import type { NetworkRules } from './networks/network-rules.ts'

type Deps = {
  authenticator: Authenticator
  keys: KeyAuthenticator
  networks: NetworkRules
  cookieName: string
  permissions: AccessRules['permissions']
}

/** Tells routes who is calling, and turns away who may not. */
export type RequestGuard = {
  /**
   * `access` is 'signed-in' or a permission of `access/roles.yaml`. Throws AppError with 401, 403, 429 or 503. What is known of the
   * caller may be five seconds old, with `oldestMs` less.
   */
  guard(request: FastifyRequest, access: string, oldestMs?: number): Promise<void>
  /** The actor of a request that passed the guard, with the roles allowed from their network. Throws AppError TOKEN_MISSING when it passed none. */
  actorOf(request: FastifyRequest): Actor
  /** The session of a request that passed the guard. Throws AppError TOKEN_MISSING for one that has none, such as an API key's. */
  sessionOf(request: FastifyRequest): string
  /** The language the person has chosen, for a request that passed the guard. */
  languageChoiceOf(request: FastifyRequest): Actor['language'] | undefined
}

type Known = { actor: Actor; choice: Actor['language'] | undefined; sessionId: string | undefined }

export function createRequestGuard(deps: Deps): RequestGuard {
  const { authenticator, keys, networks, cookieName, permissions } = deps
  const known = new WeakMap<FastifyRequest, Known>()
  return {
    async guard(request, access, oldestMs) {
      const credential = findCredential(request, cookieName)
      if (credential === undefined) throw new AppError(authErrors.tokenMissing)
      const found = credential.isKey
        ? { ...(await keys.authenticate(credential.text, request.ip, oldestMs)), sessionId: undefined }
        : { ...(await authenticator.authenticate(credential.text, oldestMs)), key: undefined }
      const { actor, language, key, sessionId } = found
      setActor(request, actor.userId, key && { prefix: `ecb_${key.prefix}`, ownerId: key.ownerId })
      const rules = { networks: await failClosed(networks.current), permissions }
      const caller = { roles: actor.roles, key, address: request.ip }
      const roles = admitActor(caller, { access, scope: scopeOf(request) }, rules)
      const choice = language ?? undefined
      known.set(request, {
        actor: { ...actor, roles, language: choice ?? requestLanguage(request) },
        choice,
        sessionId,
      })
    },
    actorOf(request) {
      const entry = known.get(request)
      if (!entry) throw new AppError(authErrors.tokenMissing)
      return entry.actor
    },
    sessionOf(request) {
      const sessionId = known.get(request)?.sessionId
      if (sessionId === undefined) throw new AppError(authErrors.tokenMissing)
      return sessionId
    },
    languageChoiceOf: (request) => known.get(request)?.choice,
  }
}

/**
 * What a request shows. A header goes before the cookie, and a header that carries nothing of use is a fault, not a reason to try
 * the cookie; neither are two of them, because it could not be told who is meant.
 */
function findCredential(request: FastifyRequest, cookieName: string): { text: string; isKey: boolean } | undefined {
  const apiKey = request.headers['x-api-key']
  if (apiKey === undefined) {
    const text = findToken(request, cookieName)
    return text === undefined ? undefined : { text, isKey: looksLikeKey(text) }
  }
  if (typeof apiKey !== 'string' || request.headers.authorization !== undefined)
    throw new AppError(authErrors.tokenInvalid)
  return { text: apiKey, isKey: true }
}

/** The bearer token of the header, else of the cookie. */
export function findToken(request: FastifyRequest, cookieName: string): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined) return request.cookies[cookieName]
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  if (token === undefined) throw new AppError(authErrors.tokenInvalid)
  return token
}

function scopeOf({ routeOptions: { config } }: FastifyRequest): string | undefined {
  return 'scope' in config && typeof config.scope === 'string' ? config.scope : undefined
}
