import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { type HttpServer, setActor, setErrorCode } from '#platform/http-server'
import { platformErrors } from '#platform/platform-errors'
import type { Permission, Role } from './actor.ts'
import { jwksSchema, meSchema, refreshReplySchema, refreshTokenSchema, signOutReplySchema } from './api.ts'
import type { Cookies } from './cookies.ts'
import { authErrors, signInErrors } from './errors.ts'
import { findToken, type RequestGuard } from './guard.ts'
import type { SessionTokens } from './open-session.ts'
import { registerProviderLogout } from './provider-logout-route.ts'
import { readReturnPath } from './return-path.ts'
import type { SignIn } from './sign-in.ts'
import { jwksMaxAgeS } from './signing-keys.ts'
import { signInLifetimeMs } from './start-sign-in.ts'

type Deps = {
  signIn: SignIn
  guard: RequestGuard
  permissionsOf: (roles: readonly Role[]) => Permission[]
  cookies: Cookies
  listPublicKeys: () => Promise<z.infer<typeof jwksSchema>['keys']>
  now: () => Date
}

const toClient = { destination: 'client' }
const refusals = { 401: errorBodySchema, 403: errorBodySchema, 503: errorBodySchema }

/** The routes of sign-in. Those the browser is sent to answer with redirects only, failures too. */
export function registerAuthRoutes(server: HttpServer, deps: Deps): void {
  void server.register(async (scope: HttpServer) => {
    scope.setErrorHandler((error, request, reply) => redirectThrottled(error, request, reply))
    registerSignIn(scope, deps)
  })
  registerSession(server, deps)
  registerProviderLogout(server, deps.signIn)
  registerKeys(server, deps)
}

function registerSignIn(server: HttpServer, { signIn, cookies, now }: Deps): void {
  server.get(
    '/auth/login',
    {
      config: { access: 'public' },
      schema: { querystring: z.object({ returnTo: z.string().optional() }), response: { 303: z.null() } },
    },
    async (request, reply) => {
      const returnPath = readReturnPath(request.query.returnTo)
      const browserMark = request.cookies[cookies.signIn.name]
      const refreshToken = request.cookies[cookies.refresh.name]
      const started = await signIn.start({ returnPath, browserMark, refreshToken }, request.ip)
      if (started.kind === 'failed') return redirect(reply, failureUrl(started.code))
      const maxAge = signInLifetimeMs / 1_000
      void reply.setCookie(cookies.signIn.name, started.browserMark, { ...cookies.signIn.options, maxAge })
      return redirect(reply, started.url)
    },
  )

  server.get(
    '/auth/callback',
    { config: { access: 'public' }, schema: { response: { 303: z.null() } } },
    async (request, reply) => {
      const query = new URL(request.url, 'http://localhost').searchParams
      const browserMark = request.cookies[cookies.signIn.name]
      const userAgent = request.headers['user-agent']
      const finished = await signIn.finish({ query, browserMark, userAgent }, request.ip)
      if (finished.kind === 'failed') return redirect(reply, failureUrl(finished.code))
      setActor(request, finished.tokens.userId)
      setTokens(reply, cookies, finished.tokens, now())
      return redirect(reply, finished.returnPath)
    },
  )
}

function registerSession(server: HttpServer, deps: Deps): void {
  const { signIn, cookies, now } = deps
  server.post(
    '/auth/refresh',
    {
      config: { access: 'public' },
      schema: { body: refreshTokenSchema, response: { 200: envelopeOf(refreshReplySchema), ...refusals } },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      const sent = request.body?.refreshToken
      const refreshToken = sent ?? request.cookies[cookies.refresh.name]
      if (refreshToken === undefined) throw new AppError(authErrors.tokenMissing)
      try {
        const tokens = await signIn.refresh(refreshToken, request.ip)
        setActor(request, tokens.userId)
        if (sent === undefined) setTokens(reply, cookies, tokens, now())
        return wrapMessage(describeTokens(tokens, sent !== undefined), toClient)
      } catch (error) {
        if (sent === undefined && !isPassing(error)) clearTokens(reply, cookies)
        throw error
      }
    },
  )

  server.post(
    '/auth/logout',
    {
      config: { access: 'public' },
      schema: { body: refreshTokenSchema, response: { 200: envelopeOf(signOutReplySchema), ...refusals } },
    },
    async (request, reply) => {
      clearTokens(reply.header('cache-control', 'no-store'), cookies)
      const refreshToken = request.body?.refreshToken ?? request.cookies[cookies.refresh.name]
      const accessToken = findToken(request, cookies.access.name)
      const { userId, endSessionUrl } = await signIn.end({ refreshToken, accessToken }, request.ip)
      if (userId !== undefined) setActor(request, userId)
      return wrapMessage(endSessionUrl === undefined ? {} : { endSessionUrl }, toClient)
    },
  )

  server.get(
    '/api/v1/me',
    { config: { access: 'signed-in', scope: 'ask' }, schema: { response: { 200: envelopeOf(meSchema) } } },
    async (request) => wrapMessage(describeMe(request, deps), toClient),
  )
}

function registerKeys(server: HttpServer, { listPublicKeys }: Deps): void {
  server.get(
    '/.well-known/jwks.json',
    { config: { access: 'public' }, schema: { response: { 200: jwksSchema } } },
    async (_, reply) => {
      const keys = await listPublicKeys()
      return reply.header('cache-control', `public, max-age=${jwksMaxAgeS}`).send({ keys })
    },
  )
}

const failureUrl = (code: string) => `/?signInError=${code}`

function redirect(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(url, 303)
}

/** Whoever has to wait, for failing or for calling too often, is a person in front of a browser: the sign-in page tells them. */
function redirectThrottled(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(error instanceof AppError) || error.spec.code !== platformErrors.rateLimited.code) throw error
  setErrorCode(request, error.spec.code)
  return redirect(reply, failureUrl(signInErrors.tooOften.code))
}

/** A failure that says nothing about the session: the browser keeps its cookies and tries again. */
function isPassing(error: unknown): boolean {
  return !(error instanceof AppError) || error.spec.kind === 'unavailable' || error.spec.kind === 'internal'
}

/** The sign-in's mark stays until it expires: another tab may be signing in. */
function setTokens(reply: FastifyReply, { access, refresh }: Cookies, tokens: SessionTokens, now: Date): void {
  const maxAge = (until: Date) => Math.max(0, Math.floor((until.getTime() - now.getTime()) / 1_000))
  void reply
    .setCookie(access.name, tokens.accessToken, { ...access.options, maxAge: maxAge(tokens.accessExpiresAt) })
    .setCookie(refresh.name, tokens.refreshToken, { ...refresh.options, maxAge: maxAge(tokens.refreshExpiresAt) })
}

function clearTokens(reply: FastifyReply, { access, refresh }: Cookies): void {
  void reply.clearCookie(access.name, access.options).clearCookie(refresh.name, refresh.options)
}

function describeTokens(tokens: SessionTokens, withTokens: boolean) {
  const times = {
    expiresAt: tokens.accessExpiresAt.toISOString(),
    refreshExpiresAt: tokens.refreshExpiresAt.toISOString(),
  }
  const { accessToken, refreshToken } = tokens
  return withTokens ? { ...times, tokenType: 'Bearer' as const, accessToken, refreshToken } : times
}

function describeMe(request: FastifyRequest, { guard, permissionsOf }: Deps) {
  const { userId, name, department, email, roles } = guard.actorOf(request)
  const language = guard.languageChoiceOf(request)
  return { userId, name, department, email, roles, permissions: permissionsOf(roles), ...(language && { language }) }
}
