import type {
  ManageRequest as ProtoManage,
  Mention as ProtoMention,
  Reading as ProtoReading,
  AnalyzeRequest as ProtoRequest,
  Span as ProtoSpan,
  DialogueState as ProtoState,
} from '../gen/nlu_pb.ts'
import {
  type DialogueState,
  intents,
  type ManageRequest,
  type Mention,
  type Span,
  type Understanding,
  type UnderstandRequest,
  views,
} from '../understanding.ts'
import { fromProtoQuery, toProtoQuery } from './convert-query.ts'
import { readDay, readFinite, readLength, readOneOf } from './read-field.ts'

const languages = ['ko', 'en'] as const
const formats = ['xlsx', 'csv'] as const
const reasons = ['write', 'unknown', 'unknown_name'] as const
const pendingIntents = ['query', 'refine', 'subscribe', 'alert'] as const
const acts = ['list', 'stop', 'pause', 'resume', 'reschedule'] as const
const kinds = ['report', 'alert'] as const
const sendingWays = ['push'] as const
const spanKinds = ['entity', 'measure', 'dimension', 'value', 'period', 'condition', 'order', 'other'] as const
const longestText = 20_000

export function toProtoState({ lastQuery, pending }: DialogueState): ProtoState {
  return {
    $typeName: 'erpchat.nlu.v1.DialogueState',
    lastQuery: lastQuery && toProtoQuery(lastQuery),
    pending: pending && {
      $typeName: 'erpchat.nlu.v1.PendingClarify',
      query: toProtoQuery(pending.query),
      field: pending.field,
      candidates: pending.candidates,
      intent: pending.intent,
      schedule: pending.schedule,
      onlyNew: pending.onlyNew ?? false,
    },
  }
}

/** Throws UnreadableMessage when a query in it is not one. */
export function fromProtoState(message: ProtoState | undefined): DialogueState {
  const state: DialogueState = {}
  if (message?.lastQuery) state.lastQuery = fromProtoQuery(message.lastQuery)
  const pending = message?.pending
  if (pending?.query) {
    const { field, candidates, schedule } = pending
    const intent = readOneOf(pendingIntents, pending.intent, 'pending')
    state.pending = { query: fromProtoQuery(pending.query), field, candidates, intent }
    if (schedule !== undefined) state.pending.schedule = schedule
    if (pending.onlyNew) state.pending.onlyNew = true
  }
  return state
}

/** How the request is known on its stream, and whose trace it belongs to. */
type Envelope = { requestId: string; revision: number; timeoutMillis: number; traceparent: string }

export function toProtoRequest(request: UnderstandRequest, envelope: Envelope): ProtoRequest {
  return {
    $typeName: 'erpchat.nlu.v1.AnalyzeRequest',
    ...envelope,
    // A lone surrogate has no UTF-8 form; protobuf would refuse the whole message for it.
    text: request.text.toWellFormed(),
    today: request.today,
    language: request.language,
    partial: request.partial ?? false,
    state: toProtoState(request.state),
    withdrawn: false,
  }
}

/** Throws UnreadableMessage when a field is not what it must be. */
export function fromProtoRequest(message: ProtoRequest): UnderstandRequest {
  const { requestId, revision } = message
  const request: UnderstandRequest = {
    text: readLength(message.text, [0, longestText], 'text'),
    today: readDay(message.today, 'today'),
    language: readOneOf(languages, message.language, 'language'),
    partial: message.partial,
    state: fromProtoState(message.state),
  }
  return revision > 0 ? { ...request, growing: { id: requestId, revision } } : request
}

const toProtoMention = ({ text, meanings }: Mention): ProtoMention => ({
  $typeName: 'erpchat.nlu.v1.Mention',
  text,
  meanings: meanings.map((meaning) => ({ $typeName: 'erpchat.nlu.v1.Meaning', ...meaning })),
})

const fromProtoMention = ({ text, meanings }: ProtoMention): Mention => ({
  text,
  meanings: meanings.map(({ entity, field, value }) => ({
    ...(entity !== undefined && { entity }),
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
  })),
})

const toProtoManage = ({ act, kind, which, schedule, about = [] }: ManageRequest): ProtoManage => ({
  $typeName: 'erpchat.nlu.v1.ManageRequest',
  ...{ act, kind, schedule },
  which: typeof which === 'number' ? which : 0,
  all: which === 'all',
  about: about.map(toProtoMention),
})

/** Throws UnreadableMessage when a field is not what it must be. */
function fromProtoManage({ act, kind, which, all, schedule, about }: ProtoManage): ManageRequest {
  return {
    act: readOneOf(acts, act, 'manage'),
    ...(kind !== undefined && { kind: readOneOf(kinds, kind, 'manage') }),
    ...(all ? { which: 'all' as const } : which > 0 ? { which } : {}),
    ...(schedule !== undefined && { schedule }),
    ...(about.length > 0 && { about: about.map(fromProtoMention) }),
  }
}

const toSpan = (span: Span): ProtoSpan => ({ $typeName: 'erpchat.nlu.v1.Span', ...span })

export function toProtoReading(reading: Understanding): ProtoReading {
  return {
    $typeName: 'erpchat.nlu.v1.Reading',
    intent: reading.intent,
    confidence: reading.confidence,
    language: reading.language,
    query: reading.query && toProtoQuery(reading.query),
    view: reading.view,
    format: reading.format,
    schedule: reading.schedule,
    field: reading.field,
    candidates: reading.candidates ?? [],
    reason: reading.reason,
    spans: reading.spans.map(toSpan),
    channel: reading.channel,
    manage: reading.manage && toProtoManage(reading.manage),
    onlyNew: reading.onlyNew ?? false,
  }
}

const fromSpan = ({ start, end, kind, text, reading }: ProtoSpan): Span => ({
  start,
  end,
  kind: readOneOf(spanKinds, kind, 'span'),
  text,
  reading,
})

/** Throws UnreadableMessage when the peer's reading is not one we know. */
export function fromProtoReading(message: ProtoReading): Understanding {
  const { query, view, format, schedule, field, reason } = message
  const reading: Understanding = {
    intent: readOneOf(intents, message.intent, 'intent'),
    confidence: readFinite(message.confidence, 'confidence'),
    language: readOneOf(languages, message.language, 'language'),
    spans: message.spans.map(fromSpan),
  }
  if (view !== undefined) reading.view = readOneOf(views, view, 'view')
  if (format !== undefined) reading.format = readOneOf(formats, format, 'format')
  if (schedule !== undefined) reading.schedule = schedule
  if (field !== undefined) reading.field = field
  if (reason !== undefined) reading.reason = readOneOf(reasons, reason, 'reason')
  if (message.channel !== undefined) reading.channel = readOneOf(sendingWays, message.channel, 'channel')
  if (message.onlyNew) reading.onlyNew = true
  if (message.manage) reading.manage = fromProtoManage(message.manage)
  if (query) reading.query = fromProtoQuery(query)
  if (reading.intent === 'clarify' || reading.reason === 'unknown_name') reading.candidates = message.candidates
  return reading
}
