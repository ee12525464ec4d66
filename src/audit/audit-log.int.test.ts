import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createAuditLog, verifyAudit } from '#audit'
import { openDatabase } from '#platform/database'
import { createFieldCipher, createFileKeyService, type FieldCipher } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { newTrace, runInTrace } from '#platform/trace'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import type { AuditEntry, SealedPart } from './audit-entry.ts'
import { createAuditSeal } from './seal-entry.ts'

const log = createLogger({ level: 'silent', role: 'test' })
let db: TestDatabase
let cipher: FieldCipher

beforeAll(async () => {
  cipher = createFieldCipher(createFileKeyService(join(await mkdtemp(join(tmpdir(), 'audit-')), 'key')))
})
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  actorId: 'somi',
  action: 'GET /api/v1/me',
  outcome: 'ok',
  ip: '127.0.0.1',
  details: { status: 200 },
  ...change,
})
const readAll = async () =>
  (await sql<Record<string, unknown>>`select * from audit_log order by id`.execute(db.database.kysely)).rows
/** Changes the table as an intruder with the owner's rights would. */
const tamper = async (statement: string) => {
  await sql
    .raw(`set session_replication_role = replica; ${statement}; reset session_replication_role`)
    .execute(db.database.kysely)
}

describe('the trail', () => {
  test('keeps who did what, when, from where and in which trace', async () => {
    const trace = newTrace()
    await runInTrace(trace, () =>
      createAuditLog(db.database, log, cipher).record(entry({ outcome: 'refused', actorId: null })),
    )
    expect(await readAll()).toEqual([
      expect.objectContaining({
        id: '1',
        actor_id: null,
        action: 'GET /api/v1/me',
        outcome: 'refused',
        ip: null,
        trace_id: trace.traceId,
        details: { status: 200 },
      }),
    ])
  })

  test('keeps what is personal as ciphertext, that only its own row and key open, and still verifies without the key', async () => {
    const audit = createAuditLog(db.database, log, cipher)
    await audit.record(entry({ ip: '::ffff:203.0.113.7', personal: { name: '안소미' } }))
    await audit.record(entry({ ip: '203.0.113.7' }))
    const rows = await readAll()
    expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113|안소미/)
    expect(Buffer.concat(rows.map(({ sealed }) => sealed as Buffer)).toString('latin1')).not.toContain('203.0.113')
    const seal = createAuditSeal(db.database, cipher)
    const [first, second] = rows.map(
      ({ ref, ip_mark, sealed }) => ({ ref, ipMark: ip_mark, content: sealed }) as SealedPart,
    )
    expect(await seal.open(first!)).toEqual({ ip: '::ffff:203.0.113.7', personal: { name: '안소미' } })
    expect(first?.ipMark).toEqual(second?.ipMark)
    await expect(seal.open({ ...first!, ref: second!.ref })).rejects.toThrow('UNDECIPHERABLE')
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 2 })
  })

  test('written with a change is there with it or not at all', async () => {
    const audit = createAuditLog(db.database, log, cipher)
    const change = (end: () => void) =>
      db.database.kysely.transaction().execute(async (transaction) => {
        await sql`create table changed (id int)`.execute(transaction)
        await audit.recordWith(transaction, entry({ action: 'change' }))
        end()
      })
    await expect(change(() => expect.unreachable('rolled back'))).rejects.toThrow('rolled back')
    expect(await readAll()).toEqual([])
    await sql`alter table audit_log rename to hidden`.execute(db.database.kysely)
    await expect(change(() => undefined)).rejects.toThrow('AUDIT_UNAVAILABLE')
    expect((await sql`select to_regclass('changed') as found`.execute(db.database.kysely)).rows).toEqual([
      { found: null },
    ])
    await sql`alter table hidden rename to audit_log`.execute(db.database.kysely)
    await Promise.all([change(() => undefined), audit.record(entry()), audit.record(entry())])
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  test('tells the log its number and hash every thousand entries, whichever way they are written, once they are kept', async () => {
    const lines: string[] = []
    const told = () => lines.filter((line) => line.includes('reached a length')).map((line) => JSON.parse(line))
    const hearing = createLogger({
      ...{ level: 'info', role: 'test' },
      destination: { write: (line) => void lines.push(line) },
    })
    const audit = createAuditLog(db.database, hearing, cipher)
    const write = (count: number) => Promise.all(Array.from({ length: count }, () => audit.record(entry())))
    const change = (end: () => void) =>
      db.database.kysely.transaction().execute(async (transaction) => {
        await audit.recordWith(transaction, entry({ action: 'change' }))
        end()
      })
    const anchorOf = async (id: number) => {
      const { hash } = (await readAll())[id - 1] as { hash: Buffer }
      return { 'event.module': 'audit', 'event.sequence': id, 'event.hash': hash.toString('hex') }
    }
    await write(999)
    await expect(change(() => expect.unreachable('rolled back'))).rejects.toThrow('rolled back')
    await change(() => expect(told()).toEqual([]))
    await expect.poll(told).toMatchObject([await anchorOf(1_000)])
    await write(1_000)
    await expect.poll(told).toMatchObject([await anchorOf(1_000), await anchorOf(2_000)])
  })

  test('refuses what cannot be sealed', async () => {
    const away = { ...cipher, encrypt: () => Promise.reject(new Error('the key service is away')) }
    await expect(createAuditLog(db.database, log, away).record(entry())).rejects.toThrow('AUDIT_UNAVAILABLE')
    expect(await readAll()).toEqual([])
  })

  test('stays one intact chain when many processes write at once', async () => {
    const others = [1, 2, 3].map(() => openDatabase({ url: db.url, log, poolSize: 4 }))
    const logs = [db.database, ...others].map((one) => createAuditLog(one, log, cipher))
    await Promise.all(
      logs.flatMap((one, who) => Array.from({ length: 150 }, (_, n) => one.record(entry({ details: { who, n } })))),
    )
    await Promise.all(others.map((one) => one.close()))
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 600 })
  })

  test('is intact whatever the details hold', async () => {
    const details = {
      z: 1,
      a: [1.5, 1e21, -0, null, true],
      deep: { b: '가나', a: '\u0000x' },
      at: new Date(0),
      big: 10n,
      'k\u0000': 1,
    }
    await createAuditLog(db.database, log, cipher).record(entry({ details, actorId: 'half \ud800 pair' }))
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 1 })
  })

  test('lets what somebody waits for go before calls that have been answered, and keeps those too', async () => {
    const audit = createAuditLog(db.database, log, cipher)
    const calls = Array.from({ length: 2_000 }, () => audit.record(entry(), 'call'))
    await audit.record(entry({ action: 'chat.ask' }))
    const [asked] = (await readAll()).filter(({ action }) => action === 'chat.ask')
    expect(Number(asked?.id)).toBeLessThan(500)
    await Promise.all(calls)
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 2_001 })
  })

  test('says AUDIT_UNAVAILABLE at once to all who wait when it cannot be written, and goes on after', async () => {
    const audit = createAuditLog(db.database, log, cipher)
    await sql`alter table audit_log rename to hidden`.execute(db.database.kysely)
    const results = await Promise.allSettled(Array.from({ length: 300 }, () => audit.record(entry())))
    expect(results.every((one) => one.status === 'rejected' && one.reason.spec.code === 'AUDIT_UNAVAILABLE')).toBe(true)
    await sql`alter table hidden rename to audit_log`.execute(db.database.kysely)
    await audit.record(entry())
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 1 })
  })
})

