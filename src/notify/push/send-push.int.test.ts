import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { type Fault, type PeerOptions, startFcmPeer } from './fcm/fcm-peer-fixture.ts'
import { addManyDevices, notice, openPush } from './push-fixture.ts'
import { createFcmSender } from './push-sender.fcm.ts'
import { createSinkSender } from './push-sender.sink.ts'
import type { PushSender } from './push-sender.ts'
import { listSink } from './sink-records.ts'

let db: TestDatabase
let push: Awaited<ReturnType<typeof openPush>>

beforeEach(async () => {
  db = await createTestDatabase()
  push = await openPush(db.database)
})
afterEach(async () => {
  await push.close()
  await db.drop()
})

const metrics = { sessionEnded: () => undefined, retried: () => undefined }

async function sendTo(options: PeerOptions = {}, limits = {}) {
  const peer = await startFcmPeer(options)
  const sender = createFcmSender({ account: peer.account, endpoint: peer.url, metrics, limits })
  await sendWith(sender)
  onTestFinished(() => peer.close())
  return peer
}
async function sendWith(sender: PushSender) {
  const stop = await push.send(sender)
  onTestFinished(stop)
}
const settled = (id: string, state: string) => expect.poll(() => push.stateOf(id), { timeout: 20_000 }).toBe(state)

/** Somebody with one device whose token is their name. */
async function personWith(token: string, person: Parameters<typeof push.addPerson>[0] = {}) {
  const { id } = push.addPerson(person)
  const found = await push.register(id, { token })
  return { id, device: found === 'full' ? '' : found.device }
}

describe('whom a message is for', () => {
  test('are people, roles, departments, devices and topics, each device once; never those who are shut out', async () => {
    const minsu = await personWith('minsu-token', { roles: ['sales'], department: '국내영업팀' })
    const somi = await personWith('somi-token', { roles: ['finance'], department: '재무회계팀' })
    const jiho = await personWith('jiho-token', { department: '국내영업팀' })
    const gone = await personWith('gone-token', { roles: ['sales'], department: '국내영업팀', isActive: false })
    const subscribe = (topic: string, ...devices: string[]) =>
      db.database.kysely
        .transaction()
        .execute((transaction) => push.devices.subscribeAll(topic, { people: [], devices }, 100, transaction))
    await subscribe('stock', minsu.device, somi.device, gone.device)
    await subscribe('seoul', somi.device, jiho.device)
    const peer = await sendTo()
    const reached = async (target: object) => {
      const before = peer.state.taken.length
      const { push: id } = await push.request({ target })
      await settled(id, 'sent')
      return peer.tokensTaken().slice(before).toSorted()
    }
    expect(await reached({ users: [minsu.id, gone.id] })).toEqual(['minsu-token'])
    expect(await reached({ roles: ['sales'] })).toEqual(['minsu-token'])
    expect(await reached({ departments: ['국내영업팀'] })).toEqual(['jiho-token', 'minsu-token'])
    expect(await reached({ devices: [somi.device, gone.device] })).toEqual(['somi-token'])
    expect(await reached({ topics: ['stock'], users: [minsu.id] })).toEqual(['minsu-token', 'somi-token'])
    expect(await reached({ condition: "'stock' in topics && 'seoul' in topics" })).toEqual(['somi-token'])
    expect(await reached({ condition: "'seoul' in topics && !('stock' in topics)" })).toEqual(['jiho-token'])
  })

  test('may be nobody, which the record says', async () => {
    await sendTo()
    const { push: id } = await push.request({ target: { users: [randomUUID()] } })
    await settled(id, 'failed')
    expect(await push.store.read(id)).toMatchObject({ error: 'PUSH_NO_DEVICES', devices: {} })
  })
})

test('a device gets its own language, or the one there is', async () => {
  const { id } = push.addPerson()
  await push.register(id, { token: 'korean-token' })
  await push.register(id, { token: 'english-token', language: 'en' })
  const peer = await sendTo()
  const both = { ko: { title: '재고', body: '부족해요' }, en: { title: 'Stock', body: 'is low' } }
  await settled(
    (await push.request({ content: { ...notice, notification: both }, target: { users: [id] } })).push,
    'sent',
  )
  await settled((await push.request({ target: { users: [id] } })).push, 'sent')
  const titles = peer.state.taken.map(({ token, notification }) => `${token} ${notification?.title}`)
  expect(titles.toSorted()).toEqual([
    'english-token Stock',
    'english-token 재고 알림',
    'korean-token 재고',
    'korean-token 재고 알림',
  ])
})

