import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { createKeyedHash } from '../../keyed-hash.ts'
import { namePlace } from '../sealed-columns.ts'
import type { Device, DeviceFilter, DeviceStore } from './device-store.ts'
import { findDevices, listDevices } from './list-devices.ts'
import { registerDevice } from './register-device.ts'

type Deps = { database: Database; cipher: FieldCipher }
type Row = Omit<Device, 'name'> & { name: Buffer | null }

/** Devices in our PostgreSQL: tokens and names are sealed, and a device is found by the keyed hash of its token. */
export function createPostgresDeviceStore({ database: { kysely }, cipher }: Deps): DeviceStore {
  const hashToken = createKeyedHash(kysely, cipher, 'push_hash_key')
  return {
    register: (userId, device, most, within) => registerDevice({ cipher, hashToken }, userId, { device, most }, within),
    listOf: async (userId) =>
      await Promise.all((await readDevices(kysely, userId)).map((row) => openName(cipher, row))),
    list: (filter) => listDevices({ kysely, cipher }, filter),
    find: (devices) => findDevices({ kysely, cipher }, devices),
    remove: async (userId, device, within) => {
      const removed = await sql`
        delete from push_devices where device = ${device} and user_id = ${userId}`.execute(within)
      return removed.numAffectedRows === 1n
    },
    subscribe: async ({ userId, device }, topic, most, within) => {
      if (!(await lockDevice(within, userId, device))) return 'unknown'
      const { rows } = await sql<{ topic: string }>`
        select topic from push_topics where device = ${device}`.execute(within)
      if (rows.some((row) => row.topic === topic)) return 'subscribed'
      if (rows.length >= most) return 'full'
      await sql`insert into push_topics (topic, device) values (${topic}, ${device})`.execute(within)
      return 'subscribed'
    },
    unsubscribe: async ({ userId, device }, topic, within) => {
      if (!(await lockDevice(within, userId, device))) return false
      await sql`delete from push_topics where topic = ${topic} and device = ${device}`.execute(within)
      return true
    },
    subscribeAll: async (topic, filter, most, within) => {
      const changed = await sql`
        insert into push_topics (topic, device) select ${topic}, d.device from push_devices d
        where ${isMeant(filter)} and (select count(*) from push_topics t where t.device = d.device) < ${most}
        on conflict do nothing`.execute(within)
      return Number(changed.numAffectedRows ?? 0n)
    },
    unsubscribeAll: async (topic, filter, within) => {
      const changed = await sql`
        delete from push_topics t using push_devices d
        where t.topic = ${topic} and t.device = d.device and ${isMeant(filter)}`.execute(within)
      return Number(changed.numAffectedRows ?? 0n)
    },
    listTopics: async (most) => {
      const { rows } = await sql<{ topic: string; devices: number }>`
        select topic, count(*)::integer as devices from push_topics group by topic order by topic limit ${most}`.execute(
        kysely,
      )
      return rows
    },
  }
}

const isMeant = ({ people, devices }: DeviceFilter) =>
  sql`(d.user_id = any(${people}::uuid[]) or d.device = any(${devices}::uuid[]))`

/** Whether the person has the device; nobody else changes its topics until the transaction's end. */
async function lockDevice(db: Transaction<unknown>, userId: string, device: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from push_devices where device = ${device} and user_id = ${userId} for update`.execute(db)
  return rows.length > 0
}

async function readDevices(kysely: Kysely<unknown>, userId: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select d.device, d.platform, d.name, d.language, d.registered_at as "registeredAt", d.seen_at as "seenAt",
      array(select topic from push_topics t where t.device = d.device order by topic) as topics
    from push_devices d where d.user_id = ${userId} order by d.registered_at, d.device`.execute(kysely)
  return rows
}

async function openName(cipher: FieldCipher, { name, ...row }: Row): Promise<Device> {
  return { ...row, name: name && (await cipher.decrypt(name, namePlace(row.device))) }
}
