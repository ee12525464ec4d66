import { z } from 'zod'
import { businessQuerySchema } from '#catalog'
import { channels, outcomes, pauseReasons, subscriptionKinds } from './subscription.ts'

/** The shapes of subscriptions and alerts on the wire. Instants are ISO. */
const instant = z.iso.datetime()
const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
const quietHoursSchema = z.strictObject({ from: clock, to: clock })
const cron = z.string().max(100)
const timeZone = z.string().max(60)
const line = z
  .string()
  .max(1_000)
  .regex(/^\P{Cc}*$/u)

export const newSubscriptionSchema = z.strictObject({
  kind: z.enum(subscriptionKinds),
  /** Of an answer as the chat gives it; a period with `relative` moves with the day. An alert's `where` holds the condition. */
  query: businessQuerySchema,
  /** In words, for the list. */
  question: line.min(1),
  language: z.enum(['ko', 'en']).optional(),
  /** Five fields. A report needs it; an alert without it is judged when the ERP's data change. */
  cron: cron.optional(),
  timeZone: timeZone.optional(),
  channel: z.enum(channels).optional(),
  quietHours: quietHoursSchema.optional(),
  /** Of an alert on records (a query without measures): only those that appear from now on. It needs no condition. */
  onlyNew: z.boolean().optional(),
})

export const changeSubscriptionSchema = z.strictObject({
  state: z.enum(['active', 'paused']).optional(),
  cron: cron.optional(),
  timeZone: timeZone.optional(),
  channel: z.enum(channels).optional(),
  quietHours: quietHoursSchema.nullable().optional(),
})

export const subscriptionSchema = z.object({
  subscription: z.uuid(),
  kind: z.enum(subscriptionKinds),
  state: z.enum(['active', 'paused']),
  /** Of one that is paused: `by-owner`, or why the service did it. */
  reason: z.enum(pauseReasons).optional(),
  /** What it is about, in the words of the catalog, as of today. */
  title: z.string(),
  question: z.string(),
  query: businessQuerySchema,
  channel: z.enum(channels),
  cron: z.string().optional(),
  /** The schedule in words. */
  schedule: z.string().optional(),
  timeZone: z.string(),
  quietHours: quietHoursSchema.optional(),
  onlyNew: z.boolean().optional(),
  nextAt: instant.optional(),
  lastAt: instant.optional(),
  lastOutcome: z.enum(outcomes).optional(),
  /** Of a last time that failed: an error's code. */
  lastCode: z.string().optional(),
  createdAt: instant,
})

export const subscriptionListSchema = z.object({
  subscriptions: z.array(subscriptionSchema),
  /** How many one may have. */
  limit: z.number().int(),
})

export const subscriptionCountsSchema = z.object({
  counts: z.array(
    z.object({
      kind: z.enum(subscriptionKinds),
      state: z.enum(['active', 'paused']),
      count: z.number().int(),
      failed: z.number().int(),
    }),
  ),
})

export type NewSubscription = z.input<typeof newSubscriptionSchema>
export type SubscriptionBody = z.infer<typeof subscriptionSchema>
export type SubscriptionListBody = z.infer<typeof subscriptionListSchema>
export type SubscriptionCountsBody = z.infer<typeof subscriptionCountsSchema>
export type ChangeSubscription = z.input<typeof changeSubscriptionSchema>
