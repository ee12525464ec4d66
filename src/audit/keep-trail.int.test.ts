import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { envelopeOf } from '#platform/envelope'
import { auditVerificationSchema } from './api.ts'
import { type AuditServer, entry, startAuditServer } from './audit-server-fixture.ts'
import { startUpkeep } from './keep-trail.ts'
import { removeExpiredEntries } from './remove-expired.ts'
import { claimVerification, keepVerification } from './verification.ts'
import { verifyAudit } from './verify-audit.ts'

let on: AuditServer
beforeEach(async () => {
  on = await startAuditServer()
})
afterEach(async () => {
  vi.useRealTimers()
  await on.close()
})

describe('upkeep', () => {
  const upkeep = () =>
    startUpkeep(
      { database: on.database, seal: on.seal, audit: on.audit, log: on.log, metrics: on.metrics },
      { verifyEveryMs: 0, lookEveryMs: 1e9 },
    )
  const verification = async () =>
    envelopeOf(auditVerificationSchema).parse((await on.get('/verification')).json()).body
  const tamper = (statement: string) =>
    sql
      .raw(`set session_replication_role = replica; ${statement}; reset session_replication_role`)
      .execute(on.database.kysely)

  test('verifies, tells, and finds what was altered before and after a checkpoint, and a trail written anew', async () => {
    expect(await verification()).toEqual({ state: 'unknown' })
    for (let n = 0; n < 3; n++) await on.audit.record(entry({ details: { n } }))
    await using keeping = upkeep()
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'intact', lastId: 3, wholeAt: expect.any(String) })
    expect(await on.metrics.registry.metrics()).toContain('audit_trail_intact 1')

    await on.audit.record(entry({ action: 'after' }))
    await tamper(`update audit_log set action = 'x' where id = 4`)
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'broken', broken: { id: 4, reason: 'altered' } })
    expect(await on.metrics.registry.metrics()).toContain('audit_trail_intact 0')
    expect(on.lines.join('')).toContain('not as it was written')

    await tamper(`update audit_log set action = 'after' where id = 4`)
    await keeping.now()
    expect(await verification()).toMatchObject({ state: 'intact', lastId: 4 })

    await tamper('delete from audit_log where id > 2')
    expect(await verifyAudit(on.database, { seal: on.seal })).toEqual({ kind: 'broken', id: 3, reason: 'missing' })
    await on.audit.record(entry({ action: 'rewritten' }))
    await on.audit.record(entry({ action: 'rewritten' }))
    expect(await verifyAudit(on.database, { seal: on.seal })).toEqual({ kind: 'broken', id: 3, reason: 'altered' })
    await tamper(`update audit_checkpoints c set hash = l.hash from audit_log l where l.id = c.id`)
    expect(await verifyAudit(on.database, { seal: on.seal })).toEqual({ kind: 'broken', id: 3, reason: 'forged' })
  })

  test('removes what is older than a year and nothing else, and the rest verifies from there', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    for (let n = 0; n < 4; n++) await on.audit.record(entry({ details: { n } }))
    vi.useRealTimers()
    for (let n = 4; n < 7; n++) await on.audit.record(entry({ details: { n } }))
    const remove = (where: string) => sql.raw(`delete from audit_log where ${where}`).execute(on.database.kysely)
    await expect(remove('id = 1')).rejects.toThrow('append-only')

    await using keeping = upkeep()
    await keeping.now()
    const { entries } = await on.search()
    expect(entries.map(({ action, details }) => [action, details.n ?? details.upTo])).toEqual([
      ['audit.remove', 4],
      ...[6, 5, 4].map((n) => ['GET /api/v1/me', n]),
    ])
    expect(await verifyAudit(on.database, { seal: on.seal })).toMatchObject({ kind: 'intact', entries: 4, lastId: 8 })
    const { rows } = await sql<{ purpose: string }>`select purpose from audit_secrets order by purpose`.execute(
      on.database.kysely,
    )
    expect(rows.map(({ purpose }) => purpose)).toEqual([expect.stringMatching(/^entries-\d{6}$/), 'marks'])
    expect(entries[1]?.ip).toBe('127.0.0.1')
    expect(await verifyAudit(on.database)).toMatchObject({ kind: 'intact', entries: 4 })
    await expect(remove('id = 5')).rejects.toThrow('append-only')
    await expect(remove('true')).rejects.toThrow('append-only')
    await expect(sql`delete from audit_checkpoints`.execute(on.database.kysely)).rejects.toThrow('append-only')
    await tamper('delete from audit_log where id = 5')
    expect(await verifyAudit(on.database)).toEqual({ kind: 'broken', id: 5, reason: 'missing' })
  })

  test('never makes a checkpoint that would hide recent entries', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    await on.audit.record(entry())
    vi.useRealTimers()
    await on.audit.record(entry())
    const deps = { database: on.database, seal: on.seal, audit: on.audit }
    await expect(removeExpiredEntries(deps, new Date(Date.now() + 1_000))).rejects.toThrow('append-only')
    expect(await verifyAudit(on.database, { seal: on.seal })).toMatchObject({ kind: 'intact', entries: 2 })
    expect(await removeExpiredEntries(deps, new Date(Date.now() - 366 * 24 * 3_600_000))).toBe(1)
    expect(await verifyAudit(on.database, { seal: on.seal })).toMatchObject({ kind: 'intact', entries: 2, lastId: 3 })
  })

  test('says when it was last verified, not when a verification was begun that may never end', async () => {
    await on.audit.record(entry())
    await using keeping = upkeep()
    await keeping.now()
    const { checkedAt, ...before } = await verification()
    await wait(5)
    await claimVerification(on.database, 0)
    expect(await verification()).toEqual({ ...before, checkedAt })
    await keeping.now()
    expect(Date.parse((await verification()).checkedAt ?? '')).toBeGreaterThan(Date.parse(checkedAt ?? ''))
  })

  test('every replica shows what the last verification found, whichever made it, and nothing before there was one', async () => {
    await claimVerification(on.database, 0)
    await using keeping = startUpkeep(
      { database: on.database, seal: on.seal, audit: on.audit, log: on.log, metrics: on.metrics },
      { verifyEveryMs: 1e9, lookEveryMs: 1e9 },
    )
    const shown = async () => /^audit_trail_intact (.*)$/m.exec(await on.metrics.registry.metrics())?.[1]
    await keeping.now()
    expect(await shown()).toBeUndefined()
    await keepVerification(on.database, { kind: 'intact', entries: 0, lastId: 0, lastHash: '' }, true)
    await keeping.now()
    expect(await shown()).toBe('1')
    await keepVerification(on.database, { kind: 'broken', id: 3, reason: 'missing' }, true)
    await keeping.now()
    expect(await shown()).toBe('0')
  })

  test('of several replicas one verifies', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => claimVerification(on.database, 60_000)))
    expect(claims.filter((claim) => claim !== undefined)).toEqual([{ last: null, wholeAt: null }])
  })

  test('a trail of which everything has expired goes on from the checkpoint', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 400 * 24 * 3_600_000 })
    await on.audit.record(entry())
    vi.useRealTimers()
    const cutoff = new Date(Date.now() - 366 * 24 * 3_600_000)
    expect(await removeExpiredEntries({ database: on.database, seal: on.seal, audit: on.audit }, cutoff)).toBe(1)
    expect((await on.search()).entries.map(({ id, action }) => [id, action])).toEqual([[2, 'audit.remove']])
    expect(await verifyAudit(on.database, { seal: on.seal })).toMatchObject({ kind: 'intact', entries: 1, lastId: 2 })
  })
})
