import { create } from '@bufbuild/protobuf'
import { z } from 'zod'
import {
  AnalyzeRequestSchema,
  DialogueStateSchema,
  PendingClarifySchema,
  type Reading as ProtoReading,
  type AnalyzeRequest as ProtoRequest,
  type DialogueState as ProtoState,
  ReadingSchema,
  SpanSchema,
} from '../gen/nlu_pb.ts'
import { type DialogueState, intents, type Understanding, type UnderstandRequest, views } from '../understanding.ts'
import { fromProtoQuery, present, toProtoQuery } from './convert-query.ts'

const requestSchema = z.object({
  text: z.string().max(20_000),
  today: z.iso.date(),
  language: z.enum(['ko', 'en']),
  partial: z.boolean(),
})

const readingSchema = z.object({
  intent: z.enum(intents),
  confidence: z.number(),
  language: z.enum(['ko', 'en']),
  view: z.enum(views).optional(),
  format: z.enum(['xlsx', 'csv']).optional(),
  schedule: z.string().optional(),
  field: z.string().optional(),
  reason: z.enum(['write', 'unknown']).optional(),
})

const pendingIntents = z.enum(['query', 'refine', 'subscribe', 'alert'])

export function toProtoState(state: DialogueState): ProtoState {
  return create(DialogueStateSchema, {
    ...(state.lastQuery && { lastQuery: toProtoQuery(state.lastQuery) }),
    ...(state.pending && {
      pending: create(PendingClarifySchema, { ...state.pending, query: toProtoQuery(state.pending.query) }),
    }),
  })
}

/** Throws ZodError when a query in it is not one. */
export function fromProtoState(message: ProtoState | undefined): DialogueState {
  const pending = message?.pending
  return {
    ...(message?.lastQuery && { lastQuery: fromProtoQuery(message.lastQuery) }),
    ...(pending?.query && {
      pending: {
        query: fromProtoQuery(pending.query),
        field: pending.field,
        candidates: pending.candidates,
        intent: pendingIntents.parse(pending.intent),
        ...present({ schedule: pending.schedule }),
      },
    }),
  }
}

export function toProtoRequest(requestId: string, request: UnderstandRequest, traceparent: string): ProtoRequest {
  return create(AnalyzeRequestSchema, {
    requestId,
    // A lone surrogate has no UTF-8 form; protobuf would refuse the whole message for it.
    text: request.text.toWellFormed(),
    today: request.today,
    language: request.language,
    partial: request.partial ?? false,
    state: toProtoState(request.state),
    traceparent,
  })
}

/** Throws ZodError when a field is not what it must be. */
export function fromProtoRequest(message: ProtoRequest): UnderstandRequest {
  return { ...requestSchema.parse(message), state: fromProtoState(message.state) }
}

export function toProtoReading(reading: Understanding): ProtoReading {
  const { query, spans, candidates, ...rest } = reading
  return create(ReadingSchema, {
    ...rest,
    candidates: candidates ?? [],
    spans: spans.map((span) => create(SpanSchema, span)),
    ...(query && { query: toProtoQuery(query) }),
  })
}

/** Throws ZodError when the peer's reading is not one we know. */
export function fromProtoReading(message: ProtoReading): Understanding {
  const { intent, confidence, language, ...optional } = readingSchema.parse(message)
  return {
    intent,
    confidence,
    language,
    ...present(optional),
    ...(message.query && { query: fromProtoQuery(message.query) }),
    ...(intent === 'clarify' && { candidates: message.candidates }),
    spans: message.spans.map(({ start, end, kind, text, reading }) => ({
      start,
      end,
      kind: kind as Understanding['spans'][number]['kind'],
      text,
      reading,
    })),
  } as Understanding
}
