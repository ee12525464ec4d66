import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '#audit'
import type { MessageQueue } from '#platform/queue'
import type { DataStore } from './data/data-store.ts'
import type { JobStore, WriteAlso } from './jobs/job-store.ts'
import type { ModelStore } from './models/model-store.ts'

export type RouteDeps = {
  jobs: JobStore
  data: DataStore
  models: ModelStore
  queue: Pick<MessageQueue, 'publish'>
  audit: Pick<AuditLog, 'recordWith'>
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
/** What is started or changed is on record in the same transaction, or is not done. */
export function recordAct(
  { audit, actorOf }: RouteDeps,
  request: FastifyRequest,
  act: { action: string; details: Record<string, unknown> },
): WriteAlso {
  const entry = { actorId: actorOf(request).userId, outcome: 'ok' as const, ip: request.ip, ...act }
  return (transaction) => audit.recordWith(transaction, entry)
}
