import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type AuditLog, recordAct } from '#audit'
import type { ConnectionReport, Erp, TestConnection } from '#erp'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import {
  connectionReportSchema,
  connectionSchema,
  runListSchema,
  runSchema,
  startRunSchema,
  syncStatusSchema,
} from './api.ts'
import { connectionErrors } from './errors.ts'
import { requestRun } from './full/request-run.ts'
import type { RunStore } from './full/run-store.ts'
import { describeRun } from './status/describe-run.ts'
import { readStatus, type StatusDeps } from './status/read-status.ts'

export type RouteDeps = StatusDeps & {
  runs: RunStore
  /** Every entity that the ERP has. */
  entities: readonly string[]
  erp: Pick<Erp, 'connectionStatus'>
  testConnection: TestConnection
  audit: Pick<AuditLog, 'recordWith'>
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'sync', scope: 'sync' }
const error = errorBodySchema
const runParams = z.object({ run: z.uuid() })

/** The administration of the copy and of the connection to the ERP, for those whose role permits `sync`. */
export function registerSyncRoutes(server: HttpServer, deps: RouteDeps): void {
  registerRuns(server, deps)
  registerConnection(server, deps)
}

function registerRuns(server: HttpServer, deps: RouteDeps): void {
  const { runs } = deps
  const oneRun = { 200: envelopeOf(runSchema), 404: error }
  server.get('/api/v1/sync/status', { config, schema: { response: { 200: envelopeOf(syncStatusSchema) } } }, async () =>
    wrapMessage(await readStatus(deps), toClient),
  )
  server.get(
    '/api/v1/sync/runs',
    {
      config,
      schema: {
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
        response: { 200: envelopeOf(runListSchema) },
      },
    },
    async ({ query }) => wrapMessage({ runs: (await runs.list(query.limit)).map(describeRun) }, toClient),
  )
  server.post(
    '/api/v1/sync/runs',
    { config, schema: { body: startRunSchema, response: { 202: envelopeOf(runSchema), 409: error } } },
    async (request, reply) => {
      const { entities, force } = request.body
      const also = recordAct(deps, request, { action: 'sync.run', details: { entities: entities ?? 'all', force } })
      const run = await requestRun(deps, { ...request.body, requestedBy: deps.actorOf(request).userId, also })
      return reply.code(202).send(wrapMessage(describeRun(run), toClient))
    },
  )
  server.get(
    '/api/v1/sync/runs/:run',
    { config, schema: { params: runParams, response: oneRun } },
    async ({ params }) => wrapMessage(describeRun(await runs.read(params.run)), toClient),
  )
  server.post(
    '/api/v1/sync/runs/:run/cancel',
    { config, schema: { params: runParams, response: { ...oneRun, 409: error } } },
    async (request) => {
      const { run } = request.params
      const also = recordAct(deps, request, { action: 'sync.cancel', details: { run } })
      return wrapMessage(describeRun(await runs.cancel(run, also)), toClient)
    },
  )
}

function registerConnection(server: HttpServer, { erp, testConnection }: RouteDeps): void {
  let running: Promise<ConnectionReport> | undefined
  server.get(
    '/api/v1/erp/connection',
    { config, schema: { response: { 200: envelopeOf(connectionSchema) } } },
    async () => wrapMessage(erp.connectionStatus(), toClient),
  )
  server.post(
    '/api/v1/erp/connection/test',
    { config, schema: { response: { 200: envelopeOf(connectionReportSchema), 409: error } } },
    async (_, reply) => {
      // Each test is dozens of calls at the ERP.
      if (running) throw new AppError(connectionErrors.testing)
      running = testConnection(AbortSignal.any([signalOf(reply), AbortSignal.timeout(longestTestMs)]))
      try {
        return wrapMessage(await running, toClient)
      } finally {
        running = undefined
      }
    },
  )
}

/** Within the time that a call may take. */
const longestTestMs = 25_000

/** Ends when the caller hangs up before the reply is complete. */
function signalOf(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort()
  })
  return left.signal
}
