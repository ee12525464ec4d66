import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { ActorNames } from './actor-names.ts'
import type { AuditLog } from './audit-log.ts'
import { startUpkeep, type Upkeep } from './keep-trail.ts'
import { type RouteDeps, registerAuditRoutes } from './routes.ts'
import { createAuditSeal } from './seal-entry.ts'

type Deps = {
  database: Database
  cipher: FieldCipher
  audit: AuditLog
  names: ActorNames
  log: Logger
  metrics: Metrics
}

/** What is done with the trail once it is written. */
export type AuditTrail = {
  /** GET /api/v1/audit, …/export and …/verification. */
  registerRoutes(server: HttpServer, actorOf: RouteDeps['actorOf']): void
  startUpkeep(): Upkeep
}

export function createAuditTrail({ cipher, ...deps }: Deps): AuditTrail {
  const seal = createAuditSeal(deps.database, cipher)
  return {
    registerRoutes: (server, actorOf) => registerAuditRoutes(server, { ...deps, seal, actorOf }),
    startUpkeep: () => startUpkeep({ ...deps, seal }),
  }
}