describe('time', () => {
  test('a scheduled message waits, and can be cancelled while it does', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const later = await push.request({ target: { users: [minsu.id] }, sendAt: new Date(Date.now() + 2_500) })
    const never = await push.request({ target: { users: [minsu.id] }, sendAt: new Date(Date.now() + 2_000) })
    expect(await push.stateOf(later.push)).toBe('scheduled')
    const cancel = (id: string) => push.store.cancel(id, db.database.kysely)
    expect(await cancel(never.push)).toBe('cancelled')
    expect(await cancel(never.push)).toBe('over')
    expect(peer.state.taken).toEqual([])
    await settled(later.push, 'sent')
    expect(peer.state.taken.map(({ data }) => data.pushId)).toEqual([later.push])
    expect(await push.stateOf(never.push)).toBe('cancelled')
    expect(await cancel(later.push)).toBe('over')
    expect(await cancel(randomUUID())).toBeUndefined()
  })

  test('cancelled while it is being sent, no more of it goes', async () => {
    const { id } = push.addPerson()
    await addManyDevices(db.database, push, { userId: id, count: 300 })
    let sent = 0
    const { promise: isFirst, resolve } = Promise.withResolvers<void>()
    await sendWith({
      send: async () => {
        sent += 1
        resolve()
        await new Promise((done) => setTimeout(done, 50))
        return { providerId: 'x' }
      },
      concurrency: 2,
      close: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    })
    const { push: message } = await push.request({ target: { users: [id] } })
    await isFirst
    await push.store.cancel(message, db.database.kysely)
    await expect
      .poll(
        async () =>
          (await sql`select 1 from push_batches where claim is not null`.execute(db.database.kysely)).rows.length,
      )
      .toBe(0)
    const record = await push.store.read(message)
    expect(record?.state).toBe('cancelled')
    expect(record?.devices.sent).toBe(sent)
    expect(sent).toBeLessThan(100)
  })

  test('what its time to live is over for is not sent', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const { push: id } = await push.request({ content: { ...notice, ttlSeconds: 0 }, target: { users: [minsu.id] } })
    await settled(id, 'failed')
    expect(peer.state.taken).toEqual([])
    expect((await push.store.read(id))?.devices).toEqual({ expired: 1 })
  })
})

describe('once', () => {
  test('two requests of one person with the same key are one message', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const wish = { target: { users: [minsu.id] }, idempotencyKey: 'k' }
    const [first, second] = await Promise.all([push.request(wish), push.request(wish)])
    const other = await push.request({ ...wish, requestedBy: 'other' })
    expect(second.push).toBe(first.push)
    expect(other.push).not.toBe(first.push)
    await settled(first.push, 'sent')
    await settled(other.push, 'sent')
    expect(peer.state.taken).toHaveLength(2)
  })

  test('what causes it and does not come about sends nothing', async () => {
    const minsu = await personWith('minsu-token')
    await db.database.kysely
      .transaction()
      .execute(async (transaction) => {
        const { requestPush } = await import('./request-push.ts')
        const deps = { database: db.database, queue: push.queue, store: push.store, now: () => new Date() }
        await requestPush(deps, { content: notice, target: { users: [minsu.id] }, requestedBy: 'test' }, transaction)
        throw new Error('no')
      })
      .catch(() => undefined)
    expect(await push.store.list({ limit: 10 })).toEqual([])
    expect(await push.queue.depths()).toMatchObject([{ ready: 0 }, { ready: 0 }])
  })
})

describe('devices', () => {
  test('whose token is no good any more are removed, and only those', async () => {
    const { id } = push.addPerson()
    const faults: Record<string, Fault> = {
      'dead-token': { status: 404, errorCode: 'UNREGISTERED' },
      'odd-token': { status: 400, errorCode: 'INVALID_ARGUMENT', field: 'message.token' },
      'other-token': { status: 403, errorCode: 'SENDER_ID_MISMATCH' },
    }
    for (const token of ['live-token', ...Object.keys(faults)]) await push.register(id, { token, name: token })
    await sendTo({ fault: (token) => faults[token] })
    const { push: message } = await push.request({ target: { users: [id] } })
    await settled(message, 'sent')
    expect((await push.store.read(message))?.devices).toEqual({ sent: 1, unregistered: 2, failed: 1 })
    expect((await push.devices.listOf(id)).map(({ name }) => name)).toEqual(['live-token', 'other-token'])
    const rows = await push.store.listDeliveries(message, { limit: 10 })
    expect(rows.map(({ error }) => error).toSorted()).toEqual([
      'PUSH_SENDER_MISMATCH',
      'PUSH_TOKEN_INVALID',
      'PUSH_UNREGISTERED',
      null,
    ])
  })

  test('belong to whoever registered them last, with what the other had asked for', async () => {
    const minsu = await personWith('shared-token')
    const somi = push.addPerson()
    expect(await push.register(minsu.id, { token: 'shared-token' })).toEqual({ ...minsu, id: undefined, isNew: false })
    const { push: waiting } = await push.request({ target: { users: [minsu.id] } })
    expect(await push.register(somi.id, { token: 'shared-token' })).toMatchObject({
      isNew: true,
      replaced: minsu.device,
    })
    expect(await push.devices.listOf(minsu.id)).toEqual([])
    const peer = await sendTo()
    await settled(waiting, 'failed')
    expect(peer.state.taken).toEqual([])
  })

  test('are so many a person at most', async () => {
    const { id } = push.addPerson()
    const all = await Promise.all(Array.from({ length: 5 }, () => push.register(id, {}, 3)))
    expect(all.filter((one) => one === 'full')).toHaveLength(2)
  })
})

