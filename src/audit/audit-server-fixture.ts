import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { envelopeOf } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { createHttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { createPostgresActorNames } from '../auth/actor-names.postgres.ts'
import type { ActorNames } from './actor-names.ts'
import { type AuditPage, auditPageSchema } from './api.ts'
import type { AuditEntry } from './audit-entry.ts'
import { createAuditLog } from './audit-log.ts'
import { registerAuditRoutes } from './routes.ts'
import { createAuditSeal } from './seal-entry.ts'

export const somi = '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11'
export const auditor = '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a12'
const forbidden = { code: 'FORBIDDEN', kind: 'forbidden', ko: '안 돼요.', en: 'No.' } as const
const keyFile = join(mkdtempSync(join(tmpdir(), 'audit-')), 'key')

/** An act of 안소미, who is the only person that the test's database knows. */
export const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  actorId: somi,
  action: 'GET /api/v1/me',
  outcome: 'ok',
  ip: '127.0.0.1',
  details: { status: 200 },
  ...change,
})

export const actions = ({ entries }: AuditPage): string[] => entries.map(({ action }) => action)

type Options = { beforeCall?: () => Promise<void>; watchNames?: (names: ActorNames) => ActorNames }

/** The audit trail in a database of its own, with its routes for whoever calls as `Bearer audit`. */
export async function startAuditServer({ beforeCall, watchNames = (names) => names }: Options = {}) {
  const lines: string[] = []
  const log = createLogger({ level: 'info', role: 'test', destination: { write: (line) => void lines.push(line) } })
  const db = await createTestDatabase()
  const { database } = db
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const audit = createAuditLog(database, log, cipher)
  const seal = createAuditSeal(database, cipher)
  const metrics = createMetrics()
  await sql`
    insert into auth_users (user_id, issuer, subject, name, department, email, roles, signed_in_at)
    values (${somi}, 'i', 's', '안소미', '인사총무팀', 'somi@hanbit.example', '{employee}', now())`.execute(
    database.kysely,
  )
  const server = await createHttpServer({
    log,
    metrics,
    publicUrl: 'http://localhost',
    guard: async ({ headers }, access) => {
      await beforeCall?.()
      if (headers.authorization !== `Bearer ${access}`) throw new AppError(forbidden)
    },
    onCall: async () => undefined,
    readiness: {},
  })
  const names = watchNames(createPostgresActorNames(database))
  registerAuditRoutes(server, { database, seal, names, audit, actorOf: () => ({ userId: auditor }) })
  const get = (path: string) =>
    server.inject({ method: 'GET', url: `/api/v1/audit${path}`, headers: { authorization: 'Bearer audit' } })
  const search = async (query: Record<string, string> = {}): Promise<AuditPage> => {
    const reply = await get(`?${new URLSearchParams(query)}`)
    expect(reply.statusCode, reply.body).toBe(200)
    return envelopeOf(auditPageSchema).parse(reply.json()).body
  }
  return {
    ...{ db, database, audit, seal, metrics, server, log, lines, get, search },
    async close() {
      await server.close()
      await db.drop()
    },
  }
}

export type AuditServer = Awaited<ReturnType<typeof startAuditServer>>
