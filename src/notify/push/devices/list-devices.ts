import { type Kysely, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import { namePlace } from '../sealed-columns.ts'
import type { ListedDevice } from './device-store.ts'

type Deps = { kysely: Kysely<unknown>; cipher: FieldCipher }
type Row = Omit<ListedDevice, 'name'> & { name: Buffer | null }

/** Everybody's devices, or those of `users`, the one seen last first. Nothing of their tokens. */
export async function listDevices(
  { kysely, cipher }: Deps,
  {
    users,
    limit,
    after,
  }: { users?: string[] | undefined; limit: number; after?: { at: Date; id: string } | undefined },
): Promise<ListedDevice[]> {
  const isOf = users ? sql`d.user_id = any(${users}::uuid[])` : sql`true`
  const isAfter = after ? sql`(d.seen_at, d.device) < (${after.at}, ${after.id})` : sql`true`
  const { rows } = await sql<Row>`
    select d.device, d.user_id as "userId", d.platform, d.name, d.language, d.registered_at as "registeredAt", d.seen_at as "seenAt",
      array(select topic from push_topics t where t.device = d.device order by topic) as topics
    from push_devices d where ${isOf} and ${isAfter} order by d.seen_at desc, d.device desc limit ${limit}`.execute(
    kysely,
  )
  return await Promise.all(rows.map((row) => openName(cipher, row)))
}

/** Those of `devices` that are registered, by their id. */
export async function findDevices(
  { kysely, cipher }: Deps,
  devices: readonly string[],
): Promise<Map<string, Pick<ListedDevice, 'userId' | 'platform' | 'name'>>> {
  const { rows } = await sql<Pick<Row, 'device' | 'userId' | 'platform' | 'name'>>`
    select device, user_id as "userId", platform, name from push_devices where device = any(${[...devices]}::uuid[])`.execute(
    kysely,
  )
  const opened = await Promise.all(rows.map((row) => openName(cipher, row)))
  return new Map(opened.map(({ device, ...facts }) => [device, facts]))
}

async function openName<T extends { device: string; name: Buffer | null }>(cipher: FieldCipher, { name, ...row }: T) {
  return { ...row, name: name && (await cipher.decrypt(name, namePlace(row.device))) }
}
