import { z } from 'zod'
import { recordAct } from '#audit'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { redactPersonal } from '#platform/redact-personal'
import {
  comparisonSchema,
  deployReasonSchema,
  modelListSchema,
  modelSchema,
  servingSchema,
  startShadowSchema,
} from './api.ts'
import { compareModels, describeDeployment, describeModel, describeServing } from './describe.ts'
import { trainingErrors } from './errors.ts'
import { config, type RouteDeps, toClient } from './route-deps.ts'

const error = errorBodySchema
const modelId = z.string().regex(/^[\da-f]{16}$/)
const mostDeployments = 50

/** Models: which there are, how any two compare, which serves. */
export function registerModelRoutes(server: HttpServer, deps: RouteDeps): void {
  const { models } = deps
  const limit = z.coerce.number().int().min(1).max(100).default(20)
  server.get(
    '/api/v1/training/models',
    { config, schema: { querystring: z.object({ limit }), response: { 200: envelopeOf(modelListSchema) } } },
    async ({ query }) => {
      const [serving, all, deployments] = await Promise.all([
        models.readServing(),
        models.list(query.limit),
        models.listDeployments(mostDeployments),
      ])
      const body = {
        serving: describeServing(serving),
        models: all.map(describeModel),
        deployments: deployments.map(describeDeployment),
      }
      return wrapMessage(body, toClient)
    },
  )
  server.get(
    '/api/v1/training/models/:model',
    {
      config,
      schema: { params: z.object({ model: modelId }), response: { 200: envelopeOf(modelSchema), 404: error } },
    },
    async ({ params }) => wrapMessage(describeModel(await models.read(params.model)), toClient),
  )
  server.get(
    '/api/v1/training/models/:model/compare/:other',
    {
      config,
      schema: {
        params: z.object({ model: modelId, other: modelId }),
        response: { 200: envelopeOf(comparisonSchema), 404: error },
      },
    },
    async ({ params }) =>
      wrapMessage(compareModels(await models.read(params.model), await models.read(params.other)), toClient),
  )
  registerDeployment(server, deps)
  registerTrials(server, deps)
}

function registerDeployment(server: HttpServer, deps: RouteDeps): void {
  const { models, jobs, actorOf, codeVersion, now } = deps
  const response = { 200: envelopeOf(servingSchema), 404: error, 409: error }
  server.post(
    '/api/v1/training/models/:model/deploy',
    {
      config,
      schema: {
        params: z.object({ model: z.union([modelId, z.literal('built-in')]) }),
        body: deployReasonSchema,
        response,
      },
    },
    async (request) => {
      const { model } = request.params
      const id = model === 'built-in' ? null : model
      if (id !== null && (await models.read(id)).codeVersion !== codeVersion)
        throw new AppError(trainingErrors.otherCode)
      const also = recordAct(deps, request, {
        action: 'training.deploy',
        details: { model },
        personal: reasonOf(request),
      })
      const watchUntil = new Date(now().getTime() + (await jobs.readSettings()).watchS * 1000)
      const by = actorOf(request).userId
      return wrapMessage(
        describeServing(await models.deploy({ modelId: id, by, watchUntil, ...reasonOf(request) }, also)),
        toClient,
      )
    },
  )
  server.post(
    '/api/v1/training/models/rollback',
    { config, schema: { body: deployReasonSchema, response } },
    async (request) => {
      const reason = reasonOf(request)
      const also = recordAct(deps, request, { action: 'training.rollback', details: {}, personal: reason })
      const act = { by: actorOf(request).userId, ...reason }
      return wrapMessage(describeServing(await models.rollback(act, also)), toClient)
    },
  )
}

function registerTrials(server: HttpServer, deps: RouteDeps): void {
  const { models, actorOf, codeVersion } = deps
  const response = { 200: envelopeOf(servingSchema), 404: error, 409: error }
  server.post(
    '/api/v1/training/models/:model/shadow',
    { config, schema: { params: z.object({ model: modelId }), body: startShadowSchema, response } },
    async (request) => {
      const { model } = request.params
      const { share } = request.body
      if ((await models.read(model)).codeVersion !== codeVersion) throw new AppError(trainingErrors.otherCode)
      const also = recordAct(deps, request, { action: 'training.shadow', details: { model, share } })
      const by = actorOf(request).userId
      return wrapMessage(
        describeServing(await models.startTrial({ kind: 'shadow', modelId: model, share, by }, also)),
        toClient,
      )
    },
  )
  server.post('/api/v1/training/models/trial/end', { config, schema: { response } }, async (request) => {
    const trial = await models.readTrial()
    if (!trial) throw new AppError(trainingErrors.noTrial)
    const { deploymentId, modelId: model } = trial
    const also = recordAct(deps, request, { action: 'training.trial-end', details: { model } })
    const by = actorOf(request).userId
    return wrapMessage(
      describeServing(await models.endTrial({ deploymentId, by, reason: 'asked for' }, also)),
      toClient,
    )
  })
}

/** Without what identifies a person: a deployment is kept in the clear. */
function reasonOf({ body }: { body: z.infer<typeof deployReasonSchema> }): { reason?: string } {
  return body?.reason === undefined ? {} : { reason: redactPersonal(body.reason) }
}
