import { Readable } from 'node:stream'
import { z } from 'zod'
import { recordAct } from '#audit'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { trainingErrors } from '../errors.ts'
import { config, type RouteDeps, toClient } from '../route-deps.ts'
import { addedSchema, addLabelsSchema, formatSchema, importedSchema, type LabelFormat } from './api.ts'
import { importLabels } from './import-labels.ts'
import { writeLabels } from './write-labels.ts'

const largestFile = 8 * 2 ** 20
const mediaTypes: Record<LabelFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
}
/** What an import may come as; which of the formats it is, the query says. */
const fileTypes = ['text/csv', 'application/jsonl', 'application/x-ndjson', 'application/octet-stream']

/** Labelled sentences that people bring, and take away. */
export function registerLabelRoutes(server: HttpServer, deps: RouteDeps): void {
  const { data, readLabels, actorOf } = deps
  server.post(
    '/api/v1/training/labels',
    { config, schema: { body: addLabelsSchema, response: { 200: envelopeOf(addedSchema) } } },
    async (request) => {
      const { rows } = request.body
      if (rows.some(({ label }) => !readLabels().includes(label))) throw new AppError(trainingErrors.unknownLabel)
      const also = recordAct(deps, request, { action: 'training.label', details: { rows: rows.length } })
      return wrapMessage({ added: await data.addLabels(rows, actorOf(request).userId, also) }, toClient)
    },
  )
  registerImport(server, deps)
  registerExport(server, deps)
}

/** The one route of training that takes a file as it is: its body is bytes up to a bound, and JSON is no way around it. */
function registerImport(server: HttpServer, deps: RouteDeps): void {
  void server.register(async (scope: HttpServer) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(fileTypes, { parseAs: 'buffer', bodyLimit: largestFile }, (_, body, done) =>
      done(null, body),
    )
    scope.post(
      '/api/v1/training/labels/import',
      {
        config,
        bodyLimit: largestFile,
        schema: {
          querystring: formatSchema,
          consumes: fileTypes,
          body: z.instanceof(Buffer).describe('The file'),
          response: { 200: envelopeOf(importedSchema), 400: errorBodySchema },
        },
      },
      async (request) => {
        const file = { content: request.body, format: request.query.format, by: deps.actorOf(request).userId }
        const imported = await importLabels(deps, file, (details) =>
          recordAct(deps, request, { action: 'training.import', details: { ...details, format: file.format } }),
        )
        return wrapMessage(imported, toClient)
      },
    )
  })
}

function registerExport(server: HttpServer, deps: RouteDeps): void {
  const file = { schema: z.string() }
  server.get(
    '/api/v1/training/labels/export',
    {
      config,
      schema: {
        querystring: formatSchema,
        response: { 200: { description: 'The file', content: { [mediaTypes.csv]: file, [mediaTypes.jsonl]: file } } },
      },
    },
    async (request, reply) => {
      const { format } = request.query
      // Whoever takes sentences out of the product is on record before the first byte leaves.
      const actorId = deps.actorOf(request).userId
      await deps.audit.record({
        actorId,
        action: 'training.export',
        outcome: 'ok',
        ip: request.ip,
        details: { format },
      })
      void reply.header('content-disposition', `attachment; filename="labels.${format}"`).type(mediaTypes[format])
      return reply.send(Readable.from(writeLabels(deps, format)) as unknown as string)
    },
  )
}
