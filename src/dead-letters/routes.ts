import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { createListCursor, placedAt } from '#platform/list-cursor'
import type { DeadLetter } from '#platform/queue'
import { redactText } from '#platform/redact'
import { redactPersonal } from '#platform/redact-personal'
import {
  discardQueueSchema,
  type LetterBody,
  letterCountsSchema,
  letterDetailSchema,
  letterListQuerySchema,
  letterListSchema,
  letterOutcomeSchema,
  letterParams,
  letterReasonSchema,
  replayQueueSchema,
} from './api.ts'
import { type Caller, decideLetter, decideQueue, type LetterDeps } from './decide-letters.ts'
import { deadLetterErrors } from './errors.ts'
import { maskMessage, traceOf } from './mask-message.ts'

type Deps = LetterDeps & { actorOf: (request: FastifyRequest) => { userId: string } }

const toClient = { destination: 'client' }
const config = { access: 'notify' }
const cursor = createListCursor(z.object({ at: placedAt, id: z.uuid() }), deadLetterErrors.cursorInvalid)
const outcome = { 200: envelopeOf(letterOutcomeSchema), 404: error, 409: error }

/** Messages that nobody could deal with, for those whose role permits `notify`: looked at, handed to their queue again, thrown away. */
export function registerDeadLetters(server: HttpServer, deps: Deps): void {
  registerReading(server, deps)
  registerDeciding(server, deps)
}

function registerReading(server: HttpServer, { deadLetters }: Deps): void {
  server.get(
    '/api/v1/dead-letters',
    { config, schema: { querystring: letterListQuerySchema, response: { 200: envelopeOf(letterListSchema) } } },
    async ({ query: { queue, limit, after } }) => {
      const place = after === undefined ? undefined : cursor.read(after)
      const found = await deadLetters.list({ queue, limit: limit + 1, after: place })
      const letters = found.slice(0, limit)
      const last = letters.at(-1)
      const next = found.length > limit && last ? { next: cursor.format({ at: last.diedAt, id: last.id }) } : {}
      return wrapMessage({ letters: letters.map(describeLetter), ...next }, toClient)
    },
  )
  server.get(
    '/api/v1/dead-letters/queues',
    { config, schema: { response: { 200: envelopeOf(letterCountsSchema) } } },
    async () => {
      const queues = (await deadLetters.counts()).map(({ queue, count, oldestAt }) => {
        return { queue, letters: count, oldestAt: oldestAt.toISOString() }
      })
      return wrapMessage({ queues }, toClient)
    },
  )
  server.get(
    '/api/v1/dead-letters/:letter',
    { config, schema: { params: letterParams, response: { 200: envelopeOf(letterDetailSchema), 404: error } } },
    async ({ params }) => {
      const letter = await deadLetters.read(params.letter)
      if (!letter) throw new AppError(deadLetterErrors.unknown)
      const traceId = traceOf(letter.message)
      const detail = { ...describeLetter(letter), message: maskMessage(letter.message), ...(traceId && { traceId }) }
      return wrapMessage(detail, toClient)
    },
  )
}

function registerDeciding(server: HttpServer, deps: Deps): void {
  const callerOf = (request: FastifyRequest): Caller => ({ userId: deps.actorOf(request).userId, ip: request.ip })
  const replay = { kind: 'replay' } as const
  server.post(
    '/api/v1/dead-letters/:letter/replay',
    { config, schema: { params: letterParams, response: outcome } },
    async (request) =>
      wrapMessage(await decideLetter(deps, request.params.letter, replay, callerOf(request)), toClient),
  )
  server.post(
    '/api/v1/dead-letters/:letter/discard',
    { config, schema: { params: letterParams, body: letterReasonSchema, response: outcome } },
    async (request) => {
      const decision = { kind: 'discard', reason: request.body.reason } as const
      return wrapMessage(await decideLetter(deps, request.params.letter, decision, callerOf(request)), toClient)
    },
  )
  server.post(
    '/api/v1/dead-letters/replay',
    { config, schema: { body: replayQueueSchema, response: { 200: envelopeOf(letterOutcomeSchema) } } },
    async (request) => wrapMessage(await decideQueue(deps, request.body.queue, replay, callerOf(request)), toClient),
  )
  server.post(
    '/api/v1/dead-letters/discard',
    { config, schema: { body: discardQueueSchema, response: { 200: envelopeOf(letterOutcomeSchema) } } },
    async (request) => {
      const { queue, reason } = request.body
      return wrapMessage(await decideQueue(deps, queue, { kind: 'discard', reason }, callerOf(request)), toClient)
    },
  )
}

function describeLetter({ id: letter, queue, reason, deliveries, diedAt }: DeadLetter): LetterBody {
  const shown = redactPersonal(redactText(reason))
  return { letter, queue, reason: shown, deliveries, diedAt: diedAt.toISOString() }
}
