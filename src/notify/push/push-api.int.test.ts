import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditEntry } from '#audit'
import { createPostgresActorNames, createPostgresUserStore } from '#auth'
import { addMasterKey, createFieldCipher, createFileKeyService, removeMasterKey } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, type MessageQueue } from '#platform/queue'
import { rewrapValues } from '#platform/rewrap'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { createPush, type Push, pushQueues, sealedPushColumns } from './index.ts'
import { silentLog as log } from './push-fixture.ts'

let db: TestDatabase
let queue: MessageQueue
let server: HttpServer
let push: Push
let sending: AsyncDisposable
const keyFile = join(mkdtempSync(join(tmpdir(), 'push-api-')), 'key')
const acts: AuditEntry[] = []
const ids: Record<string, string> = {}
const denied = { code: 'DENIED', kind: 'forbidden', ko: '안 돼요.', en: 'No.' } as const

beforeAll(async () => {
  db = await createTestDatabase()
  const { database } = db
  queue = await createPostgresQueue({ database, queues: pushQueues, log, metrics: createMetrics() })
  const users = createPostgresUserStore(database)
  for (const [subject, roles] of Object.entries({ hyerim: ['admin'], minsu: ['sales'], somi: ['employee'] } as const)) {
    const profile = {
      issuer: 'i',
      name: subject,
      department: '국내영업팀',
      email: '',
      language: null,
      roles: [...roles],
    }
    ids[subject] = (await users.saveSignIn({ ...profile, subject }, new Date())).userId
  }
  const record = async (_: unknown, entry: AuditEntry) => void acts.push(entry)
  push = createPush({
    ...{ database, queue, log, metrics: createMetrics(), fcm: undefined, findPeople: users.findActive },
    names: createPostgresActorNames(database),
    audit: { record: async (entry) => void acts.push(entry), recordWith: record },
    cipher: createFieldCipher(createFileKeyService(keyFile)),
  })
  sending = await push.startSending()
  const nameOf = (request: { headers: { authorization?: string | undefined } }) => request.headers.authorization ?? ''
  server = await createHttpServer({
    ...{ log, metrics: createMetrics(), publicUrl: 'http://localhost', readiness: {}, onCall: async () => undefined },
    guard: async (request, access) => {
      if (access !== 'signed-in' && nameOf(request) !== 'hyerim') throw new AppError(denied)
    },
    limits: { perActor: 1e6, perAddress: 1e6 },
  } as Parameters<typeof createHttpServer>[0])
  push.registerRoutes(server, { actorOf: (request) => ({ userId: ids[nameOf(request)] ?? '' }) })
})
afterAll(async () => {
  await server.close()
  await sending[Symbol.asyncDispose]()
  await queue.close()
  await db.drop()
})

async function call(as: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) {
  const reply = await server.inject({
    ...{
      method,
      url: `/api/v1${path}`,
      headers: { authorization: as, ...(body && { 'content-type': 'application/json' }) },
    },
    ...(body && { payload: JSON.stringify(body) }),
  })
  const { body: inner, error } = reply.json()
  return { status: reply.statusCode, body: inner, code: error?.code, message: error?.message }
}
const newDevice = (token = `token-${randomUUID()}`) => ({ token, platform: 'android' })
const hello = { notification: { ko: { title: '안녕', body: '하세요' } } }
const register = async (as: string, device: object = newDevice()): Promise<string> =>
  (await call(as, 'POST', '/me/devices', device)).body.device
const settled = (id: string) =>
  expect.poll(async () => (await call('hyerim', 'GET', `/notify/push/${id}`)).body.state, { timeout: 15_000 })

