import { z } from 'zod'
import type { outcomes } from './errors.ts'
import { jobStates, steps } from './jobs/job.ts'
import { deploymentKinds } from './models/model-store.ts'

/** Training's shapes on the wire. Instants are ISO; shares are 0…1. */
const instant = z.iso.datetime()
const count = z.number().int().min(0)
const share = z.number().min(0).max(1)

export const startJobSchema = z.strictObject({ trainer: z.string().min(1).max(64).optional() })

export const jobSchema = z.object({
  job: z.uuid(),
  state: z.enum(jobStates),
  step: z.enum(steps),
  trigger: z.enum(['schedule', 'manual']),
  requestedBy: z.string().optional(),
  trainer: z.string(),
  createdAt: instant,
  finishedAt: instant.optional(),
  isCancelled: z.boolean(),
  /** Why it ended as it did. */
  outcome: z.object({ code: z.string(), reasons: z.array(z.string()) }).optional(),
  devices: z.array(z.string()),
  steps: z.array(
    z.object({
      step: z.enum(steps),
      attempts: count,
      progress: share,
      startedAt: instant,
      finishedAt: instant.optional(),
      /** What the step found. */
      result: z.unknown(),
    }),
  ),
})
export const jobListSchema = z.object({ jobs: z.array(jobSchema) })

const figure = z.number().nullable()
const metricsSchema = z.object({
  heldOut: z.object({
    ...{ rows: count, accuracy: figure, kindAccuracy: figure, f1: z.record(z.string(), z.number()), ece: figure },
    ...{ declined: figure, wronglyDeclined: figure, auroc: figure },
    confusion: z.array(z.object({ expected: z.string(), predicted: z.string(), count })),
  }),
  golden: z.object({
    ...{ rows: count, exact: figure, answeredWrongly: figure, parts: z.record(z.string(), z.number()) },
  }),
  latencyMicros: z.object({ p50: z.number(), p99: z.number() }),
})

export const modelSchema = z.object({
  ...{ model: z.string(), sha256: z.string(), size: count, trainer: z.string(), codeVersion: z.string() },
  ...{
    datasetHash: z.string(),
    parent: z.string().optional(),
    job: z.uuid().optional(),
    createdBy: z.string().optional(),
  },
  createdAt: instant,
  metrics: metricsSchema.optional(),
})

/** What a model on trial reads unheard beside the one that answers. `dropped`: not read, there was no time; the others are of `readings`. */
const shadowSchema = z.object({
  ...{ readings: count, dropped: count, failed: count },
  ...{ otherIntent: count, otherQuery: count, otherConfidence: count },
})

const deploymentSchema = z.object({
  deployment: z.string(),
  kind: z.enum(deploymentKinds),
  /** `built-in`: the model that comes with the program. */
  model: z.string(),
  replaced: z.string(),
  share,
  reason: z.string().optional(),
  deployedBy: z.string().optional(),
  deployedAt: instant,
  watchUntil: instant.optional(),
  shadow: shadowSchema.optional(),
})

/** Why a person changes what serves; it is kept with the deployment. One line: the database takes no NUL. */
const reason = z
  .string()
  .trim()
  .min(2)
  .max(200)
  .regex(/^\P{Cc}*$/u)
export const deployReasonSchema = z.strictObject({ reason: reason.optional() }).nullish()

const onTrial = z.object({ model: z.string(), share }).optional()
/** `canary` answers a share of the questions, `shadow` reads them unheard; never both. */
export const servingSchema = z.object({ model: z.string(), canary: onTrial, shadow: onTrial })
export const startShadowSchema = z.strictObject({ share: share.default(0.2) })
/** The newest first. */
export const modelListSchema = z.object({
  serving: servingSchema,
  models: z.array(modelSchema),
  deployments: z.array(deploymentSchema),
})
/** The same figures of two versions, and by how much the second is higher. */
export const comparisonSchema = z.object({
  models: z.tuple([modelSchema, modelSchema]),
  figures: z.array(z.object({ name: z.string(), first: figure, second: figure, difference: figure })),
})

export const datasetSchema = z.object({
  dataset: z.uuid(),
  job: z.uuid(),
  hash: z.string(),
  counts: z.record(z.string(), count),
  createdAt: instant,
})
export const datasetListSchema = z.object({ datasets: z.array(datasetSchema) })
/** The sentences to learn from, `{"text", "intent"}` a line. */
export const datasetRowsSchema = z.object({ hash: z.string(), examples: z.string() })

/** A model's file as base64. */
export const uploadSchema = z.strictObject({ content: z.base64() })
export const uploadedSchema = z.object({ model: z.string(), sha256: z.string() })

const settings = {
  cron: z.string().max(100),
  timeZone: z.string().max(64),
  isEnabled: z.boolean(),
  concurrency: z.number().int().min(1).max(64),
  memoryMb: z.number().int().min(64).max(1_048_576),
  timeLimitS: z.number().int().min(1).max(604_800),
  devices: z.number().int().min(0).max(64),
  trainer: z.string().min(1).max(64),
  shadowShare: share,
  shadowS: z.number().int().min(0).max(604_800),
  canaryShare: share,
  canaryS: z.number().int().min(0).max(604_800),
  watchS: z.number().int().min(0).max(604_800),
  keepModels: z.number().int().min(1).max(1_000),
}
export const changeScheduleSchema = z.strictObject(settings).partial()
export const scheduleSchema = z.object({ ...settings, nextRunAt: instant.optional(), trainers: z.array(z.string()) })

/** Codes of how jobs of this version end. */
export type OutcomeCode = (typeof outcomes)[keyof typeof outcomes]
export type TrainingJob = z.infer<typeof jobSchema>
export type TrainingModel = z.infer<typeof modelSchema>
export type TrainingModels = z.infer<typeof modelListSchema>
export type TrainingSchedule = z.infer<typeof scheduleSchema>
export type ModelComparison = z.infer<typeof comparisonSchema>
