import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { loadCatalog } from '#catalog'
import { openDatabase } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase } from '../../test/support/test-database.ts'
import type { TurnReading } from '../chat/turn-reading.ts'
import { openTraining, type TrainingParts } from './index.ts'
import type { JobStore } from './jobs/job-store.ts'
import type { TrainingNews } from './tell-keepers.ts'

export const log = createLogger({ level: 'silent', role: 'test' })
export const catalog = loadCatalog('catalog', 'demo-odata')

type Place = { databaseUrl: string; keyFile: string; command?: readonly string[] | undefined }

/** What training needs, on a database and with the key of a file: in this process or in one of its own. */
export function openParts({ databaseUrl, keyFile, command }: Place): TrainingParts & AsyncDisposable {
  const database = openDatabase({ url: databaseUrl, log })
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  return {
    ...{ database, cipher, catalog, log, config: { command, devices: ['gpu-0', 'gpu-1'] } },
    audit: { record: async () => undefined, recordWith: async () => undefined },
    metrics: createMetrics(),
    names: { read: async () => ({ revision: '1', entries: [] }) },
    [Symbol.asyncDispose]: () => database.close(),
  }
}

type Told = { topic: string; body: unknown }

/** A database of the test's own with everything that a training worker needs; messages are noted, not sent. */
export async function openTestTraining({ command }: { command?: readonly string[] } = {}) {
  const db = await createTestDatabase()
  const keyFile = join(await mkdtemp(join(tmpdir(), 'training-')), 'key')
  const parts = openParts({ databaseUrl: db.url, keyFile, command })
  const told: Told[] = []
  const queue = {
    publish: async ({ name }: { name: string }, body: unknown) => {
      told.push({ topic: name, body })
      return randomUUID()
    },
  }
  const news: TrainingNews[] = []
  parts.tellKeepers = async (one) => void news.push(one)
  const deps = openTraining(parts, queue as never)
  const place = { databaseUrl: db.url, keyFile, command }
  await deps.jobs.writeSettings({ canaryShare: 0, isEnabled: false })
  return {
    ...{ db, deps, parts, place, told, news },
    close: async () => {
      await parts.database.close()
      await db.drop()
    },
  }
}
export type TestTraining = Awaited<ReturnType<typeof openTestTraining>>

type NewTurn = { text: string; reading: TurnReading; rating?: 'up' | 'down'; afterS?: number }

/** Keeps a conversation as the chat does; each turn comes `afterS` (10) seconds after the one before. */
export async function addConversation(
  { parts }: TestTraining,
  turns: readonly NewTurn[],
  startedAt = new Date(Date.now() - 3_600_000),
) {
  const { kysely } = parts.database
  const id = randomUUID()
  const seal = (text: string, table: string, column: string, row: string) =>
    parts.cipher.encrypt(text, { table, column, row })
  await sql`insert into conversations (conversation_id, owner_id, title, updated_at)
    values (${id}, 'somi', ${await seal('t', 'conversations', 'title', id)}, now())`.execute(kysely)
  let at = startedAt.getTime()
  const ids: string[] = []
  for (const [i, { text, reading, rating = null, afterS = 10 }] of turns.entries()) {
    const turn = randomUUID()
    at += afterS * 1000
    await sql`insert into turns (turn_id, conversation_id, position, question, trace_id, asked_at, reading, rating)
      values (${turn}, ${id}, ${i + 1}, ${await seal(text, 'turns', 'question', turn)}, 'trace', ${new Date(at)},
        ${JSON.stringify(reading)}, ${rating})`.execute(kysely)
    ids.push(turn)
  }
  return ids
}

/** Opens a job and leases it, as a worker would. */
export async function takeNew(jobs: JobStore, trainer?: string) {
  const opened = await jobs.open({ trigger: 'manual', requestedBy: 'hyerim', trainer })
  const taken = await jobs.take({ owner: randomUUID(), leaseMs: 60_000, devices: [] })
  if (!opened || taken?.jobId !== opened.jobId) throw new Error('Another job was taken')
  return taken
}