describe('one’s own devices', () => {
  test('are registered, listed and removed; nobody sees or touches another’s', async () => {
    const token = `token-${randomUUID()}`
    const device = await register('minsu', { ...newDevice(token), name: '민수 휴대폰' })
    expect(
      await call('minsu', 'POST', '/me/devices', { ...newDevice(token), name: '새 이름', language: 'en' }),
    ).toMatchObject({ status: 200, body: { device, isNew: false } })
    const { body } = await call('minsu', 'GET', '/me/devices')
    expect(body.devices).toMatchObject([{ device, name: '새 이름', language: 'en', platform: 'android', topics: [] }])
    expect(JSON.stringify(body)).not.toContain(token)
    expect((await call('somi', 'GET', '/me/devices')).body.devices).toEqual([])
    expect(await call('somi', 'DELETE', `/me/devices/${device}`)).toMatchObject({ code: 'PUSH_DEVICE_UNKNOWN' })
    expect(await call('somi', 'PUT', `/me/devices/${device}/topics/stock`)).toMatchObject({ status: 404 })
    expect(await call('minsu', 'PUT', `/me/devices/${device}/topics/stock`)).toMatchObject({ status: 200 })
    expect((await call('hyerim', 'GET', '/notify/topics')).body.topics).toEqual([{ topic: 'stock', devices: 1 }])
    expect(await call('minsu', 'DELETE', `/me/devices/${device}/topics/stock`)).toMatchObject({ status: 200 })
    expect(await call('minsu', 'DELETE', `/me/devices/${device}`)).toMatchObject({ status: 200 })
    expect(await call('minsu', 'DELETE', `/me/devices/${device}`)).toMatchObject({ status: 404 })
    const mine = acts.filter(({ actorId, details }) => actorId === ids.minsu && details.device === device)
    expect(mine.map(({ action }) => action)).toEqual([
      'push-device.register',
      'push-topic.subscribe',
      'push-topic.unsubscribe',
      'push-device.remove',
    ])
    expect(mine[1]).toMatchObject({ details: { device }, personal: { topic: 'stock' } })
    expect(JSON.stringify(acts)).not.toContain(token)
    expect(JSON.stringify(acts.map(({ details }) => details))).not.toContain('stock')
  })

  test('are twenty at most', async () => {
    for (let count = 0; count < 20; count++) await register('somi')
    const refused = await call('somi', 'POST', '/me/devices', newDevice())
    expect(refused).toMatchObject({ status: 409, code: 'PUSH_DEVICE_LIMIT', message: expect.stringContaining('20') })
    await sql`delete from push_devices where user_id = ${ids.somi}`.execute(db.database.kysely)
  })
})

