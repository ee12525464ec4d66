import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newTrace, runInTrace } from '#platform/trace'
import { type AuditServer, actions, auditor, entry, somi, startAuditServer } from './audit-server-fixture.ts'

let on: AuditServer
let resolved: string[]
beforeEach(async () => {
  resolved = []
  on = await startAuditServer({
    watchNames: (names) => ({
      ...names,
      findActors: async (text, most) => {
        resolved.push(text)
        return await names.findActors(text, most)
      },
    }),
  })
})
afterEach(async () => {
  await on.close()
})

describe('search', () => {
  test('finds by person, action, outcome, address, trace and time, the newest first, with what is sealed', async () => {
    const trace = newTrace()
    await on.audit.record(entry({ action: 'sign-in', ip: '203.0.113.7' }))
    await runInTrace(trace, () => on.audit.record(entry({ action: 'chat.ask', outcome: 'refused', ip: '2001:DB8::1' })))
    await on.audit.record(entry({ actorId: auditor, action: 'chat.export', personal: { name: '김민수' } }))
    expect(actions(await on.search())).toEqual(['chat.export', 'chat.ask', 'sign-in'])
    expect(actions(await on.search({ person: '소미' }))).toEqual(['chat.ask', 'sign-in'])
    expect(actions(await on.search({ person: 'SOMI@' }))).toEqual(['chat.ask', 'sign-in'])
    expect(actions(await on.search({ person: auditor }))).toEqual(['chat.export'])
    expect(actions(await on.search({ person: '%' }))).toEqual([])
    expect(actions(await on.search({ action: 'chat.' }))).toEqual(['chat.export', 'chat.ask'])
    expect(actions(await on.search({ action: '%' }))).toEqual([])
    expect(actions(await on.search({ outcome: 'refused' }))).toEqual(['chat.ask'])
    expect(actions(await on.search({ ip: '203.0.113.7' }))).toEqual(['sign-in'])
    expect(actions(await on.search({ ip: '2001:db8::1' }))).toEqual(['chat.ask'])
    expect(actions(await on.search({ traceId: trace.traceId }))).toEqual(['chat.ask'])
    expect(actions(await on.search({ to: '2020-01-01T00:00:00+09:00' }))).toEqual([])
    expect(actions(await on.search({ from: '2020-01-01T00:00:00Z', person: '소미', action: 'chat.' }))).toEqual([
      'chat.ask',
    ])
    const { entries } = await on.search()
    expect(entries[0]).toMatchObject({ actor: { id: auditor }, personal: { name: '김민수' } })
    expect(entries[2]).toMatchObject({
      actor: { id: somi, name: '안소미' },
      ip: '203.0.113.7',
      details: { status: 200 },
    })
  })

  test('pages meet every entry once, whatever is added meanwhile', async () => {
    for (let n = 0; n < 5; n++) await on.audit.record(entry({ details: { n } }))
    const seen: unknown[] = []
    for (let after: string | undefined; ; ) {
      const page = await on.search({ limit: '2', ...(after && { after }) })
      seen.push(...page.entries.map(({ details }) => details.n))
      await on.audit.record(entry({ details: { n: 'late' } }))
      if (page.next === undefined) break
      after = page.next
    }
    expect(seen).toEqual([4, 3, 2, 1, 0])
    expect((await on.get('?after=zzz')).json().error.code).toBe('AUDIT_CURSOR_INVALID')
  })

  test('who is meant is found once a search, and stays the same on its later pages', async () => {
    for (let n = 0; n < 5; n++) await on.audit.record(entry({ details: { n } }))
    const first = await on.search({ person: '소미', limit: '2' })
    await sql`update auth_users set name = '박소담'`.execute(on.database.kysely)
    const second = await on.search({ person: '소미', limit: '2', after: first.next ?? '' })
    const third = await on.search({ person: '소미', limit: '2', after: second.next ?? '' })
    const found = [first, second, third].flatMap(({ entries }) => entries.map(({ details }) => details.n))
    expect([found, third.next, resolved]).toEqual([[4, 3, 2, 1, 0], undefined, ['소미']])
    expect((await on.get('/export?person=%EC%86%8C%EB%8B%B4')).statusCode).toBe(200)
    expect(resolved).toEqual(['소미', '소담'])
  })

  test('more people than can be searched for are not cut in silence', async () => {
    await sql`
      insert into auth_users (user_id, issuer, subject, name, department, email, roles, signed_in_at)
      select gen_random_uuid(), 'i', 'many' || n, '김' || n, '', 'p' || n || '@many.example', '{employee}', now()
      from generate_series(1, 101) as n`.execute(on.database.kysely)
    for (const path of ['?person=many.example', '/export?person=many.example']) {
      const reply = await on.get(path)
      expect([reply.statusCode, reply.json().error.code]).toEqual([400, 'AUDIT_PERSON_UNCLEAR'])
      expect(reply.json().error.message).toContain('100')
    }
    await sql`delete from auth_users where name = '김101'`.execute(on.database.kysely)
    expect(await on.search({ person: 'many.example' })).toEqual({ entries: [] })
  })

  test.each(['?limit=0', '?limit=9999', '?ip=x', '?traceId=1', '?from=yesterday', '?outcome=maybe', '?person=%00'])(
    '%s is refused',
    async (path) => {
      expect((await on.get(path)).statusCode).toBe(400)
    },
  )

  test('is for those who may', async () => {
    for (const path of ['', '/export', '/verification']) {
      const reply = await on.server.inject({ method: 'GET', url: `/api/v1/audit${path}` })
      expect(reply.statusCode).toBe(403)
    }
  })
})
