import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyAudit } from '#audit'
import { envelopeOf } from '#platform/envelope'
import { apiKeyListSchema, newApiKeySchema } from './api.ts'
import { createKeyCalls, day, type KeyServers } from './key-calls-fixture.ts'
import { startKeyServers } from './key-server-fixture.ts'

let office: KeyServers
const { inDays, wish, make, refusal, who, rotate, revoke } = createKeyCalls(() => office)

beforeAll(async () => {
  office = await startKeyServers()
})
afterAll(() => office.close())
beforeEach(() => {
  office.clock.time += day // Nothing is known any more, and no address has to wait.
  office.trail.fails = false
  office.trail.entries.length = 0
  office.one.calls.length = 0
})

describe('making', () => {
  test('shows the secret once, kept nowhere, and says so to caches', async () => {
    const reply = await office.one.call('POST', '/api/v1/admin/api-keys', { as: 'hyerim', body: wish() })
    expect(envelopeOf(newApiKeySchema).safeParse(reply.reply.json()).error).toBeUndefined()
    expect(reply.reply.headers['cache-control']).toBe('no-store')
    const { key, secret } = reply.body
    expect(secret.startsWith(`${key.prefix}_`)).toBe(true)
    const list = await office.one.call('GET', '/api/v1/admin/api-keys', { as: 'hyerim' })
    expect(envelopeOf(apiKeyListSchema).safeParse(list.reply.json()).error).toBeUndefined()
    expect(list.body.keys[0]).toMatchObject({ id: key.id, state: 'active', owner: { name: 'hyerim' } })
    const kept = await sql`select * from api_keys`.execute(office.database.kysely)
    const trail = await sql`select * from audit_log`.execute(office.database.kysely)
    const random = secret.slice(key.prefix.length + 1)
    for (const place of [list.reply.body, JSON.stringify(kept.rows), JSON.stringify(trail.rows)])
      expect(place).not.toContain(random)
  })

  test('is for those who may, and each refusal has its reason', async () => {
    expect(await refusal({}, 'minsu')).toBe('403 FORBIDDEN')
    expect(await refusal({ roles: ['sales'] })).toBe('400 API_KEY_ROLES')
    expect(await refusal({ roles: ['employee', 'executive'], ownerId: office.ids.minsu })).toBe('400 API_KEY_ROLES')
    expect(await refusal({ ownerId: '9b2f3f6e-6a3f-4a53-9c5d-0d6f4a6f2f10' })).toBe('400 API_KEY_OWNER')
    expect(await refusal({ expiresAt: inDays(-1) })).toBe('400 API_KEY_EXPIRY')
    expect(await refusal({ expiresAt: inDays(367) })).toBe('400 API_KEY_EXPIRY')
    expect(await refusal({ expiresAt: undefined })).toBe('400 BAD_REQUEST')
    expect(await refusal({ scopes: [] })).toBe('400 BAD_REQUEST')
    expect(await refusal({ scopes: ['people'] })).toBe('400 BAD_REQUEST')
    expect(await refusal({ scopes: ['api-keys'] })).toBe('400 BAD_REQUEST')
    expect(await refusal({ networks: ['10.1.2.3/8'] })).toBe('400 BAD_REQUEST')
    await office.setUser('minsu', { disabled: true })
    expect(await refusal({ ownerId: office.ids.minsu })).toBe('400 API_KEY_OWNER')
    await office.setUser('minsu', { disabled: false })
  })

  test('for someone else is for those who manage people', async () => {
    expect(await refusal({ ownerId: office.ids.minsu }, 'bonseok')).toBe('403 API_KEY_FOR_OTHERS')
    expect(await refusal({}, 'bonseok')).toBe('201 undefined')
    const { key, secret } = await make({ ownerId: office.ids.minsu })
    const url = `/api/v1/admin/api-keys/${key.id}`
    expect((await office.one.call('POST', `${url}/rotate`, { as: 'bonseok' })).code).toBe('API_KEY_FOR_OTHERS')
    expect(await who(secret)).toBe(200)
    expect((await office.one.call('DELETE', url, { as: 'bonseok' })).status).toBe(200)
    expect(await who(secret)).toBe('API_KEY_REVOKED')
  })

  test('is written down, as are rotating and revoking: who, which key, from where', async () => {
    const { key } = await make({ ownerId: office.ids.minsu, roles: ['sales'] })
    await rotate(key.id)
    await revoke(key.id)
    const details = { keyId: key.id, prefix: key.prefix.slice(4), ownerId: office.ids.minsu, roles: ['sales'] }
    const entry = { actorId: office.ids.hyerim, outcome: 'ok', ip: office.address, details }
    expect(office.trail.entries).toMatchObject([
      { ...entry, action: 'api-key.create' },
      { ...entry, action: 'api-key.rotate' },
      { ...entry, action: 'api-key.revoke' },
    ])
    expect(await verifyAudit(office.database)).toMatchObject({ kind: 'intact' })
  })

  test('what cannot be written down is not done', async () => {
    const { key, secret } = await make()
    const before = await sql`select * from api_keys order by key_id`.execute(office.database.kysely)
    office.trail.fails = true
    expect(await refusal({})).toBe('503 AUDIT_UNAVAILABLE')
    const url = `/api/v1/admin/api-keys/${key.id}`
    expect((await office.one.call('POST', `${url}/rotate`, { as: 'hyerim' })).code).toBe('AUDIT_UNAVAILABLE')
    expect((await revoke(key.id)).code).toBe('AUDIT_UNAVAILABLE')
    const after = await sql`select * from api_keys order by key_id`.execute(office.database.kysely)
    expect(after.rows).toEqual(before.rows)
    expect(await who(secret)).toBe(200)
  })

  test('twenty at once are all made, or told why not, and none hangs', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => make()))
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(20)
  })
})

describe('rotating', () => {
  test('gives a new secret that works everywhere at once, beside the old one for a day', async () => {
    const { key, secret } = await make()
    expect(await who(secret, office.two)).toBe(200)
    const next = await rotate(key.id)
    expect(next.key).toMatchObject({ id: key.id, prefix: key.prefix, oldSecretUntil: inDays(1) })
    for (const at of [office.one, office.two])
      expect([await who(next.secret, at), await who(secret, at)]).toEqual([200, 200])
    office.clock.time += day
    for (const at of [office.one, office.two])
      expect([await who(next.secret, at), await who(secret, at)]).toEqual([200, 'TOKEN_INVALID'])
  })

  test('with no overlap, or twice, ends the old one', async () => {
    const leaked = await make()
    const next = await rotate(leaked.key.id, { overlapHours: 0 })
    expect([await who(next.secret), await who(leaked.secret)]).toEqual([200, 'TOKEN_INVALID'])
    const third = await rotate(leaked.key.id)
    const fourth = await rotate(leaked.key.id)
    expect([await who(fourth.secret), await who(third.secret), await who(next.secret)]).toEqual([
      200,
      200,
      'TOKEN_INVALID',
    ])
  })

  test('never makes a key last longer', async () => {
    const { key } = await make({ expiresAt: new Date(office.clock.time + 3_600_000).toISOString() })
    const { key: rotated } = await rotate(key.id, { overlapHours: 168 })
    expect(rotated.oldSecretUntil).toBe(rotated.expiresAt)
  })
})
