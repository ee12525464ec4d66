import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { TestOffice } from '../../support/office.ts'

type Body<T> = { body: T }
const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })

/** Push, from registering a device through queue and worker to the sink that stands in for Firebase. */
export function describePush(office: () => TestOffice): void {
  describe('push', () => {
    test('that an administrator requests reaches the devices of a department, and its record says so', async () => {
      const minsu = await office().signIn('minsu')
      const device = { token: `token-${randomUUID()}`, platform: 'web', name: '크롬' }
      const registered = await minsu.call('/api/v1/me/devices', post(device))
      expect(registered.status).toBe(200)
      const { device: id } = (registered.body as Body<{ device: string }>).body
      const hyerim = await office().signIn('hyerim')
      const wish = {
        notification: { ko: { title: '재고 <b>부족', body: 'A-100이 80개예요.' } },
        target: { departments: ['국내영업팀'] },
      }
      const { status, body } = await hyerim.call('/api/v1/notify/push', post(wish))
      expect(status).toBe(202)
      const { push } = (body as Body<{ push: string }>).body
      const read = async () => ((await hyerim.call(`/api/v1/notify/push/${push}`)).body as Body<object>).body
      await expect.poll(read, { timeout: 15_000 }).toMatchObject({ state: 'sent', devices: { sent: 1 } })
      expect((await hyerim.call(`/api/v1/notify/push-sink?push=${push}`)).body).toMatchObject({
        body: { records: [{ device: id, notification: wish.notification.ko, data: { pushId: push } }] },
      })
      expect((await minsu.call('/api/v1/notify/push', post(wish))).status).toBe(403)
      expect((await minsu.call(`/api/v1/me/devices/${id}`, { method: 'DELETE', body: '{}' })).status).toBe(200)
    })
  })
}
