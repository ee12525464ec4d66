import { type Kysely, sql } from 'kysely'
import { parseLsn } from './position.ts'

export type SlotState = {
  /** PostgreSQL drops what the slot needs: changes are lost. */
  isLost: boolean
  confirmedLsn: bigint
  /** Where the server writes now. */
  serverLsn: bigint
  /** Bytes that may still be written before the slot is lost; absent: without bound. */
  safeBytes?: number
  /** Bytes the server keeps for the slot. */
  keptBytes: number
  now: string
}

type SlotRow = {
  confirmed: string | null
  wal_status: string | null
  safe: string | null
  kept: string | null
  server: string
  now: Date
}

/** What the server says of a slot; undefined when there is none. */
export async function readSlot(db: Kysely<unknown>, slot: string): Promise<SlotState | undefined> {
  const { rows } = await sql<SlotRow>`
    select confirmed_flush_lsn::text as confirmed, wal_status, safe_wal_size::text as safe, pg_current_wal_lsn()::text as server,
      (pg_current_wal_lsn() - restart_lsn)::text as kept, clock_timestamp() as now
    from pg_replication_slots where slot_name = ${slot} and database = current_database()`.execute(db)
  const [row] = rows
  if (!row) return undefined
  return {
    isLost: row.wal_status === 'lost' || row.confirmed === null,
    confirmedLsn: parseLsn(row.confirmed ?? '0/0'),
    serverLsn: parseLsn(row.server),
    ...(row.safe === null ? {} : { safeBytes: Number(row.safe) }),
    keptBytes: Number(row.kept ?? 0),
    now: row.now.toISOString(),
  }
}

/** Makes the slot; its transactions are those that commit after the LSN it answers. Waits for transactions under way. */
export async function createSlot(db: Kysely<unknown>, slot: string): Promise<{ lsn: bigint; now: string }> {
  const { rows } = await sql<{ lsn: string; now: Date }>`
    select lsn::text, clock_timestamp() as now from pg_create_logical_replication_slot(${slot}, 'pgoutput')`.execute(db)
  const [row] = rows
  if (!row) throw new Error('The replication slot was not made')
  return { lsn: parseLsn(row.lsn), now: row.now.toISOString() }
}

/** Removes the slot, if it is there; ends a connection that still uses it, such as that of a worker cut off from us. */
export async function dropSlot(db: Kysely<unknown>, slot: string): Promise<void> {
  await sql`
    select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ${slot} and active_pid is not null`.execute(
    db,
  )
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { rows } = await sql<{ active: boolean }>`
      select active from pg_replication_slots where slot_name = ${slot}`.execute(db)
    if (rows.length === 0) return
    if (!rows[0]?.active) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await sql`
    select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${slot}`.execute(db)
}
