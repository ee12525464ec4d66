import { z } from 'zod'
import { recordAct } from '#audit'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { trainingErrors } from '../errors.ts'
import { config, type RouteDeps, toClient } from '../route-deps.ts'
import {
  candidateListSchema,
  candidateQuerySchema,
  choicesSchema,
  effectSchema,
  type ReviewEffect,
  type ReviewVerdict,
  reviewedSchema,
  reviewSchema,
} from './api.ts'
import { describeCandidate } from './describe-candidate.ts'
import { findUnknownName, labelOfQuery } from './label-of-query.ts'
import { listChoices } from './list-choices.ts'
import { measureEffect } from './measure-effect.ts'
import type { Verdict } from './review-store.ts'

const error = errorBodySchema
const params = z.object({ turn: z.uuid() })

/** The review desk: questions that went wrong, what people say they mean, and what that changes. */
export function registerReviewRoutes(server: HttpServer, deps: RouteDeps): void {
  const { reviews, catalog, readLabels } = deps
  server.get(
    '/api/v1/training/candidates',
    { config, schema: { querystring: candidateQuerySchema, response: { 200: envelopeOf(candidateListSchema) } } },
    async ({ query }) => {
      const [found, counts] = await Promise.all([reviews.list(query), reviews.count(query.state)])
      return wrapMessage({ candidates: found.map((one) => describeCandidate(one, readLabels())), counts }, toClient)
    },
  )
  server.get(
    '/api/v1/training/choices',
    { config, schema: { response: { 200: envelopeOf(choicesSchema) } } },
    async () => wrapMessage(listChoices(catalog, readLabels()), toClient),
  )
  registerVerdicts(server, deps)
  registerEffect(server, deps)
}

function registerVerdicts(server: HttpServer, deps: RouteDeps): void {
  const { reviews, actorOf } = deps
  const path = '/api/v1/training/candidates/:turn'
  const done = { 200: envelopeOf(z.object({})), 404: error }
  server.put(
    path,
    { config, schema: { params, body: reviewSchema, response: { 200: envelopeOf(reviewedSchema), 404: error } } },
    async (request) => {
      const verdict = settleVerdict(deps, request.body)
      const { turn } = request.params
      const details = { turn, label: verdict.label, isWhole: verdict.query !== undefined }
      const also = recordAct(deps, request, { action: 'training.review', details })
      await reviews.review(turn, verdict, actorOf(request).userId, also)
      return wrapMessage(verdict, toClient)
    },
  )
  server.post(`${path}/discard`, { config, schema: { params, response: done } }, async (request) => {
    const { turn } = request.params
    const also = recordAct(deps, request, { action: 'training.discard', details: { turn } })
    await reviews.discard(turn, actorOf(request).userId, also)
    return wrapMessage({}, toClient)
  })
  server.delete(path, { config, schema: { params, response: done } }, async (request) => {
    const { turn } = request.params
    await reviews.reopen(turn, recordAct(deps, request, { action: 'training.reopen', details: { turn } }))
    return wrapMessage({}, toClient)
  })
}

/** What is kept of a review. Throws TRAINING_LABEL_UNKNOWN, TRAINING_QUERY_UNKNOWN. */
function settleVerdict({ catalog, readLabels }: RouteDeps, { label, query }: ReviewVerdict): Verdict {
  if (query) {
    const unknown = findUnknownName(query, catalog)
    if (unknown !== undefined) throw new AppError(trainingErrors.unknownName, { params: { name: unknown } })
    return { label: labelOfQuery(query, readLabels()), query }
  }
  if (label === undefined || !readLabels().includes(label)) throw new AppError(trainingErrors.unknownLabel)
  return { label }
}

function registerEffect(server: HttpServer, deps: RouteDeps): void {
  // Two hundred readings at a time are enough, whoever asks.
  let running: Promise<ReviewEffect> | undefined
  server.get(
    '/api/v1/training/effect',
    { config, schema: { response: { 200: envelopeOf(effectSchema) } } },
    async () => {
      running ??= measureEffect(deps).finally(() => {
        running = undefined
      })
      return wrapMessage(await running, toClient)
    },
  )
}
