import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue } from '#platform/queue'
import { createPostgresDeviceStore } from './devices/device-store.postgres.ts'
import type { NewDevice } from './devices/device-store.ts'
import type { PushContent } from './push-content.ts'
import { createPushMetrics } from './push-metrics.ts'
import { batchQueue, pushQueue, pushQueues } from './push-queue.ts'
import type { PushSender } from './push-sender.ts'
import { createPostgresPushStore } from './push-store.postgres.ts'
import type { PushState } from './push-store.ts'
import type { FindPeople } from './push-target.ts'
import { type PushRequest, requestPush } from './request-push.ts'
import { createBatchSender } from './send-batch.ts'
import { createPushSpreader } from './spread-push.ts'

export const silentLog = createLogger({ level: 'silent', role: 'test' })
const newKeyFile = () => join(mkdtempSync(join(tmpdir(), 'push-')), 'key')

export const notice: PushContent = {
  notification: { ko: { title: '재고 알림', body: 'A-100이 80개예요.' } },
  priority: 'high',
  ttlSeconds: 3_600,
}

/** Push messages on a database of the test's own: stores and queue of the product, people as the test says. */
export async function openPush(database: Database, { keyFile = newKeyFile(), leaseMs = 15_000 } = {}) {
  const cipher = createFieldCipher(createFileKeyService(keyFile))
  const queue = await createPostgresQueue({ database, queues: pushQueues, log: silentLog, metrics: createMetrics() })
  const store = createPostgresPushStore({ database, cipher })
  const devices = createPostgresDeviceStore({ database, cipher })
  const people: { id: string; roles: string[]; department: string; isActive: boolean }[] = []
  const findPeople: FindPeople = async ({ users, roles, departments }) =>
    people
      .filter(({ isActive }) => isActive)
      .filter(
        (one) =>
          users.includes(one.id) ||
          one.roles.some((role) => roles.includes(role)) ||
          departments.includes(one.department),
      )
      .map(({ id }) => id)
  const addPerson = (one: Partial<(typeof people)[number]> = {}) => {
    const person = { id: randomUUID(), roles: ['employee'], department: '물류팀', isActive: true, ...one }
    people.push(person)
    return person
  }
  const register = (userId: string, device: Partial<NewDevice> = {}, most = 20) =>
    database.kysely
      .transaction()
      .execute((transaction) =>
        devices.register(
          userId,
          { token: `token-${randomUUID()}`, platform: 'android', language: 'ko', ...device },
          most,
          transaction,
        ),
      )
  const request = (wish: Partial<PushRequest> = {}) =>
    requestPush({ database, queue, store, now: () => new Date() }, {
      content: notice,
      requestedBy: 'test',
      ...wish,
    } as PushRequest)
  const send = async (sender: PushSender) => {
    const spread = createPushSpreader({ store, queue, findPeople })
    const metrics = createPushMetrics(createMetrics())
    const sendBatch = createBatchSender({ store, sender, metrics, log: silentLog, leaseMs })
    const spreading = await queue.consume(pushQueue, { prefetch: 2 }, spread)
    const sending = await queue.consume(batchQueue, { prefetch: 2, drainMs: 5_000 }, sendBatch)
    return async () => {
      await Promise.all([spreading.close(), sending.close()])
      await sender.close()
    }
  }
  const stateOf = async (push: string): Promise<PushState | undefined> => (await store.read(push))?.state
  return {
    ...{ cipher, queue, store, devices, people, findPeople, addPerson, register, request, send, stateOf, keyFile },
    close: () => queue.close(),
  }
}

/** Puts many devices of one person in at once. Answers their tokens, `token-0` and so on. */
export async function addManyDevices(
  database: Database,
  { cipher }: Pick<Awaited<ReturnType<typeof openPush>>, 'cipher'>,
  { userId, count }: { userId: string; count: number },
): Promise<string[]> {
  const tokens = Array.from({ length: count }, (_, index) => `token-${index}`)
  for (let from = 0; from < count; from += 2_000) {
    const rows = await Promise.all(
      tokens.slice(from, from + 2_000).map(async (token) => {
        const device = randomUUID()
        const sealed = await cipher.encrypt(token, { table: 'push_devices', column: 'token', row: device })
        return { device, token: sealed.toString('hex'), hash: Buffer.from(token).toString('hex') }
      }),
    )
    await sql`
      insert into push_devices (device, user_id, token, token_hash, platform, language)
      select device, ${userId}, decode(token, 'hex'), decode(hash, 'hex'), 'android', 'ko'
      from json_to_recordset(${JSON.stringify(rows)}::json) as n (device uuid, token text, hash text)`.execute(
      database.kysely,
    )
  }
  return tokens
}
