import { z } from 'zod'
import { businessQuerySchema } from '#catalog'
import { causes } from '../data/data-store.ts'
import { reviewStates } from './review-store.ts'

/** The review desk's shapes on the wire. Texts come without personal data; instants are ISO. */
const instant = z.iso.datetime()
const count = z.number().int().min(0)
const words = z.object({ ko: z.string(), en: z.string() })
export const labelSchema = z
  .string()
  .regex(/^[a-zA-Z]+(\.[a-zA-Z]*)?$/)
  .max(64)
export const longestText = 1_000

export const candidateQuerySchema = z.object({
  cause: z.enum(causes).optional(),
  state: z.enum(reviewStates).default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const candidateSchema = z.object({
  ...{ turn: z.uuid(), question: z.string(), askedAt: instant, cause: z.enum(causes) },
  /** How it was understood, part by part, as its reader saw it. */
  chips: z.array(z.object({ kind: z.string(), label: z.string(), value: z.string() })),
  /** How it was read, without a word of it. */
  reading: z.record(z.string(), z.unknown()).optional(),
  /** What its reader said was wrong. */
  complaint: z.object({ cause: z.string().optional(), remark: z.string().optional() }).optional(),
  askedAgainAs: z.string().optional(),
  suggested: z.string().optional(),
  /** What it was labelled as, and the whole query where one was given. */
  label: z.string().optional(),
  query: businessQuerySchema.optional(),
  isDiscarded: z.boolean(),
  reviewedBy: z.string().optional(),
})
export const candidateListSchema = z.object({
  candidates: z.array(candidateSchema),
  /** Of the state asked for, by cause. */
  counts: z.partialRecord(z.enum(causes), count),
})

/** A label, or the whole query that a question means: its label is then that of its topic. */
export const reviewSchema = z
  .strictObject({ label: labelSchema.optional(), query: businessQuerySchema.optional() })
  .refine(({ label, query }) => (label === undefined) !== (query === undefined), { error: 'either label or query' })
export const reviewedSchema = z.object({ label: z.string(), query: businessQuerySchema.optional() })

/** What a label or a query can be made of, in the catalog's words. */
export const choicesSchema = z.object({
  labels: z.array(z.string()),
  entities: z.array(
    z.object({
      ...{ entity: z.string(), label: words },
      /** The date field that a period is of unless another is chosen. */
      period: z.string().optional(),
      measures: z.array(z.object({ name: z.string(), label: words })),
      dimensions: z.array(
        z.object({
          ...{ name: z.string(), label: words, type: z.string() },
          /** Of one of a closed list. */
          values: z.array(z.object({ value: z.string(), label: words })).optional(),
        }),
      ),
    }),
  ),
})

/** What reviews change: how many of the reviewed questions are read as people said, now and by the last job's model. */
export const effectSchema = z.object({
  /** Held against the model in service now. */
  ...{ rows: count, right: count },
  /** Labelled since the last data set was made: the next job learns from them. */
  waiting: count,
  lastJob: z
    .object({
      ...{ job: z.uuid(), state: z.string(), finishedAt: instant.optional() },
      /** Reviewed questions held against its model, and against the one then in service. */
      ...{ rows: count, right: count, rightBefore: count },
    })
    .optional(),
  /** Of each question. */
  readings: z.array(z.object({ turn: z.uuid(), isRight: z.boolean() })),
})

export type ReviewCandidate = z.infer<typeof candidateSchema>
export type ReviewList = z.infer<typeof candidateListSchema>
export type ReviewQuery = z.infer<typeof businessQuerySchema>
export type ReviewVerdict = z.infer<typeof reviewSchema>
export type ReviewChoices = z.infer<typeof choicesSchema>
export type ReviewEffect = z.infer<typeof effectSchema>
