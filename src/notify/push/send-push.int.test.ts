import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { notice } from './push-fixture.ts'
import { createSinkSender } from './push-sender.sink.ts'
import { openEachTime } from './send-push-fixture.ts'
import { listSink } from './sink-records.ts'

const { database, personWith, push, sendTo, sendWith, settled } = openEachTime()

describe('whom a message is for', () => {
  test('are people, roles, departments, devices and topics, each device once; never those who are shut out', async () => {
    const minsu = await personWith('minsu-token', { roles: ['sales'], department: '국내영업팀' })
    const somi = await personWith('somi-token', { roles: ['finance'], department: '재무회계팀' })
    const jiho = await personWith('jiho-token', { department: '국내영업팀' })
    const gone = await personWith('gone-token', { roles: ['sales'], department: '국내영업팀', isActive: false })
    const subscribe = (topic: string, ...devices: string[]) =>
      database()
        .kysely.transaction()
        .execute((transaction) => push().devices.subscribeAll(topic, { people: [], devices }, 100, transaction))
    await subscribe('stock', minsu.device, somi.device, gone.device)
    await subscribe('seoul', somi.device, jiho.device)
    const peer = await sendTo()
    const reached = async (target: object) => {
      const before = peer.state.taken.length
      const { push: id } = await push().request({ target })
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
    const { push: id } = await push().request({ target: { users: [randomUUID()] } })
    await settled(id, 'failed')
    expect(await push().store.read(id)).toMatchObject({ error: 'PUSH_NO_DEVICES', devices: {} })
  })
})

test('a device gets its own language, or the one there is', async () => {
  const { id } = push().addPerson()
  await push().register(id, { token: 'korean-token' })
  await push().register(id, { token: 'english-token', language: 'en' })
  const peer = await sendTo()
  const both = { ko: { title: '재고', body: '부족해요' }, en: { title: 'Stock', body: 'is low' } }
  await settled(
    (await push().request({ content: { ...notice, notification: both }, target: { users: [id] } })).push,
    'sent',
  )
  await settled((await push().request({ target: { users: [id] } })).push, 'sent')
  const titles = peer.state.taken.map(({ token, notification }) => `${token} ${notification?.title}`)
  expect(titles.toSorted()).toEqual([
    'english-token Stock',
    'english-token 재고 알림',
    'korean-token 재고',
    'korean-token 재고 알림',
  ])
})

describe('once', () => {
  test('two requests of one person with the same key are one message', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const wish = { target: { users: [minsu.id] }, idempotencyKey: 'k' }
    const [first, second] = await Promise.all([push().request(wish), push().request(wish)])
    const other = await push().request({ ...wish, requestedBy: 'other' })
    expect(second.push).toBe(first.push)
    expect(other.push).not.toBe(first.push)
    await settled(first.push, 'sent')
    await settled(other.push, 'sent')
    expect(peer.state.taken).toHaveLength(2)
  })

  test('what causes it and does not come about sends nothing', async () => {
    const minsu = await personWith('minsu-token')
    await database()
      .kysely.transaction()
      .execute(async (transaction) => {
        const { requestPush } = await import('./request-push.ts')
        const deps = { database: database(), queue: push().queue, store: push().store, now: () => new Date() }
        await requestPush(deps, { content: notice, target: { users: [minsu.id] }, requestedBy: 'test' }, transaction)
        throw new Error('no')
      })
      .catch(() => undefined)
    expect(await push().store.list({ limit: 10 })).toEqual([])
    expect(await push().queue.depths()).toMatchObject([{ ready: 0 }, { ready: 0 }])
  })
})

test('without a provider what would be pushed is recorded, sealed', async () => {
  const minsu = await personWith('minsu-token')
  await sendWith(createSinkSender({ database: database(), cipher: push().cipher }))
  const content = { ...notice, data: { path: '/stock' } }
  const { push: id } = await push().request({ content, target: { users: [minsu.id] } })
  await settled(id, 'sent')
  const deps = { kysely: database().kysely, cipher: push().cipher }
  expect(await listSink(deps, { limit: 10 })).toEqual([
    {
      ...{ record: expect.any(String), recordedAt: expect.any(Date), push: id, device: minsu.device },
      ...{ notification: notice.notification?.ko, data: { path: '/stock', pushId: id } },
    },
  ])
  expect(await listSink(deps, { limit: 10, push: randomUUID() })).toEqual([])
  for (const table of ['push_sink', 'push_messages', 'push_devices', 'push_deliveries']) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.id(table)} t`.execute(
      database().kysely,
    )
    // What is bytea is shown in hexadecimal digits.
    const plain = rows.map(({ text }) => text + Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex').toString('latin1'))
    for (const secret of ['minsu-token', '재고', 'stock']) expect(plain.join()).not.toContain(secret)
  }
})
