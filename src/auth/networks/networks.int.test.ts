import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelopeOf } from '#platform/envelope'
import { startKeyServers } from '../api-keys/key-server-fixture.ts'
import { networkRulesSchema } from './api.ts'

let office: Awaited<ReturnType<typeof startKeyServers>>
const inOffice = '10.1.2.3'
const atHome = '198.51.100.4'

beforeAll(async () => {
  office = await startKeyServers()
})
afterAll(() => office.close())
beforeEach(() => {
  office.clock.time += 60_000
  office.trail.entries.length = 0
})
afterEach(async () => {
  office.trail.fails = false
  for (const subject of ['administration', 'admin', 'employee', 'executive']) await set(subject, [])
})

const set = async (subject: string, networks: string[], { from = inOffice, confirm = false } = {}) =>
  await office.one.call('PUT', `/api/v1/admin/networks/${subject}`, { as: 'hyerim', from, body: { networks, confirm } })
const who = async (login: string, from: string, at = office.one) => {
  const { code, body } = await at.call('GET', '/api/v1/who', { as: login, from })
  return code ?? body.roles.join(' ')
}

describe('a rule', () => {
  test('for a role leaves the others, here at once and elsewhere within 5 s', async () => {
    expect(await who('minsu', atHome, office.two)).toBe('employee sales')
    const reply = await set('sales', ['10.0.0.0/8', '::ffff:192.168.0.0/112'])
    expect(envelopeOf(networkRulesSchema).safeParse(reply.reply.json()).error).toBeUndefined()
    expect(reply.body.rules.find((rule: { subject: string }) => rule.subject === 'sales')).toMatchObject({
      networks: ['10.0.0.0/8', '192.168.0.0/16'],
      changedBy: office.ids.hyerim,
    })
    expect(reply.body.yourAddress).toBe(inOffice)
    expect(await who('minsu', atHome)).toBe('employee')
    office.clock.time += 5_000
    expect(await who('minsu', atHome, office.two)).toBe('employee')
    expect(await who('minsu', '192.168.7.7', office.two)).toBe('employee sales')
    await set('sales', [])
    expect(await who('minsu', atHome)).toBe('employee sales')
  })

  test('that leaves no role refuses with its name and the caller’s address', async () => {
    await set('executive', ['10.0.0.0/8'])
    const { status, reply } = await office.one.call('GET', '/api/v1/who', {
      ...{ as: 'jiwon', from: atHome, headers: { 'accept-language': 'en' } },
    })
    expect(status).toBe(403)
    expect(reply.json().error.message).toContain('198.51.100.4')
    expect(reply.json().error.message).toContain('Restricted: executive')
  })

  test('for the administration holds on every route that needs a permission', async () => {
    await set('administration', ['10.0.0.0/8'])
    for (const url of ['/api/v1/admin/networks', '/api/v1/admin/api-keys', '/api/v1/work']) {
      expect((await office.one.call('GET', url, { as: 'hyerim', from: inOffice })).status).toBe(200)
      expect((await office.one.call('GET', url, { as: 'hyerim', from: atHome })).code).toBe('NETWORK_NOT_ALLOWED')
    }
    expect(await who('hyerim', atHome)).toBe('employee admin')
  })

  test('believes no header that a caller makes up', async () => {
    await set('executive', ['10.0.0.0/8'])
    for (const name of [
      'x-forwarded-for',
      'forwarded',
      'x-real-ip',
      'client-ip',
      'true-client-ip',
      'cf-connecting-ip',
    ]) {
      const headers = { [name]: name === 'forwarded' ? 'for=10.1.2.3' : '10.1.2.3' }
      const { code } = await office.one.call('GET', '/api/v1/who', { as: 'jiwon', from: atHome, headers })
      expect([name, code]).toEqual([name, 'NETWORK_NOT_ALLOWED'])
    }
  })
})

describe('a change', () => {
  test.each([
    ['the administration', 'administration'],
    ['one’s own role', 'admin'],
  ])('of %s that would shut its author out is refused unless confirmed', async (_, subject) => {
    const refused = await set(subject, ['192.168.0.0/16'])
    expect([refused.status, refused.code]).toEqual([409, 'NETWORK_LOCKS_YOU_OUT'])
    expect((await set(subject, ['10.1.0.0/16'])).status).toBe(200)
    expect((await set(subject, ['192.168.0.0/16', '10.1.0.0/16'], { confirm: true })).status).toBe(200)
    expect((await set(subject, ['192.168.0.0/16'], { confirm: true })).status).toBe(200)
    expect((await set(subject, [])).code).toBe('NETWORK_NOT_ALLOWED')
    expect((await set(subject, [], { from: '192.168.1.1' })).status).toBe(200)
  })

  test('of a role that is not one’s own shuts nobody out', async () => {
    expect((await set('executive', ['192.168.0.0/16'])).status).toBe(200)
  })

  test('is on record with what was before; what cannot be is not done', async () => {
    await set('executive', ['10.0.0.0/8'])
    await set('executive', ['10.1.0.0/16'])
    expect(office.trail.entries.at(-1)).toMatchObject({
      ...{ actorId: office.ids.hyerim, action: 'networks.set', outcome: 'ok', ip: inOffice },
      details: { subject: 'executive', nowCount: 1, wasCount: 1, staysIn: true },
      personal: { now: ['10.1.0.0/16'], was: ['10.0.0.0/8'] },
    })
    office.trail.fails = true
    expect((await set('executive', [])).code).toBe('AUDIT_UNAVAILABLE')
    expect(await who('jiwon', atHome)).toBe('NETWORK_NOT_ALLOWED')
  })

  test('must be of networks and of known subjects, by those who may', async () => {
    expect((await set('executive', ['10.1.2.3/8'])).status).toBe(400)
    expect((await set('executive', ['example.com'])).status).toBe(400)
    expect((await set('everyone', ['10.0.0.0/8'])).status).toBe(400)
    expect((await office.one.call('GET', '/api/v1/admin/networks', { as: 'minsu' })).code).toBe('FORBIDDEN')
  })
})

test('rules that cannot be read let nobody in', async () => {
  const { kysely } = office.database
  await kysely.schema.alterTable('network_rules').renameTo('network_rules_away').execute()
  office.clock.time += 5_000
  expect(await who('minsu', inOffice)).toBe('AUTH_UNAVAILABLE')
  await kysely.schema.alterTable('network_rules_away').renameTo('network_rules').execute()
  expect(await who('minsu', inOffice)).toBe('employee sales')
})