describe('sending', () => {
  test('is for those who may notify only', async () => {
    const paths = [
      ['GET', '/notify/push'],
      ['POST', '/notify/push'],
      ['GET', `/notify/push/${randomUUID()}`],
      ['GET', `/notify/push/${randomUUID()}/devices`],
      ['POST', `/notify/push/${randomUUID()}/cancel`],
      ['POST', `/notify/push/${randomUUID()}/replay`],
      ['GET', '/notify/push-sink'],
      ['GET', '/notify/topics'],
      ['GET', '/notify/devices'],
      ['POST', '/notify/topics/stock/subscribe'],
      ['POST', '/notify/topics/stock/unsubscribe'],
    ] as const
    for (const [method, path] of paths)
      expect([path, (await call('minsu', method, path, method === 'POST' ? {} : undefined)).status]).toEqual([
        path,
        403,
      ])
  })

  test('reaches whom it is for, and its record says so', async () => {
    const device = await register('minsu')
    const subscribed = await call('hyerim', 'POST', '/notify/topics/news/subscribe', { roles: ['sales'] })
    expect(subscribed.body).toEqual({ topic: 'news', devices: 1 })
    const wish = {
      ...hello,
      data: { path: '/stock' },
      target: { condition: "'news' in topics" },
      idempotencyKey: 'once',
    }
    const first = await call('hyerim', 'POST', '/notify/push', wish)
    expect(first).toMatchObject({ status: 202, body: { isNew: true } })
    const { push: id } = first.body
    expect((await call('hyerim', 'POST', '/notify/push', wish)).body).toEqual({ push: id, isNew: false })
    await settled(id).toBe('sent')
    const detail = (await call('hyerim', 'GET', `/notify/push/${id}`)).body
    expect(detail).toMatchObject({
      ...{ kind: 'combined', notification: hello.notification, data: { path: '/stock' }, devices: { sent: 1 } },
      target: { condition: "'news' in topics", users: [] },
    })
    expect((await call('hyerim', 'GET', `/notify/push/${id}/devices`)).body.devices).toMatchObject([
      { device, state: 'sent', attempts: 1 },
    ])
    const { records } = (await call('hyerim', 'GET', `/notify/push-sink?push=${id}`)).body
    expect(records).toMatchObject([{ push: id, device, notification: { title: '안녕' }, data: { path: '/stock' } }])
    expect(acts.filter(({ action, details }) => action === 'push.request' && details.push === id)).toHaveLength(1)
    expect((await call('hyerim', 'POST', `/notify/push/${id}/cancel`)).code).toBe('PUSH_ALREADY_OVER')
    expect((await call('hyerim', 'POST', `/notify/push/${id}/replay`)).body).toEqual({ replayed: 0 })
  })

  test('can be for later, and cancelled until then', async () => {
    const sendAt = new Date(Date.now() + 3_600_000).toISOString()
    const { push: id } = (
      await call('hyerim', 'POST', '/notify/push', { ...hello, target: { roles: ['sales'] }, sendAt })
    ).body
    expect((await call('hyerim', 'GET', `/notify/push/${id}`)).body).toMatchObject({
      state: 'scheduled',
      dueAt: sendAt,
    })
    expect((await call('hyerim', 'POST', `/notify/push/${id}/cancel`)).body.state).toBe('cancelled')
    expect(acts.at(-1)).toMatchObject({ action: 'push.cancel', actorId: ids.hyerim, details: { push: id } })
    const list = async (query: string) => (await call('hyerim', 'GET', `/notify/push?${query}`)).body
    expect((await list('state=cancelled')).messages.map((one: { push: string }) => one.push)).toEqual([id])
    const page = await list('limit=1')
    expect((await list(`limit=1&after=${page.next}`)).messages).not.toEqual(page.messages)
    expect((await call('hyerim', 'GET', '/notify/push?after=zzz')).code).toBe('NOTIFY_CURSOR_INVALID')
  })

  test('over a limit or malformed is refused by name', async () => {
    const target = { roles: ['sales'] }
    const codeOf = async (wish: object) => (await call('hyerim', 'POST', '/notify/push', { target, ...wish })).code
    const large = { notification: { ko: { title: '가', body: '나'.repeat(1_400) } } }
    const refused = await call('hyerim', 'POST', '/notify/push', { target, ...large })
    expect(refused).toMatchObject({ status: 400, code: 'PUSH_TOO_LARGE', message: expect.stringContaining('4096') })
    expect(await codeOf({})).toBe('PUSH_EMPTY')
    expect(await codeOf({ ...hello, target: {} })).toBe('PUSH_TARGET_MISSING')
    expect(await codeOf({ ...hello, target: { condition: 'x' } })).toBe('PUSH_CONDITION_INVALID')
    const six = Array.from({ length: 6 }, (_, index) => `'t${index}' in topics`).join(' || ')
    expect(await codeOf({ ...hello, target: { condition: six } })).toBe('PUSH_CONDITION_TOO_LONG')
    expect(await codeOf({ ...hello, sendAt: '2020-01-01T00:00:00Z' })).toBe('PUSH_TIME_INVALID')
    for (const key of ['from', 'google.x', 'gcm.y', 'message_type', 'pushId', '__proto__', 'a b', '']) {
      const data = JSON.parse(`{${JSON.stringify(key)}: "x"}`)
      expect([key, await codeOf({ ...hello, data })]).toEqual([key, expect.stringMatching(/^BAD_(REQUEST|JSON)$/)])
    }
    for (const collapseKey of ['a\r\nx: y', 'a b', 'x'.repeat(65)])
      expect(await codeOf({ ...hello, collapseKey })).toBe('BAD_REQUEST')
  })

  test('takes whatever people write as text, in every field', async () => {
    const odd = `'; drop table push_devices; -- <b>{{x}}</b> =1+1 "}]} \u202e\u2028 \\u0000`
    const device = await register('minsu', { ...newDevice(), name: odd })
    const data = { note: `${odd}\u0000\r\n` }
    const wish = { notification: { en: { title: odd, body: `${odd}\n\u0000\ud800` } }, data }
    const { body } = await call('hyerim', 'POST', '/notify/push', {
      ...wish,
      target: { devices: [device], departments: [odd] },
    })
    await settled(body.push).toBe('sent')
    const [record] = (await call('hyerim', 'GET', `/notify/push-sink?push=${body.push}`)).body.records
    expect(record).toMatchObject({ notification: { title: odd }, data: { note: data.note, pushId: body.push } })
    const { devices } = (await call('minsu', 'GET', '/me/devices')).body
    expect(devices.find((one: { device: string }) => one.device === device).name).toBe(odd)
    const status = async (path: string, what: object) => (await call('hyerim', 'POST', path, what)).status
    for (const bad of ['a\u0000b', 'a\r\nb']) {
      expect(await status('/notify/push', { ...hello, target: { departments: [bad] } })).toBe(400)
      expect(await status('/notify/push', { ...hello, target: { roles: [bad] } })).toBe(400)
      expect(await status('/notify/push', { ...hello, target: { topics: [bad] } })).toBe(400)
      expect(await status('/notify/push', { ...hello, target: { roles: ['a'] }, idempotencyKey: bad })).toBe(400)
      expect(await status('/me/devices', { ...newDevice(), name: bad })).toBe(400)
      expect(await status('/me/devices', newDevice(`token-${bad}`))).toBe(400)
      expect(await status(`/notify/topics/${encodeURIComponent(bad)}/subscribe`, {})).toBe(400)
    }
  })
})

