import { z } from 'zod'

/** How many messages were asked for within a time, by what became of them. A mail that came back, or was complained of, has failed. */
const countsSchema = z.object({
  pending: z.number().int(),
  sent: z.number().int(),
  failed: z.number().int(),
  /** Mail: everybody it was for is on the suppression list. Push: cancelled before it went. */
  held: z.number().int(),
})

const windowsSchema = z.object({ day: countsSchema, week: countsSchema })

export const notifySummarySchema = z.object({
  mail: windowsSchema.extend({ isConfigured: z.boolean(), suppressedAddresses: z.number().int() }),
  push: windowsSchema.extend({ provider: z.enum(['fcm', 'sink']), devices: z.number().int() }),
})

export type MessageCounts = z.infer<typeof countsSchema>
export type NotifySummary = z.infer<typeof notifySummarySchema>
