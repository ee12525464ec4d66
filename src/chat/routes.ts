import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Auth } from '#auth'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { seoulDate } from '#platform/seoul-date'
import { answerQuestion } from './answer-question.ts'
import type { AnswerDeps } from './answer-run.ts'
import {
  askReplySchema,
  askSchema,
  conversationListSchema,
  conversationSchema,
  exportFormatSchema,
  feedbackSchema,
  languageSchema,
  suggestionsSchema,
} from './api.ts'
import { describeConversation } from './describe-conversation.ts'
import { exportAnswer } from './export-answer.ts'
import { suggestQuestions } from './suggest-questions.ts'
import { mediaTypes } from './write-file.ts'

export type RouteDeps = AnswerDeps & { auth: Pick<Auth, 'guard' | 'actorOf'> }

const toClient = { destination: 'client' }
const config = { access: 'signed-in', scope: 'ask' }
const error = errorBodySchema
const conversationParams = z.object({ id: z.uuid() })
const turnParams = conversationParams.extend({ turnId: z.uuid() })

/** The chat's plain HTTP routes; every one is about the caller's own conversations. */
export function registerChatRoutes(server: HttpServer, deps: RouteDeps): void {
  registerQuestions(server, deps)
  registerConversations(server, deps)
  registerFeedback(server, deps)
  registerExport(server, deps)
}

function registerQuestions(server: HttpServer, deps: RouteDeps): void {
  server.post(
    '/api/v1/chat/messages',
    { config, schema: { body: askSchema, response: { 200: envelopeOf(askReplySchema), 404: error } } },
    async (request, reply) => {
      const actor = deps.auth.actorOf(request)
      const question = { actor, ...request.body, ip: request.ip, signal: signalOf(reply) }
      return wrapMessage(await answerQuestion(deps, question), toClient)
    },
  )

  server.get(
    '/api/v1/suggestions',
    {
      config,
      schema: {
        querystring: z.object({ language: languageSchema.optional() }),
        response: { 200: envelopeOf(suggestionsSchema) },
      },
    },
    async (request) => {
      const actor = deps.auth.actorOf(request)
      const reader = { actor, today: seoulDate(deps.now()), language: request.query.language ?? actor.language }
      return wrapMessage({ prompts: suggestQuestions(deps, reader) }, toClient)
    },
  )
}

function registerConversations(server: HttpServer, { auth, conversations }: RouteDeps): void {
  server.get(
    '/api/v1/conversations',
    {
      config,
      schema: {
        querystring: z.object({ after: z.string().max(200).optional() }),
        response: { 200: envelopeOf(conversationListSchema) },
      },
    },
    async (request) => {
      const page = await conversations.list(auth.actorOf(request).userId, request.query.after)
      const next = page.next === undefined ? {} : { next: page.next }
      return wrapMessage({ conversations: page.conversations, ...next }, toClient)
    },
  )

  server.get(
    '/api/v1/conversations/:id',
    { config, schema: { params: conversationParams, response: { 200: envelopeOf(conversationSchema), 404: error } } },
    async (request) => {
      const actor = auth.actorOf(request)
      const stored = await conversations.read(actor.userId, request.params.id)
      return wrapMessage(describeConversation(stored, actor.language), toClient)
    },
  )

  server.delete(
    '/api/v1/conversations/:id',
    { config, schema: { params: conversationParams, response: { 200: envelopeOf(z.object({})), 404: error } } },
    async (request) => {
      await conversations.remove(auth.actorOf(request).userId, request.params.id)
      return wrapMessage({}, toClient)
    },
  )
}

function registerFeedback(server: HttpServer, { auth, conversations, metrics }: RouteDeps): void {
  server.post(
    '/api/v1/conversations/:id/turns/:turnId/feedback',
    {
      config,
      schema: { params: turnParams, body: feedbackSchema, response: { 200: envelopeOf(feedbackSchema), 404: error } },
    },
    async (request) => {
      const { id: conversationId, turnId } = request.params
      const owner = auth.actorOf(request).userId
      const { model } = await conversations.rateTurn({ owner, conversationId, turnId }, request.body)
      metrics.noteFeedback(request.body.rating, model)
      return wrapMessage(request.body, toClient)
    },
  )
}

function registerExport(server: HttpServer, deps: RouteDeps): void {
  const file = { schema: z.string() }
  server.get(
    '/api/v1/conversations/:id/turns/:turnId/export',
    {
      config,
      schema: {
        params: turnParams,
        querystring: z.object({ format: exportFormatSchema.default('xlsx') }),
        response: {
          200: { description: 'The file', content: { [mediaTypes.csv]: file, [mediaTypes.xlsx]: file } },
          404: error,
          409: error,
        },
      },
    },
    async (request, reply) => {
      const { id, turnId } = request.params
      const written = await exportAnswer(deps, {
        actor: deps.auth.actorOf(request),
        conversationId: id,
        turnId,
        format: request.query.format,
        ip: request.ip,
        signal: signalOf(reply),
      })
      void reply
        .header(
          'content-disposition',
          `attachment; filename="export.${request.query.format}"; filename*=UTF-8''${encodeURIComponent(written.name)}`,
        )
        .header('cache-control', 'no-store')
        .type(written.mediaType)
      return reply.send(written.content as unknown as string)
    },
  )
}

/** Ends when the caller hangs up before the reply is complete. */
function signalOf(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort()
  })
  return left.signal
}
