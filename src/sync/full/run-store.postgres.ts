import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { fullSyncErrors } from './errors.ts'
import { type EntityRow, type RunRow, readEntityRun, readProgress, readRun } from './run-rows.ts'
import type { EntityEnd, Progress, RunStore } from './run-store.ts'
import type { RunRequest, SyncRun } from './sync-run.ts'

/** Keeps runs in our PostgreSQL; a unique index lets one be open at a time. */
export function createPostgresRunStore({ kysely: db }: Database): RunStore {
  const findOne = async (condition: ReturnType<typeof sql>) => (await readRuns(db, condition, 1))[0]
  async function read(run: string): Promise<SyncRun> {
    const found = await findOne(sql`run = ${run}`)
    if (!found) throw new AppError(fullSyncErrors.notFound)
    return found
  }
  return {
    open: async (request, also) => {
      const run = await db.transaction().execute(async (trx) => {
        const opened = await insertRun(trx, request)
        await also?.(trx)
        return opened
      })
      return await read(run)
    },
    findActive: () => findOne(sql`finished_at is null`),
    read,
    list: async (limit) => {
      const runs = await readRuns(db, sql`true`, limit)
      return runs.map((run) => ({ ...run, entities: run.entities.map((one) => ({ ...one, differences: [] })) }))
    },
    findLastWhole: () => findOne(sql`is_whole and finished_at is not null`),
    listFailures: () => listFailures(db),
    begin: async (run) => {
      await sql`update sync_runs set state = 'running' where run = ${run} and state = 'requested'`.execute(db)
    },
    cancel: async (run, also) => {
      const isCancelled = await db.transaction().execute(async (trx) => {
        const { numAffectedRows } = await sql`
          update sync_runs set state = 'cancelling' where run = ${run} and finished_at is null`.execute(trx)
        if (numAffectedRows) await also?.(trx)
        return Boolean(numAffectedRows)
      })
      if (!isCancelled) throw new AppError((await read(run)) && fullSyncErrors.over)
      return await read(run)
    },
    beginEntity: (run, entity, before) => beginEntity(db, run, entity, before),
    advance: async (run, entity, progress) => {
      const { rows } = await sql<{ state: string }>`
        update sync_run_entities e set pages = ${progress.pages}, read = ${progress.read}, progress = ${JSON.stringify(progress)}
        from sync_runs r where e.run = ${run} and e.entity = ${entity} and r.run = e.run
        returning r.state`.execute(db)
      return { isCancelled: rows[0]?.state !== 'running' }
    },
    markMerging: async (run, entity) => {
      await sql`update sync_run_entities set state = 'merging' where run = ${run} and entity = ${entity}`.execute(db)
    },
    endEntity: (run, entity, end) => endEntity(db, { run, entity }, end),
    end: (run, state, error) => db.transaction().execute((trx) => endRun(trx, { run, state, error })),
  }
}

async function insertRun(trx: Kysely<unknown>, request: RunRequest): Promise<string> {
  const run = randomUUID()
  const { trigger, requestedBy = null, entities, isForced, isWhole } = request
  const { rows } = await sql`
    insert into sync_runs (run, trigger, requested_by, state, started_at, is_forced, is_whole)
    values (${run}, ${trigger}, ${requestedBy}, 'requested', now(), ${isForced}, ${isWhole})
    on conflict ((true)) where finished_at is null do nothing
    returning run`.execute(trx)
  if (rows.length === 0) throw new AppError(fullSyncErrors.running)
  await sql`
    insert into sync_run_entities (run, entity, state, place)
    select ${run}, entity, 'waiting', place
    from unnest(${[...entities]}::text[]) with ordinality as asked (entity, place)`.execute(trx)
  return run
}

async function readRuns(db: Kysely<unknown>, condition: ReturnType<typeof sql>, limit: number): Promise<SyncRun[]> {
  const { rows } = await sql<RunRow>`
    select * from sync_runs where ${condition} order by started_at desc, run limit ${limit}`.execute(db)
  const { rows: entities } = await sql<EntityRow>`
    select * from sync_run_entities where run = any(${rows.map(({ run }) => run)}::uuid[]) order by place`.execute(db)
  return rows.map((row) => readRun(row, entities.filter(({ run }) => run === row.run).map(readEntityRun)))
}

/** The latest attempt at each entity, where it did not end well. */
async function listFailures(db: Kysely<unknown>): Promise<Map<string, { at: string; state: string }>> {
  const { rows } = await sql<{ entity: string; state: string; at: Date }>`
    select distinct on (entity) entity, state, finished_at as at
    from sync_run_entities where finished_at is not null order by entity, finished_at desc`.execute(db)
  const failed = rows.filter(({ state }) => state !== 'finished')
  return new Map(failed.map(({ entity, state, at }) => [entity, { at: at.toISOString(), state }]))
}

async function beginEntity(
  db: Kysely<unknown>,
  run: string,
  entity: string,
  before: number,
): Promise<Progress | undefined> {
  const { rows } = await sql<{ progress: unknown }>`
    update sync_run_entities set state = 'reading', before = ${before}
    where run = ${run} and entity = ${entity} returning progress`.execute(db)
  return readProgress(rows[0]?.progress)
}

async function endEntity(db: Kysely<unknown>, at: { run: string; entity: string }, end: EntityEnd): Promise<void> {
  const report = end.state === 'finished' ? end.report : undefined
  await sql`
    update sync_run_entities set state = ${end.state}, error = ${'error' in end ? (end.error ?? null) : null},
      added = ${report?.added ?? 0}, changed = ${report?.changed ?? 0}, removed = ${report?.removed ?? 0},
      kept = ${report?.kept ?? 0}, differences = ${report ? JSON.stringify(report.differences) : null}, finished_at = now()
    where run = ${at.run} and entity = ${at.entity}`.execute(db)
}

type RunEnd = { run: string; state: string; error: string | undefined }

/** Ends a run and what is still open in it, and forgets runs that nobody looks at any more. */
async function endRun(trx: Kysely<unknown>, { run, state, error }: RunEnd): Promise<void> {
  await sql`
    update sync_run_entities set state = 'cancelled', finished_at = now()
    where run = ${run} and finished_at is null`.execute(trx)
  await sql`
    update sync_runs set state = ${state}, error = ${error ?? null}, finished_at = now()
    where run = ${run} and finished_at is null`.execute(trx)
  await sql`
    delete from sync_runs where finished_at is not null and (started_at < now() - interval '90 days'
      or not is_whole and run not in (select run from sync_runs order by started_at desc limit 500))`.execute(trx)
}
