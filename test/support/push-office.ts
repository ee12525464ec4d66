import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFcmPeer } from '../../src/notify/push/fcm/fcm-peer-fixture.ts'
import { openOffice, type Person, type TestOffice } from './office.ts'

export type PushOffice = {
  office: TestOffice
  /** Registers a device for somebody; answers its token. */
  addDevice(person: Person): Promise<string>
  /** What has reached a device, oldest first. */
  reached(token: string): { title: string; body: string }[]
  close(): Promise<void>
}

/** The whole product with a peer in Firebase's place. */
export async function openPushOffice(): Promise<PushOffice> {
  const folder = await mkdtemp(join(tmpdir(), 'fcm-'))
  const peer = await startFcmPeer()
  const file = join(folder, 'account.json')
  await writeFile(file, peer.keyFile, { mode: 0o600 })
  const office = await openOffice('one', { given: { FCM_CREDENTIALS_FILE: file, FCM_ENDPOINT: peer.url } })
  return {
    office,
    addDevice: async (person) => {
      const token = `token-${randomUUID()}`
      const body = JSON.stringify({ token, platform: 'web', name: '크롬' })
      const { status } = await person.call('/api/v1/me/devices', { method: 'POST', body })
      if (status !== 200) throw new Error(`The device was not taken: ${status}`)
      return token
    },
    reached: (token) =>
      peer.state.taken
        .filter((message) => message.token === token)
        .map(({ notification }) => ({ title: notification?.title ?? '', body: notification?.body ?? '' })),
    close: async () => {
      await office.close()
      await peer.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
