import type { FastifyRequest } from 'fastify'
import { AppError } from '#platform/errors'
import { requestLanguage, setActor } from '#platform/http-server'
import type { Actor } from './actor.ts'
import type { Authenticator } from './authenticate.ts'
import { authErrors } from './errors.ts'

type Deps = { authenticator: Authenticator; cookieName: string }

/** Tells routes who is calling, and turns away who may not. */
export type RequestGuard = {
  /** `access` is 'signed-in' or 'role:NAME'. Throws AppError with 401, 403 or 503. */
  guard(request: FastifyRequest, access: string): Promise<void>
  /** The actor of a request that passed the guard. Throws AppError TOKEN_MISSING when it passed none. */
  actorOf(request: FastifyRequest): Actor
  /** The language the person has chosen, for a request that passed the guard. */
  languageChoiceOf(request: FastifyRequest): Actor['language'] | undefined
}

export function createRequestGuard({ authenticator, cookieName }: Deps): RequestGuard {
  const known = new WeakMap<FastifyRequest, { actor: Actor; choice: Actor['language'] | undefined }>()
  return {
    async guard(request, access) {
      const token = findToken(request, cookieName)
      if (token === undefined) throw new AppError(authErrors.tokenMissing)
      const { actor, language } = await authenticator.authenticate(token)
      setActor(request, actor.userId)
      if (!isAllowed(actor, access)) throw new AppError(authErrors.forbidden)
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

function isAllowed(actor: Pick<Actor, 'roles'>, access: string): boolean {
  if (access === 'signed-in') return true
  return actor.roles.some((role) => access === `role:${role}`)
}
