import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { auditExportSchema, auditPageSchema, auditSearchSchema, auditVerificationSchema } from './api.ts'
import type { AuditLog } from './audit-log.ts'
import { auditErrors } from './errors.ts'
import { type AuditFormat, exportEntries } from './export-entries.ts'
import { openSearch, type SearchDeps, searchEntries } from './search-entries.ts'
import { createExportTurns } from './take-export-turn.ts'
import { readVerification } from './verification.ts'

export type RouteDeps = SearchDeps & {
  audit: Pick<AuditLog, 'record'>
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'audit', scope: 'audit' }
const mostExported = 100_000
const mediaTypes: Record<AuditFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
}

/** Search, export and verification of the audit trail, for those whose role permits `audit`. */
export function registerAuditRoutes(server: HttpServer, deps: RouteDeps): void {
  server.get(
    '/api/v1/audit',
    { config, schema: { querystring: auditSearchSchema, response: { 200: envelopeOf(auditPageSchema) } } },
    async ({ query: { after, limit, ...filters } }) =>
      wrapMessage(await searchEntries(deps, filters, { after, limit }), toClient),
  )
  server.get(
    '/api/v1/audit/verification',
    { config, schema: { response: { 200: envelopeOf(auditVerificationSchema) } } },
    async () => wrapMessage(await readVerification(deps.database), toClient),
  )
  registerExport(server, deps)
}

function registerExport(server: HttpServer, deps: RouteDeps): void {
  const file = { schema: z.string() }
  const takeTurn = createExportTurns()
  server.get(
    '/api/v1/audit/export',
    {
      config,
      schema: {
        querystring: auditExportSchema,
        response: {
          200: { description: 'The file', content: { [mediaTypes.csv]: file, [mediaTypes.jsonl]: file } },
          409: errorBodySchema,
        },
      },
    },
    async (request, reply) => {
      const { format, ...filters } = request.query
      const stream = await takeTurn(async () => {
        const search = await openSearch(deps, filters)
        if (await search.isMoreThan(mostExported))
          throw new AppError(auditErrors.tooMany, { params: { max: mostExported.toLocaleString('en-US') } })
        // Whoever takes the trail out of the product is on record before the first byte leaves.
        await deps.audit.record({
          actorId: deps.actorOf(request).userId,
          action: 'audit.export',
          outcome: 'ok',
          ip: request.ip,
          details: { format, filters: Object.keys(filters) },
          personal: filters,
        })
        return Readable.from(exportEntries(search, format))
      })
      void reply.header('content-disposition', `attachment; filename="audit.${format}"`).type(mediaTypes[format])
      return reply.send(stream as unknown as string)
    },
  )
}
