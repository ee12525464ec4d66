import type { FastifyRequest } from 'fastify'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import {
  emailParams,
  liftSuppressionSchema,
  retriedEmailSchema,
  suppressionListQuerySchema,
  suppressionListSchema,
  suppressionParams,
  suppressionSchema,
} from '../api.ts'
import { notifyErrors } from '../errors.ts'
import { listCursor } from '../list-cursor.ts'
import type { EmailStore, Suppression } from './email-store.ts'
import { type RetryDeps, retryEmail } from './retry-email.ts'

export type EmailAdminDeps = Omit<RetryDeps, 'store'> & {
  store: Pick<EmailStore, 'reopen' | 'listSuppressions' | 'liftSuppression'>
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'notify' }

/** What can be done about mail that did not arrive: sending it again, and letting an address have mail again. */
export function registerEmailAdmin(server: HttpServer, deps: EmailAdminDeps): void {
  const callerOf = (request: FastifyRequest) => ({ userId: deps.actorOf(request).userId, ip: request.ip })
  server.post(
    '/api/v1/notify/emails/:email/retry',
    {
      config,
      schema: { params: emailParams, response: { 202: envelopeOf(retriedEmailSchema), 404: error, 409: error } },
    },
    async (request, reply) => {
      await retryEmail(deps, request.params.email, callerOf(request))
      return reply.code(202).send(wrapMessage({ email: request.params.email }, toClient))
    },
  )
  registerSuppressions(server, deps, callerOf)
}

type CallerOf = (request: FastifyRequest) => { userId: string; ip: string }

function registerSuppressions(server: HttpServer, deps: EmailAdminDeps, callerOf: CallerOf): void {
  const { database, store, audit } = deps
  server.get(
    '/api/v1/notify/suppressions',
    {
      config,
      schema: { querystring: suppressionListQuerySchema, response: { 200: envelopeOf(suppressionListSchema) } },
    },
    async ({ query: { address, limit, after } }) => {
      const place = after === undefined ? undefined : listCursor.read(after)
      const found = await store.listSuppressions({ address, limit: limit + 1, after: place })
      const suppressions = found.slice(0, limit)
      const last = suppressions.at(-1)
      const next =
        found.length > limit && last ? { next: listCursor.format({ at: last.since, id: last.suppression }) } : {}
      return wrapMessage({ suppressions: suppressions.map(describeSuppression), ...next }, toClient)
    },
  )
  server.post(
    '/api/v1/notify/suppressions/:suppression/lift',
    {
      config,
      schema: {
        params: suppressionParams,
        body: liftSuppressionSchema,
        response: { 200: envelopeOf(suppressionSchema), 404: error },
      },
    },
    async (request) => {
      const { userId: actorId, ip } = callerOf(request)
      const lifted = await database.kysely.transaction().execute(async (transaction) => {
        const found = await store.liftSuppression(request.params.suppression, transaction)
        if (!found) throw new AppError(notifyErrors.suppressionUnknown)
        await audit.recordWith(transaction, {
          ...{ actorId, action: 'email.suppression-lift', outcome: 'ok', ip },
          details: { suppressedFor: found.reason },
          personal: { address: found.address, reason: request.body.reason },
        })
        return found
      })
      return wrapMessage(describeSuppression(lifted), toClient)
    },
  )
}

const describeSuppression = ({ since, ...rest }: Suppression) => ({ ...rest, since: since.toISOString() })
