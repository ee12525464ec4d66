import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AuditEntry, type AuditLog, createAuditLog, verifyAudit } from '#audit'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { envelopeOf } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics, type Metrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createPostgresActorNames } from '../auth/actor-names.postgres.ts'
import { type AuditPage, auditPageSchema, auditVerificationSchema } from './api.ts'
import { startUpkeep } from './keep-trail.ts'
import { removeExpiredEntries } from './remove-expired.ts'
import { registerAuditRoutes } from './routes.ts'
import { type AuditSeal, createAuditSeal } from './seal-entry.ts'
import { claimVerification } from './verification.ts'

const somi = '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a11'
const auditor = '4f3c1b0a-7e0f-4d5e-9a63-0d2a6c1f7a12'
const forbidden = { code: 'FORBIDDEN', kind: 'forbidden', ko: '안 돼요.', en: 'No.' } as const

let keyFile: string
let db: TestDatabase
let audit: AuditLog
let seal: AuditSeal
let metrics: Metrics
let server: HttpServer
let lines: string[]
const log = createLogger({ level: 'info', role: 'test', destination: { write: (line) => void lines.push(line) } })

beforeAll(async () => {
  keyFile = join(await mkdtemp(join(tmpdir(), 'audit-')), 'key')
})
beforeEach(async () => {
  lines = []
  db = await createTestDatabase()
  const { database } = db
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  audit = createAuditLog(database, log, cipher)
  seal = createAuditSeal(database, cipher)
  metrics = createMetrics()
  await sql`
    insert into auth_users (user_id, issuer, subject, name, department, email, roles, signed_in_at)
    values (${somi}, 'i', 's', '안소미', '인사총무팀', 'somi@hanbit.example', '{employee}', now())`.execute(
    database.kysely,
  )
  server = await createHttpServer({
    log,
    metrics,
    publicUrl: 'http://localhost',
    guard: async ({ headers }, access) => {
      if (headers.authorization !== `Bearer ${access}`) throw new AppError(forbidden)
    },
    onCall: async () => undefined,
    readiness: {},
  })
  const names = createPostgresActorNames(database)
  registerAuditRoutes(server, { database, seal, names, audit, actorOf: () => ({ userId: auditor }) })
})
afterEach(async () => {
  vi.useRealTimers()
  await server.close()
  await db.drop()
})
const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  actorId: somi,
  action: 'GET /api/v1/me',
  outcome: 'ok',
  ip: '127.0.0.1',
  details: { status: 200 },
  ...change,
})
const get = (path: string) =>
  server.inject({ method: 'GET', url: `/api/v1/audit${path}`, headers: { authorization: 'Bearer audit' } })
const search = async (query: Record<string, string> = {}): Promise<AuditPage> => {
  const reply = await get(`?${new URLSearchParams(query)}`)
  expect(reply.statusCode, reply.body).toBe(200)
  return envelopeOf(auditPageSchema).parse(reply.json()).body
}
const actions = ({ entries }: AuditPage) => entries.map(({ action }) => action)