describe('tampering', () => {
  beforeEach(async () => {
    const audit = createAuditLog(db.database, log, cipher)
    for (let n = 1; n <= 5; n++) await audit.record(entry({ details: { n } }))
  })

  test.each([
    ['update audit_log set outcome = outcome'],
    ['delete from audit_log where id = 5'],
    ['truncate audit_log'],
  ])('%s is refused', async (statement) => {
    await expect(sql.raw(statement).execute(db.database.kysely)).rejects.toThrow('append-only')
    expect(await readAll()).toHaveLength(5)
  })

  test.each([
    ['a changed actor', "update audit_log set actor_id = 'minsu' where id = 3", { id: 3, reason: 'altered' }],
    ['a changed detail', `update audit_log set details = '{"n": 9}' where id = 2`, { id: 2, reason: 'altered' }],
    ['a changed time', "update audit_log set at = at + interval '1 ms' where id = 4", { id: 4, reason: 'altered' }],
    [
      'a changed ciphertext',
      "update audit_log set sealed = sealed || '\\x00' where id = 3",
      { id: 3, reason: 'altered' },
    ],
    ['a changed address mark', 'update audit_log set ip_mark = null where id = 3', { id: 3, reason: 'altered' }],
    ['a removed row', 'delete from audit_log where id = 2', { id: 2, reason: 'missing' }],
    ['a removed beginning', 'delete from audit_log where id < 3', { id: 1, reason: 'missing' }],
    [
      'a removed row that was numbered over',
      'delete from audit_log where id = 2; update audit_log set id = id - 1 where id = 3; update audit_log set id = id - 1 where id = 4',
      { id: 2, reason: 'altered' },
    ],
  ])('%s shows', async (_, statement, found) => {
    expect(await verifyAudit(db.database)).toMatchObject({ kind: 'intact', entries: 5 })
    await tamper(statement)
    expect(await verifyAudit(db.database)).toEqual({ kind: 'broken', ...found })
  })
})
