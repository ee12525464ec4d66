import { afterEach, beforeEach, expect, onTestFinished } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { type PeerOptions, startFcmPeer } from './fcm/fcm-peer-fixture.ts'
import { openPush } from './push-fixture.ts'
import { createFcmSender } from './push-sender.fcm.ts'
import type { PushSender } from './push-sender.ts'

const metrics = { sessionEnded: () => undefined, retried: () => undefined }

/** Push messages on a database of its own for each test of the file that calls this. */
export function openEachTime() {
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
  const sendWith = async (sender: PushSender) => {
    const stop = await push.send(sender)
    onTestFinished(stop)
  }
  return {
    database: () => db.database,
    push: () => push,
    sendWith,
    /** Sends from now on to a peer of the test's own. */
    sendTo: async (options: PeerOptions = {}, limits = {}) => {
      const peer = await startFcmPeer(options)
      await sendWith(createFcmSender({ account: peer.account, endpoint: peer.url, metrics, limits }))
      onTestFinished(() => peer.close())
      return peer
    },
    settled: (id: string, state: string) => expect.poll(() => push.stateOf(id), { timeout: 20_000 }).toBe(state),
    /** Somebody with one device whose token is their name. */
    personWith: async (token: string, person: Parameters<typeof push.addPerson>[0] = {}) => {
      const { id } = push.addPerson(person)
      const found = await push.register(id, { token })
      return { id, device: found === 'full' ? '' : found.device }
    },
  }
}
