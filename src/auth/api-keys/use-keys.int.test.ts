import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createPostgresActorNames } from '../actor-names.postgres.ts'
import { createKeyCalls, day, type KeyServers } from './key-calls-fixture.ts'
import { startKeyServers } from './key-server-fixture.ts'

let office: KeyServers
const { inDays, make, who, revoke } = createKeyCalls(() => office)

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

describe('using', () => {
  test('as bearer token or X-API-Key, for what its scopes say', async () => {
    const { key, secret } = await make()
    const asHeader = await office.one.call('GET', '/api/v1/who', { headers: { 'x-api-key': secret } })
    expect(asHeader.status).toBe(200)
    expect(asHeader.body).toMatchObject({ userId: key.id, name: 'hyerim', roles: ['employee'] })
    expect(await who(secret)).toBe(200)
    expect((await office.one.call('GET', '/api/v1/work', { as: secret })).code).toBe('API_KEY_SCOPE')
    expect((await office.one.call('GET', '/api/v1/people-only', { as: secret })).code).toBe('API_KEY_NOT_TAKEN')
    expect((await office.one.call('GET', '/api/v1/admin/api-keys', { as: secret })).code).toBe('API_KEY_NOT_TAKEN')
    const worker = await make({ scopes: ['sync'], roles: ['admin'] })
    expect((await office.one.call('GET', '/api/v1/work', { as: worker.secret })).status).toBe(200)
    expect(await who(worker.secret)).toBe('API_KEY_SCOPE')
  })

  test('is on record with the key and its owner', async () => {
    const { key, secret } = await make({ ownerId: office.ids.minsu })
    office.one.calls.length = 0
    await who(secret)
    const used = { prefix: key.prefix, ownerId: office.ids.minsu }
    expect(office.one.calls).toMatchObject([{ actorId: key.id, key: used, status: 200 }])
  })

  test('has a name in the audit trail', async () => {
    const { key } = await make({ name: '창고 단말' })
    const names = createPostgresActorNames(office.database)
    expect(await names.namesOf([key.id, office.ids.minsu ?? ''])).toEqual(
      new Map([
        [key.id, `창고 단말 (${key.prefix})`],
        [office.ids.minsu, 'minsu'],
      ]),
    )
    for (const text of [key.id, key.prefix, '창고']) expect(await names.findActors(text, 10)).toEqual([key.id])
  })

  test('wrong keys look like wrong tokens', async () => {
    const { secret } = await make()
    const token = (await office.one.call('GET', '/api/v1/who', { as: 'nobody' })).reply
    const shape = (body: string) => body.replace(/"(timestamp|traceId)":"[^"]*"/g, '')
    const wrong = [
      `${secret.slice(0, -1)}!`,
      `${secret.slice(0, -4)}aaaa`,
      `ecb_0123456789_${'a'.repeat(43)}`,
      'ecb_',
      'x',
    ]
    for (const text of wrong) {
      const { reply } = await office.one.call('GET', '/api/v1/who', { headers: { 'x-api-key': text } })
      expect([reply.statusCode, shape(reply.body)]).toEqual([401, shape(token.body)])
      expect(reply.headers['www-authenticate']).toBe(token.headers['www-authenticate'])
      office.clock.time += day
    }
    const both = { 'x-api-key': secret, authorization: `Bearer ${secret}` }
    expect((await office.one.call('GET', '/api/v1/who', { headers: both })).code).toBe('TOKEN_INVALID')
  })

  test('guesses make their address wait, and no key that works there', async () => {
    const { secret } = await make()
    expect(await who(secret)).toBe(200)
    const guess = `${secret.slice(0, -4)}aaaa`
    for (let n = 0; n < 5; n++) expect(await who(guess)).toBe('TOKEN_INVALID')
    const refused = await office.one.call('GET', '/api/v1/who', { as: guess })
    expect([refused.status, refused.code, refused.reply.headers['retry-after']]).toEqual([429, 'RATE_LIMITED', '30'])
    expect(await who(`ecb_0123456789_${'a'.repeat(43)}`)).toBe('RATE_LIMITED')
    expect(await who(guess, office.two)).toBe('RATE_LIMITED')
    expect(await who(secret)).toBe(200)
    expect(await who(guess, office.one, '203.0.113.8')).toBe('TOKEN_INVALID')
  })

  test('is noted, once a minute', async () => {
    const { key, secret } = await make()
    const lastUse = async () => {
      await wait(50)
      const { body } = await office.one.call('GET', '/api/v1/admin/api-keys', { as: 'hyerim' })
      return body.keys.find(({ id }: { id: string }) => id === key.id).lastUsedAt
    }
    expect(await lastUse()).toBeUndefined()
    await who(secret)
    const first = await lastUse()
    expect(first).toBe(new Date(office.clock.time).toISOString())
    office.clock.time += 30_000
    await who(secret)
    await who(secret, office.two)
    expect(await lastUse()).toBe(first)
    office.clock.time += 31_000
    await who(secret)
    expect(await lastUse()).not.toBe(first)
  })

  test('opens the chat’s WebSocket', async () => {
    const { secret } = await make({ networks: ['127.0.0.1'] })
    await office.two.server.listen({ host: '127.0.0.1', port: 0 })
    const { port } = office.two.server.server.address() as AddressInfo
    const open = (headers: Record<string, string>) => new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, { headers })
    for (const headers of [{ 'x-api-key': secret }, { authorization: `Bearer ${secret}` }]) {
      const socket = open(headers as Record<string, string>)
      await once(socket, 'open')
      socket.send('who am I?')
      expect(String((await once(socket, 'message'))[0])).toBe('hyerim')
      socket.close()
    }
    const refused = open({ 'x-api-key': 'ecb_wrong' })
    const [, reply] = await once(refused, 'unexpected-response')
    expect(reply.statusCode).toBe(401)
  })
})

