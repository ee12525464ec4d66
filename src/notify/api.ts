import { z } from 'zod'

/** The shapes of notifications on the wire. Instants are ISO. */
const instant = z.iso.datetime()
const language = z.enum(['ko', 'en'])
const states = ['requested', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'failed', 'suppressed'] as const
/** No control characters, and nothing that begins another header. */
const address = z.email().max(254)
const addresses = z.array(address).max(2_000).default([])

const emailSchema = z.object({
  email: z.uuid(),
  request: z.uuid(),
  /** From 0: a request to more than fifty recipients has several messages. */
  part: z.number().int(),
  state: z.enum(states),
  template: z.string(),
  version: z.number().int(),
  language,
  attempts: z.number().int(),
  requestedBy: z.string(),
  requestedAt: instant,
  sentAt: instant.optional(),
  /** What went wrong last: a stable code, and the mail server's code and enhanced status. */
  error: z.string().optional(),
  reply: z.string().optional(),
  opens: z.number().int(),
  clicks: z.number().int(),
})

export const emailDetailSchema = emailSchema.extend({
  subject: z.string(),
  recipients: z.array(
    z.object({
      kind: z.enum(['to', 'cc', 'bcc']),
      address: z.string(),
      state: z.enum(states),
      reply: z.string().optional(),
    }),
  ),
  /** What the provider reported, newest first. */
  events: z.array(z.object({ kind: z.enum(['delivery', 'bounce', 'complaint', 'open', 'click']), at: instant })),
})

export const emailListSchema = z.object({ emails: z.array(emailSchema), next: z.string().optional() })

export const emailListQuerySchema = z.object({
  state: z.enum(states).optional(),
  /** A whole address: addresses are sealed and found by a keyed hash. */
  recipient: z.string().trim().min(1).max(254).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})

export const emailParams = z.object({ email: z.uuid() })
export const retriedEmailSchema = z.object({ email: z.uuid() })

export const suppressionSchema = z.object({
  suppression: z.string(),
  address: z.string(),
  reason: z.enum(['bounce', 'complaint']),
  since: instant,
})
export const suppressionListSchema = z.object({
  suppressions: z.array(suppressionSchema),
  next: z.string().optional(),
})
export const suppressionListQuerySchema = z.object({
  address: z.string().trim().min(1).max(254).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(200).optional(),
})
export const suppressionParams = z.object({ suppression: z.string().regex(/^[\da-f]{64}$/) })
/** Kept in the audit trail; one line. */
export const liftSuppressionSchema = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(2)
    .max(200)
    .regex(/^\P{Cc}*$/u),
})

export const requestEmailSchema = z.strictObject({
  template: z.string().max(80),
  version: z.number().int().min(1).optional(),
  language,
  variables: z.record(z.string().max(80), z.unknown()).default({}),
  to: z.array(address).min(1).max(2_000),
  cc: addresses,
  bcc: addresses,
  attachments: z
    .array(
      z.strictObject({
        // A name, not a path, and no header.
        name: z
          .string()
          .min(1)
          .max(120)
          .regex(/^[^\p{Cc}/\\"]+$/u),
        type: z
          .string()
          .max(100)
          .regex(/^[\w.+-]+\/[\w.+-]+$/),
        /** Base64. */
        content: z.base64(),
      }),
    )
    .max(20)
    .default([]),
  idempotencyKey: z.string().min(1).max(200).optional(),
})

export const requestedEmailSchema = z.object({ request: z.uuid(), emails: z.array(z.uuid()) })

export const templateListSchema = z.object({
  templates: z.array(z.object({ template: z.string(), version: z.number().int(), variables: z.array(z.string()) })),
})

export const previewQuerySchema = z.object({
  language: language.default('ko'),
  version: z.coerce.number().int().min(1).optional(),
})

export const previewSchema = z.object({
  version: z.number().int(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
})

export type EmailBody = z.infer<typeof emailSchema>
export type EmailDetailBody = z.infer<typeof emailDetailSchema>
export type EmailListBody = z.infer<typeof emailListSchema>
export type SuppressionBody = z.infer<typeof suppressionSchema>
export type SuppressionListBody = z.infer<typeof suppressionListSchema>
