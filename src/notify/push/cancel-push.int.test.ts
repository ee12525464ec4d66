import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Fault } from './fcm/fcm-peer-fixture.ts'
import { addManyDevices, notice } from './push-fixture.ts'
import { replayPush } from './replay-push.ts'
import { openEachTime } from './send-push-fixture.ts'

const { database, personWith, push, sendTo, sendWith, settled } = openEachTime()

describe('time', () => {
  test('a scheduled message waits, and can be cancelled while it does', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const later = await push().request({ target: { users: [minsu.id] }, sendAt: new Date(Date.now() + 2_500) })
    const never = await push().request({ target: { users: [minsu.id] }, sendAt: new Date(Date.now() + 2_000) })
    expect(await push().stateOf(later.push)).toBe('scheduled')
    const cancel = (id: string) => push().store.cancel(id, database().kysely)
    expect(await cancel(never.push)).toBe('cancelled')
    expect(await cancel(never.push)).toBe('over')
    expect(peer.state.taken).toEqual([])
    await settled(later.push, 'sent')
    expect(peer.state.taken.map(({ data }) => data.pushId)).toEqual([later.push])
    expect(await push().stateOf(never.push)).toBe('cancelled')
    expect(await cancel(later.push)).toBe('over')
    expect(await cancel(randomUUID())).toBeUndefined()
  })

  test('cancelled while it is being sent, no more of it goes', async () => {
    const { id } = push().addPerson()
    await addManyDevices(database(), push(), { userId: id, count: 300 })
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
    const { push: message } = await push().request({ target: { users: [id] } })
    await isFirst
    await push().store.cancel(message, database().kysely)
    await expect
      .poll(
        async () =>
          (await sql`select 1 from push_batches where claim is not null`.execute(database().kysely)).rows.length,
      )
      .toBe(0)
    const record = await push().store.read(message)
    expect(record?.state).toBe('cancelled')
    expect(record?.devices.sent).toBe(sent)
    expect(sent).toBeLessThan(100)
  })

  test('what its time to live is over for is not sent', async () => {
    const minsu = await personWith('minsu-token')
    const peer = await sendTo()
    const { push: id } = await push().request({ content: { ...notice, ttlSeconds: 0 }, target: { users: [minsu.id] } })
    await settled(id, 'failed')
    expect(peer.state.taken).toEqual([])
    expect((await push().store.read(id))?.devices).toEqual({ expired: 1 })
  })
})

describe('a message that does not go', () => {
  const endTries = () =>
    sql`update pgboss.job set retry_count = retry_limit, start_after = now() where name = 'notify.push-batch'`.execute(
      database().kysely,
    )

  test('waits for the operator when the project may not send, and goes when it is replayed', async () => {
    const minsu = await personWith('minsu-token')
    const state: { fault: Fault | undefined } = { fault: { status: 403 } }
    const peer = await sendTo({ fault: () => state.fault })
    const { push: id } = await push().request({ target: { users: [minsu.id] } })
    await expect
      .poll(async () => (await push().store.listDeliveries(id, { limit: 1 }))[0]?.error)
      .toBe('PUSH_FORBIDDEN')
    expect((await push().store.read(id))?.devices).toEqual({ pending: 1 })
    // As if it had been tried too often.
    await endTries()
    await settled(id, 'failed')
    expect((await push().store.read(id))?.devices).toEqual({ undelivered: 1 })
    state.fault = undefined
    await expect.poll(() => replayPush(push().queue.deadLetters, id)).toBe(1)
    await settled(id, 'sent')
    expect(peer.tokensTaken()).toEqual(['minsu-token'])
  }, 40_000)

  test('and is cancelled then, is not sent by a replay, either', async () => {
    const minsu = await personWith('minsu-token')
    const state: { fault: Fault | undefined } = { fault: { status: 403 } }
    const peer = await sendTo({ fault: () => state.fault })
    const { push: id } = await push().request({ target: { users: [minsu.id] } })
    await expect
      .poll(async () => (await push().store.listDeliveries(id, { limit: 1 }))[0]?.error)
      .toBe('PUSH_FORBIDDEN')
    await endTries()
    await settled(id, 'failed')
    expect(await push().store.cancel(id, database().kysely)).toBe('cancelled')
    expect(await push().store.read(id)).toMatchObject({ state: 'cancelled', devices: { cancelled: 1 } })
    expect(await push().store.cancel(id, database().kysely)).toBe('over')
    state.fault = undefined
    await expect.poll(() => replayPush(push().queue.deadLetters, id)).toBe(1)
    const [spread, batches] = [0, 1]
    await expect
      .poll(async () => {
        const depths = await push().queue.depths()
        return [depths[spread], depths[batches]].map((depth) => (depth?.ready ?? 0) + (depth?.delayed ?? 0))
      })
      .toEqual([0, 0])
    expect(peer.tokensTaken()).toEqual([])
    expect(await push().stateOf(id)).toBe('cancelled')
  }, 40_000)

  test('of which some batches are given up is cancelled whole, and what a replay has taken in hand is not sent', async () => {
    const { id: user } = push().addPerson()
    await push().register(user)
    await push().register(user)
    const { push: id } = await push().request({ target: { users: [user] } })
    await database()
      .kysely.transaction()
      .execute((transaction) => push().store.spread(id, push().findPeople, transaction))
    await sql`update push_deliveries set state = 'undelivered' where device = (select min(device::text)::uuid from push_deliveries)`.execute(
      database().kysely,
    )
    expect(await push().store.cancel(id, database().kysely)).toBe('cancelled')
    expect((await push().store.read(id))?.devices).toEqual({ cancelled: 2 })
    // As a worker leaves it that noted its outcomes just before.
    await sql`update push_deliveries set state = 'undelivered'`.execute(database().kysely)
    expect(await push().store.claimBatch({ push: id, batch: 0 }, 1_000)).toBe('done')
    expect(await push().stateOf(id)).toBe('cancelled')
  })
})
