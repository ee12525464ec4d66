import { describe, expect, test } from 'vitest'
import type { Fault } from './fcm/fcm-peer-fixture.ts'
import { openEachTime } from './send-push-fixture.ts'

const { database, personWith, push, sendTo, settled } = openEachTime()

describe('devices', () => {
  test('whose token is no good any more are removed, and only those', async () => {
    const { id } = push().addPerson()
    const faults: Record<string, Fault> = {
      'dead-token': { status: 404, errorCode: 'UNREGISTERED' },
      'odd-token': { status: 400, errorCode: 'INVALID_ARGUMENT', field: 'message.token' },
      'other-token': { status: 403, errorCode: 'SENDER_ID_MISMATCH' },
    }
    for (const token of ['live-token', ...Object.keys(faults)]) await push().register(id, { token, name: token })
    await sendTo({ fault: (token) => faults[token] })
    const { push: message } = await push().request({ target: { users: [id] } })
    await settled(message, 'sent')
    expect((await push().store.read(message))?.devices).toEqual({ sent: 1, unregistered: 2, failed: 1 })
    expect((await push().devices.listOf(id)).map(({ name }) => name)).toEqual(['live-token', 'other-token'])
    const rows = await push().store.listDeliveries(message, { limit: 10 })
    expect(rows.map(({ error }) => error).toSorted()).toEqual([
      'PUSH_SENDER_MISMATCH',
      'PUSH_TOKEN_INVALID',
      'PUSH_UNREGISTERED',
      null,
    ])
  })

  test('belong to whoever registered them last, with what the other had asked for', async () => {
    const minsu = await personWith('shared-token')
    const somi = push().addPerson()
    expect(await push().register(minsu.id, { token: 'shared-token' })).toEqual({
      ...minsu,
      id: undefined,
      isNew: false,
    })
    const { push: waiting } = await push().request({ target: { users: [minsu.id] } })
    expect(await push().register(somi.id, { token: 'shared-token' })).toMatchObject({
      isNew: true,
      replaced: minsu.device,
    })
    expect(await push().devices.listOf(minsu.id)).toEqual([])
    const peer = await sendTo()
    await settled(waiting, 'failed')
    expect(peer.state.taken).toEqual([])
  })

  test('are so many a person at most', async () => {
    const { id } = push().addPerson()
    const all = await Promise.all(Array.from({ length: 5 }, () => push().register(id, {}, 3)))
    expect(all.filter((one) => one === 'full')).toHaveLength(2)
  })
})

describe('a batch', () => {
  test('is one worker’s at a time, and the next one’s when that one has not been heard of', async () => {
    const { id } = push().addPerson()
    const registered = await Promise.all([push().register(id), push().register(id)])
    const [first = '', second = ''] = registered.map((one) => (one === 'full' ? '' : one.device)).toSorted()
    const { push: message } = await push().request({ target: { users: [id] } })
    const spread = () =>
      database()
        .kysely.transaction()
        .execute((transaction) => push().store.spread(message, push().findPeople, transaction))
    expect(await spread()).toBe(1)
    // A message that is handed over a second time goes to nobody else.
    expect(await spread()).toBe(0)
    const claim = (leaseMs: number) => push().store.claimBatch({ push: message, batch: 0 }, leaseMs)
    const mine = await claim(200)
    if (typeof mine === 'string') throw new Error(mine)
    expect(mine.deliveries.map(({ device }) => device)).toEqual([first, second])
    expect(await claim(200)).toBe('busy')
    expect(await push().store.note(mine, [{ device: first, kind: 'sent', providerId: 'x' }], 300)).toBe(true)
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
    expect(await push().store.note(mine, [], 300)).toBe(false)
    // What it sent all the same is known to be sent.
    expect(await push().store.note(mine, [{ device: second, kind: 'sent', providerId: 'y' }], 300)).toBe(false)
    expect((await push().store.read(message))?.devices).toEqual({ sent: 2 })
    expect(await push().store.release(mine, false)).toBe(0)
    expect(await claim(200)).toBe('busy')
    if (typeof theirs !== 'string') await push().store.release(theirs, false)
    expect(await push().stateOf(message)).toBe('sent')
    expect(await claim(200)).toBe('done')
  })
})
