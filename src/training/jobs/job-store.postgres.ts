import { randomUUID } from 'node:crypto'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'
import { type Job, type Lease, type Settings, steps } from './job.ts'
import { type JobRow, readJob, readSettingsRow, type StepRow, settingColumns } from './job-rows.ts'
import { type JobRequest, type JobStore, LeaseLost, type WriteAlso } from './job-store.ts'
import { takeJob } from './take-job.ts'

const order = sql`array_position(${sql.val([...steps])}::text[], step)`

/** Jobs and settings in our PostgreSQL. */
export function createPostgresJobStore({ kysely: db }: Database): JobStore {
  const read = async (jobId: string): Promise<Job> => {
    const [job] = await readJobs(db, sql`job_id = ${jobId}`, 1)
    if (!job) throw new AppError(trainingErrors.jobNotFound)
    return job
  }
  const readSettings = async (from: Kysely<unknown> = db): Promise<Settings> => {
    const { rows } = await sql<Record<string, unknown>>`select * from training_settings`.execute(from)
    return readSettingsRow(rows[0] ?? {})
  }
  return {
    open: async (request, also) => {
      const jobId = await db.transaction().execute(async (trx) => {
        const opened = await insertJob(trx, request, await readSettings(trx))
        if (opened !== undefined) await also?.(trx, opened)
        return opened
      })
      return jobId === undefined ? undefined : await read(jobId)
    },
    read,
    list: (limit) => readJobs(db, sql`true`, limit),
    countOpen: () => countOpen(db),
    cancel: async (jobId, also) => {
      const isOpen = await db.transaction().execute(async (trx) => {
        const { numAffectedRows = 0n } = await sql`
          update training_jobs set is_cancelled = true, resume_at = now()
          where job_id = ${jobId} and finished_at is null`.execute(trx)
        if (numAffectedRows > 0n) await also?.(trx)
        return numAffectedRows > 0n
      })
      if (!isOpen) throw new AppError((await read(jobId)) && trainingErrors.jobOver)
      return await read(jobId)
    },
    take: async (taker) => {
      const jobId = await takeJob(db, taker, await readSettings())
      return jobId === undefined ? undefined : { jobId, owner: taker.owner }
    },
    keep: async ({ jobId, owner }, leaseMs) => {
      const { rows } = await sql<{ is_cancelled: boolean }>`
        update training_jobs set lease_until = now() + make_interval(secs => ${leaseMs / 1000})
        where job_id = ${jobId} and lease_owner = ${owner} and finished_at is null returning is_cancelled`.execute(db)
      if (!rows[0]) return 'lost'
      return rows[0].is_cancelled ? 'cancelled' : 'held'
    },
    beginStep: (lease, step) =>
      underLease(db, lease, async (trx) => {
        await sql`update training_jobs set step = ${step} where job_id = ${lease.jobId}`.execute(trx)
        const { rows } = await sql<{ attempts: number }>`
          insert into training_job_steps as s (job_id, step, attempts) values (${lease.jobId}, ${step}, 1)
          on conflict (job_id, step) do update set attempts = s.attempts + 1 returning attempts`.execute(trx)
        return rows[0]?.attempts ?? 1
      }),
    noteProgress: (lease, step, progress) =>
      underLease(db, lease, async (trx) => {
        await sql`update training_job_steps set progress = ${progress}
          where job_id = ${lease.jobId} and step = ${step} and finished_at is null`.execute(trx)
      }),
    finishStep: (lease, step, result, also) =>
      underLease(db, lease, async (trx) => {
        await markFinished(trx, lease, { step, result })
        await also?.(trx as Parameters<WriteAlso>[0])
      }),
    wait: (lease, step, until, result) =>
      underLease(db, lease, async (trx) => {
        await sql`update training_job_steps set result = ${JSON.stringify(result)}, attempts = 0
          where job_id = ${lease.jobId} and step = ${step}`.execute(trx)
        await sql`update training_jobs set state = 'waiting', resume_at = ${until}, ${letGo}
          where job_id = ${lease.jobId}`.execute(trx)
      }),
    answer: (jobId, step, more, goesOn) =>
      db.transaction().execute(async (trx) => {
        const { numAffectedRows = 0n } = await sql`
          update training_jobs set resume_at = case when ${goesOn} then now() else resume_at end
          where job_id = ${jobId} and state = 'waiting' and step = ${step} and lease_owner is null`.execute(trx)
        if (numAffectedRows === 0n) return false
        await sql`update training_job_steps set result = coalesce(result, '{}') || ${JSON.stringify(more)}::jsonb
          where job_id = ${jobId} and step = ${step}`.execute(trx)
        return true
      }),
    end: (lease, { state, outcome, last }, also) =>
      underLease(db, lease, async (trx) => {
        if (last) await markFinished(trx, lease, last)
        await sql`update training_jobs set state = ${state}, outcome = ${JSON.stringify(outcome)}, finished_at = now(),
          ${letGo} where job_id = ${lease.jobId}`.execute(trx)
        // With their data sets; models stay as long as they are kept.
        await sql`delete from training_jobs where finished_at < now() - interval '90 days'`.execute(trx)
        await also?.(trx as Parameters<WriteAlso>[0])
      }),
    release: (lease, begun) =>
      underLease(db, lease, async (trx) => {
        await sql`update training_jobs set ${letGo} where job_id = ${lease.jobId}`.execute(trx)
        await sql`update training_job_steps set attempts = greatest(attempts - 1, 0)
          where job_id = ${lease.jobId} and step = ${begun ?? null} and finished_at is null`.execute(trx)
      }),
    readSettings: () => readSettings(),
    writeSettings: async (changes, also) => {
      await db.transaction().execute(async (trx) => {
        for (const [name, value] of Object.entries(changes))
          await sql`update training_settings set ${sql.ref(settingColumns[name as keyof Settings])} = ${value}`.execute(
            trx,
          )
        await also?.(trx)
      })
      return await readSettings()
    },
  }
}

