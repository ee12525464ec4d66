import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '#audit'
import type { Catalog } from '#catalog'
import type { Understand } from '#nlu'
import type { MessageQueue } from '#platform/queue'
import type { DataStore } from './data/data-store.ts'
import type { JobStore } from './jobs/job-store.ts'
import type { ModelStore } from './models/model-store.ts'
import type { ReviewStore } from './review/review-store.ts'

export type RouteDeps = {
  jobs: JobStore
  data: DataStore
  models: ModelStore
  reviews: ReviewStore
  catalog: Catalog
  /** Reads a question as the model in service does. */
  understand: Understand
  queue: Pick<MessageQueue, 'publish'>
  audit: Pick<AuditLog, 'record' | 'recordWith'>
  codeVersion: string
  /** Names of what may train. */
  trainers: readonly string[]
  /** Labels that a sentence may have. */
  readLabels: () => readonly string[]
  actorOf: (request: FastifyRequest) => { userId: string }
  now: () => Date
}

export const toClient = { destination: 'client' }
export const config = { access: 'training' }
