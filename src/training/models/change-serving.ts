import { type Kysely, type RawBuilder, sql } from 'kysely'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'
import type { WriteAlso } from '../jobs/job-store.ts'
import { type DeploymentRow, readDeployment, readServingRow } from './model-rows.ts'
import {
  type Deployment,
  type ModelStore,
  type Serving,
  servingChannel,
  type TrialRequest,
  type WhichTrial,
} from './model-store.ts'

type ServingStore = Pick<
  ModelStore,
  | 'readServing'
  | 'deploy'
  | 'startTrial'
  | 'endTrial'
  | 'endTrialWithin'
  | 'readTrial'
  | 'rollback'
  | 'readWatched'
  | 'takeBack'
  | 'listDeployments'
  | 'addShadowCounts'
>

/** What serves and how it came to, in our PostgreSQL. */
export function createServing(db: Kysely<unknown>): ServingStore {
  return {
    readServing: () => readServing(db),
    deploy: ({ modelId, by, reason, jobId, watchUntil }, also) =>
      change(db, also, async (trx, { modelId: replaced }) => {
        await serve(trx, modelId)
        return { kind: 'full', modelId, replaced, share: 1, deployedBy: by, reason, jobId, watchUntil }
      }),
    startTrial: (request, also) => change(db, also, (trx, serving) => putOnTrial(trx, serving, request)),
    endTrial: (which, also) => change(db, also, (trx, serving) => endTrial(trx, serving, which)),
    endTrialWithin: (within, which) => changeWithin(within, undefined, (trx, serving) => endTrial(trx, serving, which)),
    readTrial: () => readTrial(db),
    rollback: ({ by, reason }, also) =>
      change(db, also, async (trx, { modelId: replaced }) => {
        const last = await findReplaced(trx, replaced)
        if (!last) throw new AppError(trainingErrors.nothingToRollBack)
        await serve(trx, last.replaced)
        return { kind: 'rollback', modelId: last.replaced, replaced, share: 1, deployedBy: by, reason }
      }),
    readWatched: () => readWatched(db),
    takeBack: async ({ deploymentId, modelId: replaced, replaced: modelId }, reason, also) => {
      let isTaken = false
      await change(db, also, async (trx) => {
        // Somebody may have deployed another one, or gone back, since the deployment was looked at.
        if ((await readWatched(trx))?.deploymentId !== deploymentId) return undefined
        await serve(trx, modelId)
        isTaken = true
        return { kind: 'rollback', modelId, replaced, share: 1, deployedBy: null, reason }
      })
      return isTaken
    },
    listDeployments: (limit) => readDeployments(db, sql`true`, limit),
    addShadowCounts: async (deploymentId, { readings, dropped, failed, otherIntent, otherQuery, otherConfidence }) => {
      await sql`insert into training_shadow_readings as s
        (deployment_id, readings, dropped, failed, other_intent, other_query, other_confidence)
        select deployment_id, ${readings}, ${dropped}, ${failed}, ${otherIntent}, ${otherQuery}, ${otherConfidence}
        from training_deployments where deployment_id = ${deploymentId}
        on conflict (deployment_id) do update set readings = s.readings + excluded.readings,
          dropped = s.dropped + excluded.dropped, failed = s.failed + excluded.failed,
          other_intent = s.other_intent + excluded.other_intent, other_query = s.other_query + excluded.other_query,
          other_confidence = s.other_confidence + excluded.other_confidence`.execute(db)
    },
  }
}

type Change = Pick<Deployment, 'kind' | 'modelId' | 'replaced' | 'share' | 'deployedBy'> & {
  reason?: string | undefined
  jobId?: string | undefined
  watchUntil?: Date | undefined
}
type MakeChange = (trx: Kysely<unknown>, serving: Serving) => Promise<Change | undefined>

/** Changes what serves, one change at a time, and writes it down; nothing when `work` finds nothing to change. */
async function change(db: Kysely<unknown>, also: WriteAlso | undefined, work: MakeChange): Promise<Serving> {
  return await db.transaction().execute((trx) => changeWithin(trx, also, work))
}