async function markFinished(
  trx: Kysely<unknown>,
  { jobId }: Lease,
  done: { step: string; result: unknown },
): Promise<void> {
  await sql`update training_job_steps set progress = 1, result = ${JSON.stringify(done.result)}, finished_at = now()
    where job_id = ${jobId} and step = ${done.step}`.execute(trx)
}

const letGo: RawBuilder<unknown> = sql`lease_owner = null, lease_until = null, devices = '{}'`

/** Runs work in a transaction that holds the job's row and ends in nothing when the lease is another's by now. */
async function underLease<T>(
  db: Kysely<unknown>,
  lease: Lease,
  work: (trx: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  return await db.transaction().execute(async (trx) => {
    const { rows } =
      await sql`select 1 from training_jobs where job_id = ${lease.jobId} and lease_owner = ${lease.owner}
      and finished_at is null for update`.execute(trx)
    if (rows.length === 0) throw new LeaseLost(`The lease of training job ${lease.jobId} was lost`)
    return await work(trx)
  })
}

async function countOpen(db: Kysely<unknown>): ReturnType<JobStore['countOpen']> {
  const { rows } = await sql<{ state: string; step: string; count: number; due: number | null }>`
    select state, step, count(*)::integer as count, extract(epoch from now() - min(resume_at) filter
      (where resume_at <= now() and (lease_until is null or lease_until <= now())))::float8 as due
    from training_jobs where finished_at is null group by state, step`.execute(db)
  return { states: rows, oldestDueS: Math.max(0, ...rows.map(({ due }) => due ?? 0)) }
}

async function insertJob(trx: Kysely<unknown>, request: JobRequest, settings: Settings): Promise<string | undefined> {
  const { trigger, requestedBy, scheduledFor = null, trainer = settings.trainer, jobId = randomUUID() } = request
  const { rows } = await sql<{ job_id: string }>`
    insert into training_jobs (job_id, state, step, trigger, scheduled_for, requested_by, trainer)
    values (${jobId}, 'queued', 'collect', ${trigger}, ${scheduledFor}, ${requestedBy}, ${trainer})
    on conflict do nothing returning job_id`.execute(trx)
  return rows[0]?.job_id
}

async function readJobs(db: Kysely<unknown>, condition: RawBuilder<unknown>, limit: number): Promise<Job[]> {
  const { rows } = await sql<JobRow>`
    select * from training_jobs where ${condition} order by created_at desc, job_id limit ${limit}`.execute(db)
  const { rows: all } = await sql<StepRow>`
    select * from training_job_steps where job_id = any(${rows.map((row) => row.job_id)}::uuid[]) order by ${order}`.execute(
    db,
  )
  return rows.map((row) =>
    readJob(
      row,
      all.filter((step) => step.job_id === row.job_id),
    ),
  )
}
