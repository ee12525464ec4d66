import { z } from 'zod'

/** The shapes of dead letters on the wire. Instants are ISO. */
const instant = z.iso.datetime()
const queueName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u)
/** Kept in the audit trail; one line. */
const reason = z
  .string()
  .trim()
  .min(2)
  .max(200)
  .regex(/^\P{Cc}*$/u)

const letterSchema = z.object({
  letter: z.uuid(),
  queue: z.string(),
  /** The handler's last words, without what looks personal or secret. */
  reason: z.string(),
  deliveries: z.number().int(),
  diedAt: instant,
})

export const letterDetailSchema = letterSchema.extend({
  /** Its structure, ids, numbers and times; every other text is blanked. */
  message: z.unknown(),
  traceId: z.string().optional(),
})

export const letterListSchema = z.object({ letters: z.array(letterSchema), next: z.string().optional() })
export const letterListQuerySchema = z.object({
  queue: queueName.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})
export const letterCountsSchema = z.object({
  queues: z.array(z.object({ queue: z.string(), letters: z.number().int(), oldestAt: instant })),
})
export const letterParams = z.object({ letter: z.uuid() })
export const letterReasonSchema = z.strictObject({ reason })
export const replayQueueSchema = z.strictObject({ queue: queueName })
export const discardQueueSchema = z.strictObject({ queue: queueName, reason })

/** How many were dealt with, and how many the queue still has. */
export const letterOutcomeSchema = z.object({ done: z.number().int(), left: z.number().int() })

export type LetterBody = z.infer<typeof letterSchema>
export type LetterDetailBody = z.infer<typeof letterDetailSchema>
export type LetterListBody = z.infer<typeof letterListSchema>
export type LetterCountsBody = z.infer<typeof letterCountsSchema>
export type LetterOutcome = z.infer<typeof letterOutcomeSchema>
