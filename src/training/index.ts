import { join } from 'node:path'
import type { AuditLog } from '#audit'
import type { Catalog } from '#catalog'
import {
  type BuiltInModels,
  createNameIndexer,
  featureCodeVersion,
  type NameStore,
  openBuiltInModels,
  readRequestLabels,
} from '#nlu'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { HttpServer } from '#platform/http-server'
import { listenTo } from '#platform/listen'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { MessageQueue } from '#platform/queue'
import { createPostgresDataStore } from './data/data-store.postgres.ts'
import type { TrainingDeps } from './jobs/job-context.ts'
import { createPostgresJobStore } from './jobs/job-store.postgres.ts'
import type { JobWork } from './jobs/work-jobs.ts'
import { measureAccuracy } from './models/measure-accuracy.ts'
import { createPostgresModelStore } from './models/model-store.postgres.ts'
import { servingChannel } from './models/model-store.ts'
import { type ServedModels, serveModels } from './models/serve-models.ts'
import { createPostgresReviewStore } from './review/review-store.postgres.ts'
import type { RouteDeps } from './route-deps.ts'
import { registerTrainingRoutes } from './routes.ts'
import { readInShadow, type ShadowedUnderstanding } from './shadow/read-in-shadow.ts'
import { startTrainingWorker } from './start-worker.ts'
import { readGolden } from './steps/golden.ts'
import { readGate } from './steps/judge-metrics.ts'
import type { TellKeepers } from './tell-keepers.ts'
import { createBuiltInTrainer, createCommandTrainer } from './trainers/command-trainer.ts'
import type { Trainer } from './trainers/trainer.ts'
import { countShadow, createTrainingMetrics, measureJobs } from './training-metrics.ts'

export type { ModelComparison, TrainingJob, TrainingModel, TrainingModels, TrainingSchedule } from './api.ts'
export type { JobWork } from './jobs/work-jobs.ts'
export type { Imported as ImportedLabels } from './labels/api.ts'
export { trainingQueues } from './messages.ts'
export { sealedTrainingColumns } from './sealed-columns.ts'
export { createTellKeepers } from './tell-keepers.ts'

const trainingFolder = join(import.meta.dirname, '../../nlu-training')

type TrainingConfig = {
  /** An executable with its arguments, as the trainer `command`. */
  command: readonly string[] | undefined
  /** Names of devices of this worker's machine. */
  devices: readonly string[]
}

export type TrainingParts = {
  database: Database
  cipher: FieldCipher
  audit: AuditLog
  catalog: Catalog
  names: Pick<NameStore, 'read'>
  log: Logger
  config: TrainingConfig
  /** Absent: nobody is told. */
  tellKeepers?: TellKeepers
  metrics: Metrics
  openBuiltIn?: () => BuiltInModels
  now?: () => Date
}

function openStores({ database, cipher }: Pick<TrainingParts, 'database' | 'cipher'>) {
  return {
    jobs: createPostgresJobStore(database),
    data: createPostgresDataStore(database, cipher),
    models: createPostgresModelStore(database),
    reviews: createPostgresReviewStore(database, cipher),
  }
}

function openTrainers({ command }: TrainingConfig): Record<string, Trainer> {
  return {
    'built-in': createBuiltInTrainer(),
    ...(command && { command: createCommandTrainer(() => [...command]) }),
  }
}

/** What a worker needs to work on jobs. Reads the gate and the golden questions; throws when they have a fault. */
export function openTraining(parts: TrainingParts, queue: Pick<MessageQueue, 'publish'>): TrainingDeps {
  const { catalog, names, audit, config, now = () => new Date() } = parts
  const index = createNameIndexer(catalog)
  return {
    ...openStores(parts),
    ...{ queue, audit, catalog, now, openBuiltIn: parts.openBuiltIn ?? keepBuiltIn() },
    ...{ tellKeepers: parts.tellKeepers ?? (async () => undefined), metrics: createTrainingMetrics(parts.metrics) },
    log: parts.log.child({ 'event.module': 'training' }),
    readNames: async () => index((await names.read()).entries),
    codeVersion: featureCodeVersion(),
    trainers: openTrainers(config),
    golden: readGolden(join(trainingFolder, 'golden.jsonl')),
    gate: readGate(trainingFolder),
    devices: config.devices,
  }
}

function keepBuiltIn(): () => BuiltInModels {
  let kept: BuiltInModels | undefined
  return () => {
    kept ??= openBuiltInModels()
    return kept
  }
}

type WorkerPace = { everyMs?: number; leaseMs?: number }

/** Works on training jobs in this process until it is closed; of several workers each does other jobs. */
export async function startTraining(
  parts: TrainingParts,
  messages: MessageQueue,
  pace: WorkerPace = {},
): Promise<JobWork> {
  const deps = openTraining(parts, messages)
  measureJobs(parts.metrics, deps.jobs, deps.log)
  return await startTrainingWorker({ ...deps, messages, ...pace })
}

/** The routes by which training is looked after. */
export function registerTrainingAdmin(
  server: HttpServer,
  parts: TrainingParts,
  { queue, actorOf, understand }: Pick<RouteDeps, 'queue' | 'actorOf' | 'understand'>,
): void {
  const { audit, catalog, config, now = () => new Date() } = parts
  let labels: string[] | undefined
  registerTrainingRoutes(server, {
    ...openStores(parts),
    ...{ audit, catalog, queue, actorOf, understand, now, codeVersion: featureCodeVersion() },
    trainers: Object.keys(openTrainers(config)),
    readLabels: () => {
      labels ??= readRequestLabels()
      return labels
    },
  })
}

type ServeParts = Pick<TrainingParts, 'database' | 'log'> & {
  builtIn: BuiltInModels
  everyMs?: number
  metrics?: Metrics
}

/** Follows which model is to read questions, from now on. */
export async function followServedModel({ database, log, metrics, ...parts }: ServeParts): Promise<ServedModels> {
  return await serveModels({
    ...parts,
    ...(metrics && { onLoad: measureAccuracy(metrics) }),
    ...{ store: createPostgresModelStore(database), codeVersion: featureCodeVersion(), log },
    listen: (onSignal) => listenTo({ url: database.url, channel: servingChannel, onMessage: onSignal, log }),
  })
}

type ShadowParts = Pick<TrainingParts, 'database' | 'log' | 'metrics'> &
  Pick<Parameters<typeof readInShadow>[0], 'understand' | 'served' | 'openReader' | 'keepEveryMs'>

/** The same understanding, beside which a model on trial reads its share unheard; how often it differs is kept with its deployment. */
export function shadowReadings({ database, metrics, ...parts }: ShadowParts): ShadowedUnderstanding {
  const { addShadowCounts: keepCounts } = createPostgresModelStore(database)
  return readInShadow({ ...parts, keepCounts, onCount: countShadow(metrics) })
}
