import { type Kysely, sql } from 'kysely'
import type { Settings } from './job.ts'
import type { Taker } from './job-store.ts'

/** Who takes a job counts those that are taken: one at a time. */
const takeLock = 7_146_201_170

/**
 * Leases the oldest job that can be worked on and returns its id. The limit of jobs and the devices are counted over all workers, and
 * what a dead one held counts until its lease has run out.
 */
export async function takeJob(
  db: Kysely<unknown>,
  { owner, leaseMs, devices }: Taker,
  settings: Pick<Settings, 'concurrency' | 'devices'>,
): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(takeLock)})`.execute(trx)
    const { rows: leased } = await sql<{ devices: string[] }>`
      select devices from training_jobs where lease_until > now()`.execute(trx)
    if (leased.length >= settings.concurrency) return undefined
    const taken = new Set(leased.flatMap((job) => job.devices))
    const free = devices.filter((device) => !taken.has(device))
    if (free.length < settings.devices) return undefined
    const { rows } = await sql<{ job_id: string }>`
      update training_jobs set state = 'running', lease_owner = ${owner}, devices = ${free.slice(0, settings.devices)},
        lease_until = now() + make_interval(secs => ${leaseMs / 1000})
      where job_id = (
        select job_id from training_jobs where finished_at is null and resume_at <= now()
          and (lease_until is null or lease_until <= now())
        order by created_at, job_id limit 1)
      returning job_id`.execute(trx)
    return rows[0]?.job_id
  })
}
