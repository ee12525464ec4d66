import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { datasetListSchema, datasetRowsSchema, uploadedSchema, uploadSchema } from './api.ts'
import { describeDataset } from './describe.ts'
import { config, type RouteDeps, toClient } from './route-deps.ts'
import { trainingLines } from './steps/train.ts'
import { takeUpload } from './take-result.ts'

const error = errorBodySchema
/** For the programs of others, whose keys open these two and nothing else of training. */
const forTrainers = { ...config, scope: 'training' }
const jobParams = z.object({ job: z.uuid() })
const largestUpload = 96 * 2 ** 20

/** Data sets, and what other programs take and bring. */
export function registerDataRoutes(server: HttpServer, deps: RouteDeps): void {
  const { data } = deps
  const limit = z.coerce.number().int().min(1).max(100).default(20)
  server.get(
    '/api/v1/training/datasets',
    { config, schema: { querystring: z.object({ limit }), response: { 200: envelopeOf(datasetListSchema) } } },
    async ({ query }) =>
      wrapMessage({ datasets: (await data.listDatasets(query.limit)).map(describeDataset) }, toClient),
  )
  server.get(
    '/api/v1/training/jobs/:job/dataset',
    {
      config: forTrainers,
      schema: { params: jobParams, response: { 200: envelopeOf(datasetRowsSchema), 404: error } },
    },
    async ({ params }) => {
      const { hash, content } = await data.readDataset(params.job)
      return wrapMessage({ hash, examples: trainingLines(content) }, toClient)
    },
  )
  server.put(
    '/api/v1/training/jobs/:job/model',
    {
      config: forTrainers,
      bodyLimit: largestUpload,
      schema: {
        params: jobParams,
        body: uploadSchema,
        response: { 200: envelopeOf(uploadedSchema), 404: error, 409: error },
      },
    },
    async ({ params, body }) => {
      const { modelId: model, sha256 } = await takeUpload(deps, params.job, Buffer.from(body.content, 'base64'))
      return wrapMessage({ model, sha256 }, toClient)
    },
  )
}
