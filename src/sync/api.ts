import { z } from 'zod'

/** The shapes of the synchronisation's administration on the wire. Instants are ISO; sentences come in both languages. */
const instant = z.iso.datetime()
const labels = z.object({ ko: z.string(), en: z.string() })
const sentences = labels.extend({ code: z.string() })
const count = z.number().int().min(0)

const differenceSchema = z.object({
  key: z.string(),
  /** `missing`: the copy did not have the record; `surplus`: the ERP does not; `field`: a field of it differed. */
  kind: z.enum(['missing', 'surplus', 'field']),
  field: z.string().optional(),
})

const entityRunSchema = z.object({
  entity: z.string(),
  state: z.enum(['waiting', 'reading', 'merging', 'finished', 'suspicious', 'failed', 'cancelled']),
  pages: count,
  /** Records read so far, and those that the copy had before. */
  read: count,
  before: count,
  added: count,
  changed: count,
  removed: count,
  /** Records that changes have touched since the run began to read them: their state is the newer one. */
  kept: count,
  /** The first few records that the copy had wrong although changes were followed. */
  differences: z.array(differenceSchema),
  error: sentences.optional(),
  finishedAt: instant.optional(),
})

export const runSchema = z.object({
  run: z.uuid(),
  trigger: z.enum(['schedule', 'needed', 'manual']),
  requestedBy: z.string().optional(),
  state: z.enum(['requested', 'running', 'cancelling', 'finished', 'cancelled', 'failed']),
  isForced: z.boolean(),
  isWhole: z.boolean(),
  startedAt: instant,
  finishedAt: instant.optional(),
  error: sentences.optional(),
  entities: z.array(entityRunSchema),
})

export const runListSchema = z.object({ runs: z.array(runSchema) })

/** Absent `entities`: all. `force`: also what looks suspicious is taken over. */
export const startRunSchema = z.strictObject({
  entities: z.array(z.string().max(100)).min(1).max(100).optional(),
  force: z.boolean().default(false),
})

export const syncStatusSchema = z.object({
  entities: z.array(
    z.object({
      entity: z.string(),
      label: labels,
      isFilled: z.boolean(),
      records: count,
      filledAt: instant.optional(),
      changedAt: instant.optional(),
      /** The instant at which the copy was true. */
      asOf: instant.optional(),
      distrusted: z.object({ at: instant, reason: z.string() }).optional(),
    }),
  ),
  sources: z.array(
    z.object({
      source: z.string(),
      /** `unknown`: nobody has reported for a while. */
      state: z.string(),
      lagSeconds: z.number().optional(),
      problems: z.array(z.string()),
      reportedAt: instant.optional(),
      appliedTo: instant.optional(),
      follows: z.array(z.string()),
    }),
  ),
  activeRun: runSchema.optional(),
  lastRun: runSchema.optional(),
  nextRunAt: instant.optional(),
})

export const connectionSchema = z.object({
  state: z.enum(['live', 'failover', 'down']),
  servers: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['up', 'down', 'unknown']),
      since: instant,
      breaker: z.enum(['closed', 'half-open', 'open']).optional(),
    }),
  ),
  /** What went wrong last, as this process has seen it. */
  lastError: z.object({ code: z.string(), at: instant }).optional(),
  /** Until when the ERP has asked to be left alone. */
  limitedUntil: instant.optional(),
})

export const connectionReportSchema = z.object({
  ok: z.boolean(),
  tookMs: count,
  steps: z.array(
    sentences.extend({
      server: z.string(),
      step: z.enum(['address', 'tls', 'clock', 'sign-in', 'access', 'entity']),
      entity: z.string().optional(),
      fields: z.array(z.string()).optional(),
      ok: z.boolean(),
      tookMs: count,
    }),
  ),
})

export type RunBody = z.infer<typeof runSchema>
export type SyncStatus = z.infer<typeof syncStatusSchema>
export type ConnectionBody = z.infer<typeof connectionSchema>
export type ConnectionReportBody = z.infer<typeof connectionReportSchema>
