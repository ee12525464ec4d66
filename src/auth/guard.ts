import type { FastifyRequest } from 'fastify'
import { AppError } from '#platform/errors'
import { requestLanguage, setActor } from '#platform/http-server'
import type { AccessRules } from './access-rules.ts'
import type { Actor, Role } from './actor.ts'
import type { Authenticator } from './authenticate.ts'
import { authErrors } from './errors.ts'

type Deps = { authenticator: Authenticator; cookieName: string; permissions: AccessRules['permissions'] }

/** Tells routes who is calling, and turns away who may not. */
export type RequestGuard = {
  /** `access` is 'signed-in' or a permission of `access/roles.yaml`. Throws AppError with 401, 403 or 503. */
  guard(request: FastifyRequest, access: string): Promise<void>
  /** The actor of a request that passed the guard. Throws AppError TOKEN_MISSING when it passed none. */
  actorOf(request: FastifyRequest): Actor
  /** The language the person has chosen, for a request that passed the guard. */
  languageChoiceOf(request: FastifyRequest): Actor['language'] | undefined
}

export function createRequestGuard({ authenticator, cookieName, permissions }: Deps): RequestGuard {
  const known = new WeakMap<FastifyRequest, { actor: Actor; choice: Actor['language'] | undefined }>()
  return {
    async guard(request, access) {
      const token = findToken(request, cookieName)
      if (token === undefined) throw new AppError(authErrors.tokenMissing)
      const { actor, language } = await authenticator.authenticate(token)
      setActor(request, actor.userId)
      if (!isAllowed(actor, access, permissions)) throw new AppError(authErrors.forbidden)
      const choice = language ?? undefined
      known.set(request, { actor: { ...actor, language: choice ?? requestLanguage(request) }, choice })
    },
    actorOf(request) {
      const entry = known.get(request)
      if (!entry) throw new AppError(authErrors.tokenMissing)
      return entry.actor
    },
    languageChoiceOf: (request) => known.get(request)?.choice,
  }
}

/** A header goes before the cookie, and a header that carries no bearer token is a fault, not a reason to try the cookie. */
export function findToken(request: FastifyRequest, cookieName: string): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined) return request.cookies[cookieName]
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? []
  if (token === undefined) throw new AppError(authErrors.tokenInvalid)
  return token
}

function isAllowed({ roles }: Pick<Actor, 'roles'>, access: string, permissions: Deps['permissions']): boolean {
  if (access === 'signed-in') return true
  const allowed = new Map<string, readonly Role[]>(Object.entries(permissions)).get(access) ?? []
  return roles.some((role) => allowed.includes(role))
}
