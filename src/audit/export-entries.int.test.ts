import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AuditServer, auditor, entry, startAuditServer } from './audit-server-fixture.ts'

let on: AuditServer
const atOnce = async () => undefined
let beforeCall: () => Promise<void>
let beforeNames: () => Promise<void>
beforeEach(async () => {
  beforeCall = atOnce
  beforeNames = atOnce
  on = await startAuditServer({
    beforeCall: () => beforeCall(),
    watchNames: (names) => ({
      ...names,
      namesOf: async (ids) => {
        await beforeNames()
        return await names.namesOf(ids)
      },
    }),
  })
})
afterEach(async () => {
  await on.close()
})

describe('export', () => {
  test('has every entry that fits, on record before it leaves, and nothing that runs as a formula', async () => {
    await on.audit.record(entry({ action: '=HYPERLINK("http://evil")' }))
    for (let n = 0; n < 1_200; n++) void on.audit.record(entry({ details: { n } }), 'call')
    await on.audit.record(entry({ action: 'last' }))
    await expect.poll(async () => (await on.search({ action: 'GET', limit: '1' })).entries[0]?.details.n).toBe(1_199)
    const lines = (await on.get('/export?format=jsonl')).body.trim().split('\n')
    expect(lines).toHaveLength(1_203)
    const [first] = lines.map((line) => JSON.parse(line))
    expect(first).toMatchObject({
      action: 'audit.export',
      actor: { id: auditor },
      details: { format: 'jsonl', filters: [] },
    })
    const csv = await on.get('/export?action=%3D&from=2020-01-01T00:00:00Z')
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"')
    expect(csv.body).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(csv.body.trim().split('\r\n')).toHaveLength(2)
    const { entries } = await on.search({ action: 'audit.export', limit: '1' })
    expect(entries[0]).toMatchObject({ details: { filters: ['action', 'from'] }, personal: { action: '=' } })
  })

  test('is not begun when it cannot be put on record', async () => {
    await on.audit.record(entry())
    await sql`revoke all on audit_log from public`.execute(on.database.kysely)
    await sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''full''; end'`.execute(
      on.database.kysely,
    )
    await sql`create trigger full_disk before insert on audit_log execute function refuse()`.execute(on.database.kysely)
    const reply = await on.get('/export')
    expect([reply.statusCode, reply.json().error.code]).toEqual([503, 'AUDIT_UNAVAILABLE'])
    await sql`drop trigger full_disk on audit_log`.execute(on.database.kysely)
    expect((await on.get('/export')).statusCode).toBe(200)
  })

  test('is free for the next one when its reader went away before it began, and while it was read', async () => {
    await on.audit.record(entry())
    const origin = await on.server.listen({ port: 0, host: '127.0.0.1' })
    const open = (signal: AbortSignal) =>
      fetch(`${origin}/api/v1/audit/export`, { signal, headers: { authorization: 'Bearer audit' } })
    const isFree = () => expect.poll(async () => (await on.get('/export?action=none')).statusCode).toBe(200)

    const [early, gate, arrived] = [new AbortController(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    beforeCall = () => {
      arrived.resolve()
      return gate.promise
    }
    const refused = expect(open(early.signal)).rejects.toThrow('abort')
    await arrived.promise
    early.abort()
    await refused
    await wait(50)
    beforeCall = atOnce
    gate.resolve()
    await isFree()

    const [late, names] = [new AbortController(), Promise.withResolvers<void>()]
    beforeNames = () => names.promise
    expect((await open(late.signal)).status).toBe(200)
    expect((await on.get('/export?action=none')).json().error.code).toBe('AUDIT_EXPORT_RUNNING')
    late.abort()
    beforeNames = atOnce
    names.resolve()
    await isFree()
  })
})
