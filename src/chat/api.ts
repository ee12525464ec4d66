import { z } from 'zod'
import { businessQuerySchema } from '#catalog'

/** The chat's shapes on the wire: HTTP bodies, WebSocket frames and what the web UI draws. */
export const languageSchema = z.enum(['ko', 'en'])
export const maxQuestionLength = 1000

/** The text's own limits are checked by the use case, which says what is wrong with it: QUESTION_EMPTY, QUESTION_TOO_LONG, QUESTION_UNREADABLE. */
export const askSchema = z.object({
  text: z.string().describe(`The question, 1–${maxQuestionLength} characters`),
  conversationId: z.uuid().optional(),
  /** Language of the interface; the answer follows the question's own language when it shows. */
  language: languageSchema.optional(),
})

const chipSchema = z.object({
  kind: z.enum(['entity', 'measure', 'groupBy', 'where', 'period', 'compare', 'top']),
  label: z.string(),
  value: z.string(),
})

const cellTypeSchema = z.enum([
  'name',
  'code',
  'documentNo',
  'date',
  'text',
  'phone',
  'email',
  'year',
  'number',
  'money',
  'quantity',
  'days',
  'percent',
  'count',
])

/** `text` is what a table shows; `value` is exact (decimals as strings), for charts, hover and copying. */
const cellSchema = z.object({
  text: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
})

const tableSchema = z.object({
  columns: z.array(z.object({ name: z.string(), label: z.string(), type: cellTypeSchema, numeric: z.boolean() })),
  rows: z.array(z.array(cellSchema)),
  total: z.array(cellSchema.nullable()).optional(),
  /** How many rows there are in all; more than `rows` when only the first are shown. */
  rowCount: z.number().int(),
})

/** A chart over the table: `x` and `series` are column names. */
const chartSchema = z.object({
  kind: z.enum(['bar', 'line', 'pie']),
  x: z.string(),
  series: z.array(z.string()).min(1),
  horizontal: z.boolean(),
})

const headlineSchema = z.object({ label: z.string(), text: z.string(), exact: z.string(), type: cellTypeSchema })

const comparisonSchema = z.object({
  text: z.string(),
  direction: z.enum(['up', 'down', 'flat']),
  percent: z.string().nullable(),
  delta: z.string(),
})

/** A thing to press: `label` is shown, `text` is asked. */
const promptSchema = z.object({ label: z.string(), text: z.string() })

export const answerKinds = [
  'answered',
  'empty',
  'clarify',
  'out-of-scope',
  'not-allowed',
  'small-talk',
  'not-offered',
  'arranged',
  'failed',
] as const

export const exportFormatSchema = z.enum(['xlsx', 'csv'])
/** A file to fetch with GET: the answer's query asked again, all rows. */
const downloadSchema = z.object({ format: exportFormatSchema, url: z.string() })

/**
 * What the person gets. `text` is the whole answer in sentences, the first of which answers, the comparison's among them;
 * `headline` and `comparison` are the same facts taken apart, for drawing large. `**bold**` is its only markup.
 */
export const answerSchema = z.object({
  kind: z.enum(answerKinds),
  language: languageSchema,
  text: z.string(),
  headline: headlineSchema.optional(),
  comparison: comparisonSchema.optional(),
  /** Period and reach: 2026.11.01–11.30 · 오늘까지 집계. */
  coverage: z.string().optional(),
  table: tableSchema.optional(),
  chart: chartSchema.optional(),
  /** Which of number, table, chart to show first. */
  view: z.enum(['number', 'table', 'bar', 'line', 'pie']).optional(),
  chips: z.array(chipSchema),
  query: businessQuerySchema.optional(),
  source: z.enum(['live', 'failover', 'copy']).optional(),
  asOf: z.iso.datetime().optional(),
  /** The source and its age as a sentence: ERP 실시간 · 14:32 기준. */
  sourceText: z.string().optional(),
  /** clarify: the candidates. Otherwise: what to ask next. */
  prompts: z.array(promptSchema),
  /** The file the person asked for. */
  download: downloadSchema.optional(),
  /** failed: the error's code. */
  errorCode: z.string().optional(),
})