describe('search', () => {
  test('finds by person, action, outcome, address, trace and time, the newest first, with what is sealed', async () => {
    const trace = newTrace()
    await audit.record(entry({ action: 'sign-in', ip: '203.0.113.7' }))
    await runInTrace(trace, () => audit.record(entry({ action: 'chat.ask', outcome: 'refused', ip: '2001:DB8::1' })))
    await audit.record(entry({ actorId: auditor, action: 'chat.export', personal: { name: '김민수' } }))
    expect(actions(await search())).toEqual(['chat.export', 'chat.ask', 'sign-in'])
    expect(actions(await search({ person: '소미' }))).toEqual(['chat.ask', 'sign-in'])
    expect(actions(await search({ person: 'SOMI@' }))).toEqual(['chat.ask', 'sign-in'])
    expect(actions(await search({ person: auditor }))).toEqual(['chat.export'])
    expect(actions(await search({ person: '%' }))).toEqual([])
    expect(actions(await search({ action: 'chat.' }))).toEqual(['chat.export', 'chat.ask'])
    expect(actions(await search({ action: '%' }))).toEqual([])
    expect(actions(await search({ outcome: 'refused' }))).toEqual(['chat.ask'])
    expect(actions(await search({ ip: '203.0.113.7' }))).toEqual(['sign-in'])
    expect(actions(await search({ ip: '2001:db8::1' }))).toEqual(['chat.ask'])
    expect(actions(await search({ traceId: trace.traceId }))).toEqual(['chat.ask'])
    expect(actions(await search({ to: '2020-01-01T00:00:00+09:00' }))).toEqual([])
    expect(actions(await search({ from: '2020-01-01T00:00:00Z', person: '소미', action: 'chat.' }))).toEqual([
      'chat.ask',
    ])
    const { entries } = await search()
    expect(entries[0]).toMatchObject({ actor: { id: auditor }, personal: { name: '김민수' } })
    expect(entries[2]).toMatchObject({
      actor: { id: somi, name: '안소미' },
      ip: '203.0.113.7',
      details: { status: 200 },
    })
  })

  test('pages meet every entry once, whatever is added meanwhile', async () => {
    for (let n = 0; n < 5; n++) await audit.record(entry({ details: { n } }))
    const seen: unknown[] = []
    for (let after: string | undefined; ; ) {
      const page = await search({ limit: '2', ...(after && { after }) })
      seen.push(...page.entries.map(({ details }) => details.n))
      await audit.record(entry({ details: { n: 'late' } }))
      if (page.next === undefined) break
      after = page.next
    }
    expect(seen).toEqual([4, 3, 2, 1, 0])
    expect((await get('?after=zzz')).json().error.code).toBe('AUDIT_CURSOR_INVALID')
  })

  test.each(['?limit=0', '?limit=9999', '?ip=x', '?traceId=1', '?from=yesterday', '?outcome=maybe', '?person=%00'])(
    '%s is refused',
    async (path) => {
      expect((await get(path)).statusCode).toBe(400)
    },
  )

  test('is for those who may', async () => {
    for (const path of ['', '/export', '/verification']) {
      const reply = await server.inject({ method: 'GET', url: `/api/v1/audit${path}` })
      expect(reply.statusCode).toBe(403)
    }
  })
})