test('browsers are told of no web app where none is set up', async () => {
  expect((await call('somi', 'GET', '/push/web-app')).body).toEqual({ app: null })
})

describe('looking after push', () => {
  test('everybody’s devices are listed by whose they are, without their tokens; a message’s devices say the same', async () => {
    const token = `token-${randomUUID()}`
    const device = await register('somi', { ...newDevice(token), platform: 'web', name: '소미 크롬' })
    const reply = await call('hyerim', 'GET', '/notify/devices?person=somi')
    expect(reply.body.devices).toMatchObject([{ person: 'somi', platform: 'web', name: '소미 크롬', topics: [] }])
    for (const own of [token, device]) expect(JSON.stringify(reply)).not.toContain(own)
    const first = (await call('hyerim', 'GET', '/notify/devices?limit=1')).body
    expect(first.devices[0].name).toBe('소미 크롬')
    const rest = (await call('hyerim', 'GET', `/notify/devices?after=${first.next}`)).body.devices
    expect(rest.map((one: { name?: string }) => one.name)).not.toContain('소미 크롬')
    expect((await call('hyerim', 'GET', '/notify/devices?person=nobody')).body.devices).toEqual([])
    expect((await call('hyerim', 'GET', '/notify/devices?person=a%00b')).status).toBe(400)
    const { push: id } = (await call('hyerim', 'POST', '/notify/push', { ...hello, target: { devices: [device] } }))
      .body
    await settled(id).toBe('sent')
    const shown = () => call('hyerim', 'GET', `/notify/push/${id}/devices`)
    expect((await shown()).body.devices).toMatchObject([{ device, person: 'somi', platform: 'web', name: '소미 크롬' }])
    await call('somi', 'DELETE', `/me/devices/${device}`)
    const [left] = (await shown()).body.devices
    expect(Object.keys(left).toSorted()).toEqual(['attempts', 'device', 'sentAt', 'state'])
  })

  test('messages are found by their time, and the sink is read page by page', async () => {
    const device = await register('somi')
    for (const _ of [1, 2]) {
      const wish = { ...hello, target: { devices: [device] } }
      await settled((await call('hyerim', 'POST', '/notify/push', wish)).body.push).toBe('sent')
    }
    const list = async (query: string) => (await call('hyerim', 'GET', `/notify/push?${query}`)).body.messages.length
    expect(await list(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toBe(0)
    expect(await list(`to=${new Date(Date.now() + 60_000).toISOString()}`)).toBeGreaterThan(1)
    const first = (await call('hyerim', 'GET', '/notify/push-sink?limit=1')).body
    const second = (await call('hyerim', 'GET', `/notify/push-sink?limit=1&after=${first.next}`)).body
    expect(second.records).toHaveLength(1)
    expect(second.records[0].record).not.toBe(first.records[0].record)
  })
})

test('sealed anew under another master key, it can be read without the old one', async () => {
  const device = await register('minsu', { ...newDevice(), name: '오래된 기기' })
  const { body } = await call('hyerim', 'POST', '/notify/push', { ...hello, target: { devices: [device] } })
  await settled(body.push).toBe('sent')
  const oldId = await createFileKeyService(keyFile).currentKeyId()
  await addMasterKey(keyFile)
  const keys = createFileKeyService(keyFile)
  const tools = { database: db.database, keys, cipher: createFieldCipher(keys), columns: sealedPushColumns }
  const sealed = new Map<string, number>()
  await rewrapValues(tools, (report) => void sealed.set(`${report.table}.${report.column}`, report.sealed))
  expect([...sealed.keys()].toSorted()).toEqual(
    sealedPushColumns.map(({ table, column }) => `${table}.${column}`).toSorted(),
  )
  expect(Math.min(...sealed.values())).toBeGreaterThan(0)
  await removeMasterKey(keyFile, oldId)
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  for (const { table, column, rowKey } of sealedPushColumns) {
    const { rows } = await sql<{ row: string; sealed: Buffer }>`
      select ${sql.ref(rowKey)}::text as row, ${sql.ref(column)} as sealed from ${sql.table(table)}
      where ${sql.ref(column)} is not null`.execute(db.database.kysely)
    for (const { row, sealed: value } of rows) expect(await cipher.decrypt(value, { table, column, row })).not.toBe('')
  }
})
