import { Gauge } from 'prom-client'
import type { Database } from '#platform/database'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import type { AuditVerification } from './api.ts'
import type { AuditLog } from './audit-log.ts'
import type { AuditTables } from './audit-table.ts'
import { removeExpiredEntries } from './remove-expired.ts'
import type { AuditSeal } from './seal-entry.ts'
import { claimVerification, keepVerification, readVerification } from './verification.ts'
import { type AuditVerdict, verifyAudit } from './verify-audit.ts'

export type UpkeepDeps = { database: Database; seal: AuditSeal; audit: AuditLog; log: Logger; metrics: Metrics }

const dayMs = 24 * 3_600_000
/** What came since the last checkpoint is verified every hour, the whole trail every day. */
const defaults = { lookEveryMs: 60_000, verifyEveryMs: 3_600_000, wholeEveryMs: dayMs, keepMs: 366 * dayMs }

export type Upkeep = AsyncDisposable & {
  /** Does what is due now. Never rejects. */
  now(): Promise<void>
}

/** Verifies the trail and removes what has expired, from now on; of several replicas one does. */
export function startUpkeep(deps: UpkeepDeps, paces: Partial<typeof defaults> = {}): Upkeep {
  const pace = { ...defaults, ...paces }
  const log = deps.log.child({ 'event.module': 'audit' })
  const metrics = createMetrics(deps.metrics)
  let running: Promise<void> = Promise.resolve()
  const now = () => {
    const work = () => runInTrace(newTrace(), () => keepTrail({ ...deps, log }, metrics, pace))
    running = running
      .then(work)
      .catch((error: unknown) => log.error({ err: error }, 'The audit trail could not be verified'))
    return running
  }
  const timer = setInterval(() => void now(), pace.lookEveryMs)
  void now()
  return {
    now,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

type TrailMetrics = ReturnType<typeof createMetrics>

async function keepTrail(deps: UpkeepDeps, metrics: TrailMetrics, pace: typeof defaults): Promise<void> {
  const { database, seal, log } = deps
  const claim = await claimVerification(database, pace.verifyEveryMs)
  if (!claim) return metrics.show(await readVerification(database))
  const { last, wholeAt } = claim
  const isWhole = last?.kind !== 'intact' || !wholeAt || Date.now() - wholeAt.getTime() >= pace.wholeEveryMs
  const verdict = await verifyAudit(database, { seal, sinceCheckpoint: !isWhole })
  metrics.show({ ...verdict, state: verdict.kind })
  if (verdict.kind === 'broken') {
    const { id, reason } = verdict
    log.error({ 'event.sequence': id, 'event.reason': reason }, 'The audit trail is not as it was written')
  }
  await keepVerification(database, verdict, isWhole)
  if (verdict.kind === 'broken') return
  await keepCheckpoint(deps, verdict)
  if (!isWhole) return
  const removed = await removeExpiredEntries(deps, new Date(Date.now() - pace.keepMs))
  if (removed > 0) log.info({ removed }, 'Audit entries of more than a year ago were removed')
}

/** So that the next verification need not begin at the start, and a trail that is written anew does not pass as ours. */
async function keepCheckpoint(
  { database, seal }: UpkeepDeps,
  verdict: AuditVerdict & { kind: 'intact' },
): Promise<void> {
  if (verdict.entries === 0) return
  const checkpoint = { id: verdict.lastId, hash: Buffer.from(verdict.lastHash, 'hex') }
  const mark = await seal.markCheckpoint({ ...checkpoint, removesBefore: false })
  await database.kysely
    .withTables<AuditTables>()
    .insertInto('audit_checkpoints')
    .values({ ...checkpoint, removes_before: false, mark, made_at: new Date() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function createMetrics({ registry }: Metrics) {
  const registers = [registry]
  const intact = new Gauge({
    name: 'audit_trail_intact',
    help: '1 when the last verification, by whichever process, found the audit trail as it was written, 0 when not; absent before the first one',
    registers,
  })
  intact.remove()
  const verified = new Gauge({
    name: 'audit_trail_verified_entry',
    help: 'The last audit entry that was verified',
    registers,
  })
  return {
    /** Every process shows the same, so that one that is not asked again does not go on showing what it once found. */
    show({ state, lastId }: Pick<AuditVerification, 'state' | 'lastId'>) {
      if (state !== 'unknown') intact.set(state === 'intact' ? 1 : 0)
      if (lastId !== undefined) verified.set(lastId)
    },
  }
}