describe('export', () => {
  test('has every entry that fits, on record before it leaves, and nothing that runs as a formula', async () => {
    await audit.record(entry({ action: '=HYPERLINK("http://evil")' }))
    for (let n = 0; n < 1_200; n++) void audit.record(entry({ details: { n } }), 'call')
    await audit.record(entry({ action: 'last' }))
    await expect.poll(async () => (await search({ action: 'GET', limit: '1' })).entries[0]?.details.n).toBe(1_199)
    const lines = (await get('/export?format=jsonl')).body.trim().split('\n')
    expect(lines).toHaveLength(1_203)
    const [first] = lines.map((line) => JSON.parse(line))
    expect(first).toMatchObject({
      action: 'audit.export',
      actor: { id: auditor },
      details: { format: 'jsonl', filters: [] },
    })
    const csv = await get('/export?action=%3D&from=2020-01-01T00:00:00Z')
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"')
    expect(csv.body).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(csv.body.trim().split('\r\n')).toHaveLength(2)
    const { entries } = await search({ action: 'audit.export', limit: '1' })
    expect(entries[0]).toMatchObject({ details: { filters: ['action', 'from'] }, personal: { action: '=' } })
  })

  test('is not begun when it cannot be put on record', async () => {
    await audit.record(entry())
    await sql`revoke all on audit_log from public`.execute(db.database.kysely)
    await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`.execute(
      db.database.kysely,
    )
    await sql`create trigger full_disk before insert on audit_log execute function refuse()`.execute(db.database.kysely)
    const reply = await get('/export')
    expect([reply.statusCode, reply.json().error.code]).toEqual([503, 'AUDIT_UNAVAILABLE'])
    await sql`drop trigger full_disk on audit_log`.execute(db.database.kysely)
    expect((await get('/export')).statusCode).toBe(200)
  })
})

describe('upkeep', () => {
  const upkeep = () =>
    startUpkeep({ database: db.database, seal, audit, log, metrics }, { verifyEveryMs: 0, lookEveryMs: 1e9 })
  const verification = async () => envelopeOf(auditVerificationSchema).parse((await get('/verification')).json()).body
  const tamper = (statement: string) =>
    sql
      .raw(`set session_replication_role = replica; ${statement}; reset session_replication_role`)
      .execute(db.database.kysely)

  test('verifies, tells, and finds what was altered before and after a checkpoint, and a trail written anew', async () => {
    expect(await verification()).toEqual({ state: 'unknown' })
    for (let n = 0; n < 3; n++) await audit.record(entry({ details: { n } }))
    await using keeping = upkeep()
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'intact', lastId: 3, wholeAt: expect.any(String) })
    expect(await metrics.registry.metrics()).toContain('audit_trail_intact 1')

    await audit.record(entry({ action: 'after' }))
    await tamper(`update audit_log set action = 'x' where id = 4`)
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'broken', broken: { id: 4, reason: 'altered' } })
    expect(await metrics.registry.metrics()).toContain('audit_trail_intact 0')
    expect(lines.join('')).toContain('not as it was written')

    await tamper(`update audit_log set action = 'after' where id = 4`)
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'intact', lastId: 4 })

    await tamper('delete from audit_log where id > 2')
    expect(await verifyAudit(db.database, { seal })).toEqual({ kind: 'broken', id: 3, reason: 'missing' })
    await audit.record(entry({ action: 'rewritten' }))
    await audit.record(entry({ action: 'rewritten' }))
    expect(await verifyAudit(db.database, { seal })).toEqual({ kind: 'broken', id: 3, reason: 'altered' })
    await tamper(`update audit_checkpoints c set hash = l.hash from audit_log l where l.id = c.id`)
    expect(await verifyAudit(db.database, { seal })).toEqual({ kind: 'broken', id: 3, reason: 'forged' })
  })

  test('removes what is older than a year and nothing else, and the rest verifies from there', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    for (let n = 0; n < 4; n++) await audit.record(entry({ details: { n } }))
    vi.useRealTimers()
    for (let n = 4; n < 7; n++) await audit.record(entry({ details: { n } }))
    const remove = (where: string) => sql.raw(`delete from audit_log where ${where}`).execute(db.database.kysely)
    await expect(remove('id = 1')).rejects.toThrow('append-only')

    await using keeping = upkeep()
    await keeping.now()
    const { entries } = await search()
    expect(entries.map(({ action, details }) => [action, details.n ?? details.upTo])).toEqual([
      ['audit.remove', 4],
      ...[6, 5, 4].map((n) => ['GET /api/v1/me', n]),
    ])
    expect(await verifyAudit(db.database, { seal })).toMatchObject({ kind: 'intact', entries: 4, lastId: 8 })
    const { rows } = await sql<{ purpose: string }>`select purpose from audit_secrets order by purpose`.execute(
      db.database.kysely,
    )
    expect(rows.map(({ purpose }) => purpose)).toEqual([expect.stringMatching(/^entries-\d{6}$/), 'marks'])
    expect(entries[1]?.ip).toBe('127.0.0.1')
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 4 })
    await expect(remove('id = 5')).rejects.toThrow('append-only')
    await expect(remove('true')).rejects.toThrow('append-only')
    await expect(sql`delete from audit_checkpoints`.execute(db.database.kysely)).rejects.toThrow('append-only')
    await tamper('delete from audit_log where id = 5')
    expect(await verifyAudit(db.database)).toEqual({ kind: 'broken', id: 5, reason: 'missing' })
  })

  test('never makes a checkpoint that would hide recent entries', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    await audit.record(entry())
    vi.useRealTimers()
    await audit.record(entry())
    const deps = { database: db.database, seal, audit }
    await expect(removeExpiredEntries(deps, new Date(Date.now() + 1_000))).rejects.toThrow('append-only')
    expect(await verifyAudit(db.database, { seal })).toMatchObject({ kind: 'intact', entries: 2 })
    expect(await removeExpiredEntries(deps, new Date(Date.now() - 366 * 24 * 3_600_000))).toBe(1)
    expect(await verifyAudit(db.database, { seal })).toMatchObject({ kind: 'intact', entries: 2, lastId: 3 })
  })

  test('of several replicas one verifies', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => claimVerification(db.database, 60_000)))
    expect(claims.filter((claim) => claim !== undefined)).toEqual([{ last: null, wholeAt: null }])
  })

  test('a trail of which everything has expired goes on from the checkpoint', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    await audit.record(entry())
    vi.useRealTimers()
    const cutoff = new Date(Date.now() - 366 * 24 * 3_600_000)
    expect(await removeExpiredEntries({ database: db.database, seal, audit }, cutoff)).toBe(1)
    expect((await search()).entries.map(({ id, action }) => [id, action])).toEqual([[2, 'audit.remove']])
    expect(await verifyAudit(db.database, { seal })).toMatchObject({ kind: 'intact', entries: 1, lastId: 2 })
  })
})
