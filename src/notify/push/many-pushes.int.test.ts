import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { type Fault, startFcmPeer } from './fcm/fcm-peer-fixture.ts'
import { addManyDevices, openPush } from './push-fixture.ts'
import { createFcmSender } from './push-sender.fcm.ts'

/** What befalls the device of each number, at its first try: every kind of trouble in a tenth of ten thousand. */
function faultOf(index: number, tries: number): Fault | undefined {
  if (index % 200 === 7) return { status: 404, errorCode: 'UNREGISTERED' }
  if (index % 1_000 === 11) return { status: 400, errorCode: 'INVALID_ARGUMENT' }
  if (tries > 1) return undefined
  if (index % 1_000 === 500) return 'goaway'
  if (index === 2_345) return 'goaway-with-error'
  if (index === 7_654) return 'lose-connection'
  if (index % 2_000 === 123) return { status: 429, retryAfter: '1', errorCode: 'QUOTA_EXCEEDED' }
  if (index % 1_000 === 321) return { status: 503, retryAfter: '1', errorCode: 'UNAVAILABLE' }
  if (index % 100 === 42) return { status: 503, errorCode: 'UNAVAILABLE' }
  if (index % 100 === 77) return 'refuse'
  if (index % 100 === 88) return 'reset'
  return undefined
}
const numberOf = (token: string) => Number(token.slice('token-'.length))

test('ten thousand with every kind of trouble among them are all accounted for', async () => {
  await using db = await createTestDatabase()
  const push = await openPush(db.database)
  const peer = await startFcmPeer({ fault: (token, tries) => faultOf(numberOf(token), tries) })
  const ends: string[] = []
  const metrics = { sessionEnded: (why: string) => ends.push(why), retried: () => undefined }
  const { id: userId } = push.addPerson()
  const tokens = await addManyDevices(db.database, push, { userId, count: 10_000 })
  const stop = await push.send(createFcmSender({ account: peer.account, endpoint: peer.url, metrics }))
  onTestFinished(async () => {
    await stop()
    await push.close()
    await peer.close()
  })
  const { push: id } = await push.request({ target: { users: [userId] } })
  await expect.poll(() => push.stateOf(id), { timeout: 240_000, interval: 500 }).toBe('sent')
  const dead = tokens.filter((token) => numberOf(token) % 200 === 7)
  const refused = tokens.filter((token) => numberOf(token) % 1_000 === 11)
  const live = tokens.filter((token) => !dead.includes(token) && !refused.includes(token))
  expect((await push.store.read(id))?.devices).toEqual({ sent: live.length, unregistered: 50, failed: 10 })
  const taken = peer.tokensTaken()
  expect(new Set(taken)).toEqual(new Set(live))
  // Twice only what was under way on the two sessions that broke: nobody knows whether it went.
  expect(taken.length - live.length).toBeLessThanOrEqual(2 * 100)
  expect(peer.state.problems).toEqual([])
  // One session at a time: another only when one has ended.
  expect(ends.filter((why) => why === 'goaway').length).toBeGreaterThanOrEqual(10)
  expect(peer.state.sessions).toBe(ends.length + 1)
  const left = await push.devices.listOf(userId)
  expect(left).toHaveLength(10_000 - 50)
}, 300_000)

test('workers that are killed lose nothing, and what goes twice bears the same tag', async () => {
  await using db = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'push-kills-'))
  const keyFile = join(folder, 'key')
  const push = await openPush(db.database, { keyFile })
  const userId = randomUUID()
  const count = 2_000
  const tokens = await addManyDevices(db.database, push, { userId, count })
  const peer = await startFcmPeer()
  const workers: ChildProcess[] = []
  const start = async (place: number) => {
    const script = fileURLToPath(import.meta.resolve('./push-process-fixture.ts'))
    const args = [script, db.url, peer.url, keyFile, JSON.stringify(peer.account), userId]
    const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    workers[place] = worker
    await once(worker.stdout, 'data')
  }
  const kill = async (worker: ChildProcess | undefined) => {
    if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
    worker.kill('SIGKILL')
    await once(worker, 'exit')
  }
  onTestFinished(async () => {
    await Promise.all(workers.map(kill))
    await push.close()
    await peer.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { push: id } = await push.request({ target: { users: [userId] } })
  const reached = () => new Set(peer.tokensTaken()).size
  await Promise.all([start(0), start(1)])
  const kills = 4
  for (let killed = 0; killed < kills; killed++) {
    // In the midst of sending, each time.
    const before = reached()
    const giveUpAt = Date.now() + 30_000
    while (reached() < Math.min(before + 100, count) && Date.now() < giveUpAt) await wait(2)
    await kill(workers[killed % 2])
    await start(killed % 2)
  }
  await expect.poll(() => push.stateOf(id), { timeout: 90_000, interval: 500 }).toBe('sent')
  expect((await push.store.read(id))?.devices).toEqual({ sent: count })
  expect(new Set(peer.tokensTaken())).toEqual(new Set(tokens))
  // At most what one worker had under way and not noted, a kill.
  expect(peer.state.taken.length - count).toBeLessThanOrEqual(kills * 170)
  expect(new Set(peer.state.taken.map(({ android }) => android.notification?.tag))).toEqual(new Set([id]))
}, 200_000)