describe('a batch', () => {
  test('is one worker’s at a time, and the next one’s when that one has not been heard of', async () => {
    const { id } = push.addPerson()
    const registered = await Promise.all([push.register(id), push.register(id)])
    const [first = '', second = ''] = registered.map((one) => (one === 'full' ? '' : one.device)).toSorted()
    const { push: message } = await push.request({ target: { users: [id] } })
    const spread = () =>
      db.database.kysely
        .transaction()
        .execute((transaction) => push.store.spread(message, push.findPeople, transaction))
    expect(await spread()).toBe(1)
    // A message that is handed over a second time goes to nobody else.
    expect(await spread()).toBe(0)
    const claim = (leaseMs: number) => push.store.claimBatch({ push: message, batch: 0 }, leaseMs)
    const mine = await claim(200)
    if (typeof mine === 'string') throw new Error(mine)
    expect(mine.deliveries.map(({ device }) => device)).toEqual([first, second])
    expect(await claim(200)).toBe('busy')
    expect(await push.store.note(mine, [{ device: first, kind: 'sent', providerId: 'x' }], 300)).toBe(true)
    let theirs = await claim(60_000)
    expect(theirs).toBe('busy')
    await expect
      .poll(async () => {
        theirs = await claim(60_000)
        return typeof theirs
      })
      .toBe('object')
    // Only whom nobody has reached, and the first worker is told to stop.
    expect(theirs).toMatchObject({ deliveries: [{ device: second }] })
    expect(await push.store.note(mine, [], 300)).toBe(false)
    // What it sent all the same is known to be sent.
    expect(await push.store.note(mine, [{ device: second, kind: 'sent', providerId: 'y' }], 300)).toBe(false)
    expect((await push.store.read(message))?.devices).toEqual({ sent: 2 })
    expect(await push.store.release(mine, false)).toBe(0)
    expect(await claim(200)).toBe('busy')
    if (typeof theirs !== 'string') await push.store.release(theirs, false)
    expect(await push.stateOf(message)).toBe('sent')
    expect(await claim(200)).toBe('done')
  })
})

describe('a message that does not go', () => {
  test('waits for the operator when the project may not send, and goes when it is replayed', async () => {
    const minsu = await personWith('minsu-token')
    const state: { fault: Fault | undefined } = { fault: { status: 403 } }
    const peer = await sendTo({ fault: () => state.fault })
    const { push: id } = await push.request({ target: { users: [minsu.id] } })
    await expect.poll(async () => (await push.store.listDeliveries(id, { limit: 1 }))[0]?.error).toBe('PUSH_FORBIDDEN')
    expect((await push.store.read(id))?.devices).toEqual({ pending: 1 })
    // As if it had been tried too often.
    await sql`update pgboss.job set retry_count = retry_limit, start_after = now() where name = 'notify.push-batch'`.execute(
      db.database.kysely,
    )
    await settled(id, 'failed')
    expect((await push.store.read(id))?.devices).toEqual({ undelivered: 1 })
    state.fault = undefined
    const { replayPush } = await import('./replay-push.ts')
    await expect.poll(() => replayPush(push.queue.deadLetters, id)).toBe(1)
    await settled(id, 'sent')
    expect(peer.tokensTaken()).toEqual(['minsu-token'])
  }, 40_000)
})

test('without a provider what would be pushed is recorded, sealed', async () => {
  const minsu = await personWith('minsu-token')
  await sendWith(createSinkSender({ database: db.database, cipher: push.cipher }))
  const content = { ...notice, data: { path: '/stock' } }
  const { push: id } = await push.request({ content, target: { users: [minsu.id] } })
  await settled(id, 'sent')
  const deps = { kysely: db.database.kysely, cipher: push.cipher }
  expect(await listSink(deps, { limit: 10 })).toEqual([
    {
      ...{ record: expect.any(String), recordedAt: expect.any(Date), push: id, device: minsu.device },
      ...{ notification: notice.notification?.ko, data: { path: '/stock', pushId: id } },
    },
  ])
  expect(await listSink(deps, { limit: 10, push: randomUUID() })).toEqual([])
  for (const table of ['push_sink', 'push_messages', 'push_devices', 'push_deliveries']) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.id(table)} t`.execute(
      db.database.kysely,
    )
    // What is bytea is shown in hexadecimal digits.
    const plain = rows.map(({ text }) => text + Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex').toString('latin1'))
    for (const secret of ['minsu-token', '재고', 'stock']) expect(plain.join()).not.toContain(secret)
  }
})