describe('what ends a key, here at once and elsewhere within 5 s', () => {
  const endsEverywhere = async (secret: string, end: () => Promise<unknown>, code: string | number) => {
    expect([await who(secret), await who(secret, office.two)]).toEqual([200, 200])
    await end()
    office.clock.time += 5_000
    expect([await who(secret), await who(secret, office.two)]).toEqual([code, code])
  }

  test('revoking', async () => {
    const { key, secret } = await make()
    await endsEverywhere(secret, () => revoke(key.id), 'API_KEY_REVOKED')
    const again = await make()
    expect(await who(again.secret)).toBe(200)
    await revoke(again.key.id)
    expect(await who(again.secret)).toBe('API_KEY_REVOKED')
    expect((await revoke('9b2f3f6e-6a3f-4a53-9c5d-0d6f4a6f2f10')).code).toBe('API_KEY_NOT_FOUND')
    expect((await office.one.call('POST', `/api/v1/admin/api-keys/${key.id}/rotate`, { as: 'hyerim' })).code).toBe(
      'API_KEY_NOT_IN_USE',
    )
  })

  test('is felt sooner by whoever needs to know sooner', async () => {
    const { key, secret } = await make()
    expect(await who(secret, office.two)).toBe(200)
    await revoke(key.id)
    office.clock.time += 1_000
    const { keys } = office.two
    await expect(keys.authenticate(secret, office.address)).resolves.toMatchObject({ key: { keyId: key.id } })
    await expect(keys.authenticate(secret, office.address, 1_000)).rejects.toThrow('API_KEY_REVOKED')
  })

  test('a disabled owner', async () => {
    const { secret } = await make({ ownerId: office.ids.minsu })
    await endsEverywhere(secret, () => office.setUser('minsu', { disabled: true }), 'ACCOUNT_DISABLED')
    await office.setUser('minsu', { disabled: false })
  })

  test('a role that the owner has lost, for that role', async () => {
    const { secret } = await make({ ownerId: office.ids.minsu, roles: ['employee', 'sales'] })
    const rolesNow = async () => (await office.two.call('GET', '/api/v1/who', { as: secret })).body.roles
    expect(await rolesNow()).toEqual(['employee', 'sales'])
    await office.setUser('minsu', { roles: ['employee', 'executive'] })
    office.clock.time += 5_000
    expect(await rolesNow()).toEqual(['employee'])
    await office.setUser('minsu', { roles: ['employee', 'sales'] })
  })

  test('its time', async () => {
    const { secret } = await make({ expiresAt: inDays(1) })
    expect(await who(secret)).toBe(200)
    office.clock.time += day
    expect(await who(secret)).toBe('API_KEY_EXPIRED')
  })

  test('a foreign network', async () => {
    const { secret } = await make({ networks: ['10.0.0.0/8', '2001:db8::/32'] })
    expect(await who(secret, office.one, '10.1.2.3')).toBe(200)
    expect(await who(secret, office.one, '2001:db8::1')).toBe(200)
    expect(await who(secret)).toBe('NETWORK_NOT_ALLOWED')
    const spoofed = { 'x-forwarded-for': '10.1.2.3' }
    expect((await office.one.call('GET', '/api/v1/who', { as: secret, headers: spoofed })).code).toBe(
      'NETWORK_NOT_ALLOWED',
    )
  })
})
