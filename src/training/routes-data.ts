import { z } from 'zod'
import { recordAct } from '#audit'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import {
  addedSchema,
  addLabelsSchema,
  candidateListSchema,
  candidateQuerySchema,
  datasetListSchema,
  datasetRowsSchema,
  reviewSchema,
  uploadedSchema,
  uploadSchema,
} from './api.ts'
import { describeCandidate, describeDataset } from './describe.ts'
import { trainingErrors } from './errors.ts'
import { config, type RouteDeps, toClient } from './route-deps.ts'
import { trainingLines } from './steps/train.ts'
import { takeUpload } from './take-result.ts'

const error = errorBodySchema
/** For the programs of others, whose keys open these two and nothing else of training. */
const forTrainers = { ...config, scope: 'training' }
const jobParams = z.object({ job: z.uuid() })
const largestUpload = 96 * 2 ** 20

/** Data sets, what people labelled, and what other programs take and bring. */
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
  registerReview(server, deps)
}

function registerReview(server: HttpServer, deps: RouteDeps): void {
  const { data, readLabels, actorOf } = deps
  const check = (label: string) => {
    if (!readLabels().includes(label)) throw new AppError(trainingErrors.unknownLabel)
  }
  server.get(
    '/api/v1/training/candidates',
    { config, schema: { querystring: candidateQuerySchema, response: { 200: envelopeOf(candidateListSchema) } } },
    async ({ query }) => {
      const { cause, limit, reviewed } = query
      const candidates = await data.listCandidates({ cause, limit, isReviewed: reviewed === 'true' })
      return wrapMessage({ candidates: candidates.map(describeCandidate), labels: [...readLabels()] }, toClient)
    },
  )
  server.put(
    '/api/v1/training/candidates/:turn',
    {
      config,
      schema: {
        params: z.object({ turn: z.uuid() }),
        body: reviewSchema,
        response: { 200: envelopeOf(reviewSchema), 404: error },
      },
    },
    async (request) => {
      const { label } = request.body
      check(label)
      const { turn } = request.params
      const also = recordAct(deps, request, { action: 'training.review', details: { turn, label } })
      await data.review(turn, label, actorOf(request).userId, also)
      return wrapMessage({ label }, toClient)
    },
  )
  server.post(
    '/api/v1/training/labels',
    { config, schema: { body: addLabelsSchema, response: { 200: envelopeOf(addedSchema) } } },
    async (request) => {
      const { rows } = request.body
      for (const { label } of rows) check(label)
      const also = recordAct(deps, request, { action: 'training.label', details: { rows: rows.length } })
      return wrapMessage({ added: await data.addLabels(rows, actorOf(request).userId, also) }, toClient)
    },
  )
}