async function changeWithin(trx: Kysely<unknown>, also: WriteAlso | undefined, work: MakeChange): Promise<Serving> {
  await sql`select 1 from training_serving for update`.execute(trx)
  const done = await work(trx, await readServing(trx))
  if (!done) return await readServing(trx)
  await sql`update training_serving set revision = revision + 1`.execute(trx)
  await sql`
    insert into training_deployments (kind, model_id, replaced, share, reason, deployed_by, job_id, watch_until)
    values (${done.kind}, ${done.modelId}, ${done.replaced}, ${done.share}, ${done.reason ?? null}, ${done.deployedBy},
      ${done.jobId ?? null}, ${done.watchUntil ?? null})`.execute(trx)
  const serving = await readServing(trx)
  await sql`select pg_notify(${servingChannel}, ${serving.revision})`.execute(trx)
  await also?.(trx as Parameters<WriteAlso>[0])
  return serving
}

const noTrial: RawBuilder<unknown> = sql`canary_id = null, canary_share = 0, shadow_id = null, shadow_share = 0`

/** One model for all questions. */
async function serve(trx: Kysely<unknown>, modelId: string | null): Promise<void> {
  await checkExists(trx, modelId)
  await sql`update training_serving set model_id = ${modelId}, ${noTrial}`.execute(trx)
}

async function putOnTrial(
  trx: Kysely<unknown>,
  { modelId: replaced }: Serving,
  { kind, modelId, share, by, reason, jobId }: TrialRequest,
): Promise<Change> {
  await checkExists(trx, modelId)
  await sql`update training_serving set ${noTrial}`.execute(trx)
  const [id, part] = [sql.ref(`${kind}_id`), sql.ref(`${kind}_share`)]
  await sql`update training_serving set ${id} = ${modelId}, ${part} = ${share}`.execute(trx)
  return { kind, modelId, replaced, share, deployedBy: by, reason, jobId }
}

async function endTrial(
  trx: Kysely<unknown>,
  { modelId: replaced }: Serving,
  { deploymentId, jobId, by = null, reason }: WhichTrial,
): Promise<Change | undefined> {
  const trial = await readTrial(trx)
  const isMeant = trial && (trial.deploymentId === deploymentId || (jobId !== undefined && trial.jobId === jobId))
  if (!isMeant) return undefined
  await sql`update training_serving set ${noTrial}`.execute(trx)
  const of = trial.jobId ?? undefined
  return { kind: 'withdrawal', modelId: trial.modelId, replaced, share: 0, deployedBy: by, reason, jobId: of }
}

export async function readServing(db: Kysely<unknown>): Promise<Serving> {
  const { rows } = await sql<Parameters<typeof readServingRow>[0]>`select * from training_serving`.execute(db)
  return readServingRow(rows[0])
}

async function readDeployments(db: Kysely<unknown>, condition: RawBuilder<unknown>, limit: number) {
  const { rows } = await sql<DeploymentRow>`
    select d.*, case when s.deployment_id is not null then json_build_object('readings', s.readings,
      'dropped', s.dropped, 'failed', s.failed, 'otherIntent', s.other_intent, 'otherQuery', s.other_query,
      'otherConfidence', s.other_confidence) end as shadow
    from training_deployments d left join training_shadow_readings s using (deployment_id)
    where ${condition} order by deployment_id desc limit ${limit}`.execute(db)
  return rows.map(readDeployment)
}

/** Every change ends a trial: while there is one, the last change is its beginning. */
async function readTrial(db: Kysely<unknown>): Promise<Deployment | undefined> {
  const { canaryId, shadowId } = await readServing(db)
  if (canaryId === null && shadowId === null) return undefined
  return (await readDeployments(db, sql`true`, 1))[0]
}

async function readWatched(db: Kysely<unknown>): Promise<Deployment | undefined> {
  const came = sql`d.kind in ('full', 'rollback') and d.model_id is distinct from d.replaced`
  const [last] = await readDeployments(db, came, 1)
  return last?.kind === 'full' ? last : undefined
}

/** What the deployment replaced by which a model came into service; undefined for one that never came. */
export async function findReplaced(
  db: Kysely<unknown>,
  modelId: string | null,
): Promise<{ replaced: string | null } | undefined> {
  const { rows } = await sql<{ replaced: string | null }>`
    select replaced from training_deployments where kind = 'full' and model_id is not distinct from ${modelId}
      and replaced is distinct from ${modelId}
    order by deployment_id desc limit 1`.execute(db)
  return rows[0]
}

async function checkExists(db: Kysely<unknown>, modelId: string | null): Promise<void> {
  if (modelId === null) return
  const { rows } = await sql`select 1 from training_models where model_id = ${modelId} for key share`.execute(db)
  if (rows.length === 0) throw new AppError(trainingErrors.modelNotFound)
}
