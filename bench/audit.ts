import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../demo/postgres.ts'
import { type AuditEntry, type AuditLog, createAuditLog, verifyAudit } from '../src/audit/index.ts'
import { type Database, migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createFieldCipher, createFileKeyService } from '../src/platform/encryption.ts'
import { createLogger } from '../src/platform/log.ts'
import { type Figure, plainFigure, quantile } from './figure.ts'

const flood = 20_000
const inFlight = 100
const log = createLogger({ level: 'silent', role: 'bench' })
const entry: AuditEntry = {
  actorId: '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11',
  action: 'POST /api/v1/chat/messages',
  outcome: 'ok',
  ip: '203.0.113.7',
  details: { status: 200, durationMs: 41, target: { id: '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a12' } },
}

/** `npm run bench -- audit`: entries written and verified a second, sealed and chained, and how long an act waits for its own. */
export async function measureAudit(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-audit-'))
  const keys = await mkdtemp(join(tmpdir(), 'bench-audit-keys-'))
  const postgres = await startPostgres({ dataDir: folder })
  try {
    await using database = openDatabase({ url: postgres.url('postgres'), log, statementTimeoutMs: 60_000 })
    await migrateDatabase(database, 'migrations')
    const audit = createAuditLog(database, log, createFieldCipher(createFileKeyService(join(keys, 'key'))))
    await writeMany(audit, 2_000)
    return [...(await measureWrites(audit)), await measureWalk(database)]
  } finally {
    await postgres.stop()
    for (const path of [folder, keys]) await rm(path, { recursive: true, force: true })
  }
}

async function measureWrites(audit: AuditLog): Promise<Figure[]> {
  const beganAt = performance.now()
  const waits = await writeMany(audit, flood)
  const perSecond = flood / ((performance.now() - beganAt) / 1_000)
  return [
    plainFigure(`entries written, ${inFlight} in flight`, perSecond, '/s'),
    plainFigure('wait for an entry, median', quantile(waits, 0.5), 'ms'),
    plainFigure('wait for an entry, p99', quantile(waits, 0.99), 'ms'),
  ]
}

async function measureWalk(database: Database): Promise<Figure> {
  const beganAt = performance.now()
  const verdict = await verifyAudit(database)
  if (verdict.kind !== 'intact') throw new Error(`The trail is broken at ${verdict.id}`)
  return plainFigure('entries verified', verdict.entries / ((performance.now() - beganAt) / 1_000), '/s')
}

/** Writes `count` entries, `inFlight` at a time; how long each took, in ms. */
async function writeMany(audit: AuditLog, count: number): Promise<number[]> {
  const waits: number[] = []
  const writeInTurn = async () => {
    while (waits.length < count) {
      const beganAt = performance.now()
      const place = waits.push(0) - 1
      await audit.record(entry)
      waits[place] = performance.now() - beganAt
    }
  }
  await Promise.all(Array.from({ length: inFlight }, writeInTurn))
  return waits
}
