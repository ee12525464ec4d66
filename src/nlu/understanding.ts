import type { BusinessQuery, Language } from '#catalog'

export const intents = [
  'query',
  'refine',
  'clarify',
  'view',
  'export',
  'subscribe',
  'alert',
  'manage',
  'greeting',
  'thanks',
  'help',
  'out_of_scope',
] as const
export type Intent = (typeof intents)[number]
export const views = ['table', 'bar', 'line', 'pie', 'number'] as const
export type View = (typeof views)[number]
export type ExportFormat = 'xlsx' | 'csv'

/** A word that tells which subscriptions are meant, and all that it can mean in the catalog; nothing where nobody knows it. */
export type Mention = { text: string; meanings: { entity?: string; field?: string; value?: string }[] }

/** What is to become of what is sent or watched already. `which`: the nth of the list, or all; absent, the one last spoken of. */
export type ManageRequest = {
  act: 'list' | 'stop' | 'pause' | 'resume' | 'reschedule'
  kind?: 'report' | 'alert'
  which?: number | 'all'
  /** What those that are meant are about: all of these. */
  about?: Mention[]
  /** reschedule: cron, five fields, Asia/Seoul; a field that was not said is `?`, and stays as it was. */
  schedule?: string
}

/** What a sentence was read as. Fields beyond `intent` and `confidence` are there when the intent has them. */
export type Understanding = {
  intent: Intent
  /** 0…1, calibrated: of readings at 0.9, nine in ten are right. */
  confidence: number
  language: Language
  /** query, refine, subscribe, alert. */
  query?: BusinessQuery
  view?: View
  format?: ExportFormat
  /** subscribe, and an alert that is judged at set times. Cron, five fields, Asia/Seoul. */
  schedule?: string
  /** subscribe, alert: how it is to be sent, where that was said. */
  channel?: 'push'
  /** alert: of records that appear from now on, and none that is there already. */
  onlyNew?: true
  manage?: ManageRequest
  /** clarify: which dimension has more than one fitting name, and the names. unknown_name: its domain, and the name as typed. */
  field?: string
  candidates?: string[]
  /** out_of_scope: `write` when the person asked us to change the ERP, `unknown_name` when all but one name was understood. */
  reason?: 'write' | 'unknown' | 'unknown_name'
  /** What was read where in the text, for chips while typing and for --explain. */
  spans: Span[]
}

export type Span = {
  start: number
  end: number
  kind: 'entity' | 'measure' | 'dimension' | 'value' | 'period' | 'condition' | 'order' | 'other'
  text: string
  reading: string
}

/**
 * What a conversation must remember for follow-ups. Made and read by understanding alone; the chat keeps it with the
 * conversation. `lastQuery` is the last query answered; `pending` is a clarify's query with the place of the missing name.
 */
export type DialogueState = {
  lastQuery?: BusinessQuery
  pending?: {
    query: BusinessQuery
    field: string
    candidates: string[]
    intent: 'query' | 'refine' | 'subscribe' | 'alert'
    schedule?: string
    onlyNew?: true
  }
}

export type UnderstandRequest = {
  text: string
  /** Today in Asia/Seoul, ISO. */
  today: string
  state: DialogueState
  /** Language of the interface: decides only where the text itself doesn't say. */
  language: Language
  /** Text still being typed: read, but do not count as an utterance. */
  partial?: boolean
  /**
   * Texts of one id are one text that grows. A higher revision (from 1) replaces a lower one, whose call throws
   * NLU_SUPERSEDED unless it was answered before: the answer that comes is the newest text's.
   */
  growing?: { id: string; revision: number }
}
/** `model`: the version of the model of requests that read it. */
export type UnderstandReply = { understanding: Understanding; state: DialogueState; model?: string }

/** In process, or over gRPC: the same call. Throws AppError NLU_UNAVAILABLE or NLU_TIMEOUT when no server answers in time. */
export type Understand = (request: UnderstandRequest, signal?: AbortSignal) => Promise<UnderstandReply>

/**
 * One name of the ERP's master data: domain, full name, the code it is also asked for by, and the facts of it that the domain's source
 * lists, by field.
 */
export type NameEntry = { domain: string; name: string; code?: string; facts?: Record<string, string> }