const feedbackCauses = ['misunderstood', 'wrong_number', 'not_answered', 'other'] as const
const longestRemark = 500
/**
 * What a person thinks of an answer: it is what the training loop learns from. What was wrong, and a remark, go with `down` only. The
 * whole of it replaces what was said before.
 */
export const feedbackSchema = z
  .strictObject({
    rating: z.enum(['up', 'down']),
    cause: z.enum(feedbackCauses).optional(),
    remark: z.string().trim().min(1).max(longestRemark).optional(),
  })
  .refine(({ rating, cause, remark }) => rating === 'down' || (cause === undefined && remark === undefined), {
    error: 'cause and remark go with down',
  })

const turnSchema = z.object({
  turnId: z.uuid(),
  question: z.string(),
  askedAt: z.iso.datetime(),
  answer: answerSchema,
  traceId: z.string(),
  /** Milliseconds by step: understand, permit, erp, render, total. */
  timing: z.record(z.string(), z.number()).optional(),
  /** What its reader has said of the answer. */
  feedback: feedbackSchema.optional(),
})

export const askReplySchema = z.object({ conversationId: z.uuid(), turn: turnSchema })

const conversationSummarySchema = z.object({
  conversationId: z.uuid(),
  title: z.string(),
  updatedAt: z.iso.datetime(),
})
/** Latest first, 50 at a time; `next` asks for the ones after them (`?after=`). */
export const conversationListSchema = z.object({
  conversations: z.array(conversationSummarySchema),
  next: z.string().optional(),
})
export const conversationSchema = conversationSummarySchema.extend({ turns: z.array(turnSchema) })
export const suggestionsSchema = z.object({ prompts: z.array(promptSchema) })

/** Client → server over the WebSocket, plain JSON. `requestId` is the client's and comes back on every frame about it. */
export const clientFrameSchema = z.discriminatedUnion('type', [
  askSchema.extend({
    type: z.literal('ask'),
    requestId: z.string().min(1).max(64),
    /** W3C Trace Context of who asks; a frame has no headers. */
    traceparent: z.string().max(200).optional(),
  }),
  z.object({
    type: z.literal('typing'),
    requestId: z.string().min(1).max(64),
    text: z.string(),
    conversationId: z.uuid().optional(),
    language: languageSchema.optional(),
  }),
])

/** Server → client: the `body` of an envelope. A question's frames come in this order: accepted, understood, answer (or error). */
export const serverFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('accepted'), requestId: z.string(), conversationId: z.uuid() }),
  z.object({ type: z.literal('understood'), requestId: z.string(), chips: z.array(chipSchema), partial: z.boolean() }),
  z.object({ type: z.literal('answer'), requestId: z.string(), conversationId: z.uuid(), turn: turnSchema }),
  z.object({
    type: z.literal('error'),
    requestId: z.string().nullable(),
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.array(z.object({ field: z.string().optional(), issue: z.string() })),
      timestamp: z.iso.datetime(),
      traceId: z.string(),
    }),
  }),
])

export type AskInput = z.infer<typeof askSchema>
export type AskReply = z.infer<typeof askReplySchema>
export type Answer = z.infer<typeof answerSchema>
export type AnswerTable = z.infer<typeof tableSchema>
export type AnswerChart = z.infer<typeof chartSchema>
export type Headline = z.infer<typeof headlineSchema>
export type Comparison = z.infer<typeof comparisonSchema>
export type Chip = z.infer<typeof chipSchema>
export type Prompt = z.infer<typeof promptSchema>
export type Turn = z.infer<typeof turnSchema>
export type Feedback = z.infer<typeof feedbackSchema>
export type Conversation = z.infer<typeof conversationSchema>
export type ConversationSummary = z.infer<typeof conversationSummarySchema>
export type ClientFrame = z.infer<typeof clientFrameSchema>
export type ServerFrame = z.infer<typeof serverFrameSchema>
