import { z } from 'zod'

/** The audit trail's shapes on the wire. Instants are ISO, UTC unless they say otherwise. */
const instant = z.iso.datetime()
const searchText = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u)

const filters = {
  /** A user's id, or a part of a name or e-mail address that at most 100 people have. */
  person: searchText.optional(),
  /** How the action begins: `chat.`, `POST /api/v1/sync`. */
  action: searchText.optional(),
  outcome: z.enum(['ok', 'refused', 'failed']).optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  traceId: z
    .string()
    .regex(/^[\da-f]{32}$/)
    .optional(),
  /** From this instant on, and before that one. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
}

export const auditSearchSchema = z.object({
  ...filters,
  after: z.string().max(6_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const auditExportSchema = z.object({ ...filters, format: z.enum(['csv', 'jsonl']).default('csv') })

const auditEntrySchema = z.object({
  id: z.number().int(),
  at: instant,
  /** Absent when nobody had signed in. The name is that of today, absent when nobody is known by the id. */
  actor: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  action: z.string(),
  outcome: z.enum(['ok', 'refused', 'failed']),
  ip: z.string().optional(),
  traceId: z.string(),
  details: z.record(z.string(), z.unknown()),
  /** Facts about persons, which are stored as ciphertext. */
  personal: z.record(z.string(), z.unknown()).optional(),
})

/** The newest first; `next` asks for the ones after them (`?after=`). */
export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), next: z.string().optional() })

export const auditVerificationSchema = z.object({
  /** `unknown`: no worker has verified the trail yet. */
  state: z.enum(['intact', 'broken', 'unknown']),
  checkedAt: instant.optional(),
  /** When the whole trail was last walked, not only what came since the last checkpoint. */
  wholeAt: instant.optional(),
  /** The last entry that was verified, and its hash, in hexadecimal. */
  lastId: z.number().int().optional(),
  lastHash: z.string().optional(),
  broken: z.object({ id: z.number().int(), reason: z.enum(['missing', 'altered', 'forged']) }).optional(),
})

export type AuditFilters = Omit<z.infer<typeof auditExportSchema>, 'format'>
export type AuditEntryBody = z.infer<typeof auditEntrySchema>
export type AuditPage = z.infer<typeof auditPageSchema>
export type AuditVerification = z.infer<typeof auditVerificationSchema>
