import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { endedOwnSessionsSchema, ownSessionsSchema } from '../api.ts'
import { failClosed } from '../fail-closed.ts'
import type { RequestGuard } from '../guard.ts'
import { type EndDeps, endOtherSessions, endOwnSession } from './end-own-sessions.ts'
import { type ListDeps, listSessions } from './list-sessions.ts'

type RouteDeps = ListDeps & EndDeps & { guard: RequestGuard }

const toClient = { destination: 'client' }
// No scope: API keys have no sessions.
const config = { access: 'signed-in' }
const unavailable = { 503: errorBodySchema }

/** Where people see on which devices they are signed in, and sign out there. */
export function registerOwnSessionRoutes(server: HttpServer, deps: RouteDeps): void {
  const callerOf = (request: FastifyRequest) => {
    return { userId: deps.guard.actorOf(request).userId, sessionId: deps.guard.sessionOf(request), ip: request.ip }
  }
  server.get(
    '/api/v1/me/sessions',
    { config, schema: { response: { 200: envelopeOf(ownSessionsSchema), ...unavailable } } },
    async (request) => {
      const sessions = await failClosed(() => listSessions(deps, callerOf(request)))
      return wrapMessage({ sessions, idleHours: deps.idleMs / 3_600_000 }, toClient)
    },
  )
  server.delete(
    '/api/v1/me/sessions',
    { config, schema: { response: { 200: envelopeOf(endedOwnSessionsSchema), ...unavailable } } },
    async (request) => {
      const ended = await failClosed(() => endOtherSessions(deps, callerOf(request)))
      return wrapMessage({ ended }, toClient)
    },
  )
  server.delete(
    '/api/v1/me/sessions/:sessionId',
    {
      config,
      schema: {
        params: z.object({ sessionId: z.uuid() }),
        response: { 200: envelopeOf(z.object({})), 404: errorBodySchema, ...unavailable },
      },
    },
    async (request) => {
      await failClosed(() => endOwnSession(deps, callerOf(request), request.params.sessionId))
      return wrapMessage({}, toClient)
    },
  )
}
