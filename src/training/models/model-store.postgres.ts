import { createHash } from 'node:crypto'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'
import type { WriteAlso } from '../jobs/job-store.ts'
import { type DeploymentRow, type ModelRow, readDeployment, readModel, readServingRow } from './model-rows.ts'
import { type Deployment, type ModelStore, type ModelVersion, type Serving, servingChannel } from './model-store.ts'

const idLength = 16

/** Models in our PostgreSQL. */
export function createPostgresModelStore({ kysely: db }: Database): ModelStore {
  const read = async (modelId: string): Promise<ModelVersion> => {
    const [model] = await readModels(db, sql`m.model_id = ${modelId}`, 1)
    if (!model) throw new AppError(trainingErrors.modelNotFound)
    return model
  }
  return {
    add: async (model, content) => {
      const sha256 = createHash('sha256').update(content).digest('hex')
      const modelId = sha256.slice(0, idLength)
      await sql`
        insert into training_models (model_id, sha256, file, size, trainer, code_version, dataset_hash, parent, job_id, created_by)
        values (${modelId}, ${sha256}, ${content}, ${content.length}, ${model.trainer}, ${model.codeVersion},
          ${model.datasetHash}, ${model.parent}, ${model.jobId}, ${model.createdBy})
        on conflict do nothing`.execute(db)
      return await read(modelId)
    },
    read,
    readContent: async (modelId) => {
      const { rows } = await sql<{ file: Buffer; sha256: string }>`
        select file, sha256 from training_models where model_id = ${modelId}`.execute(db)
      const [row] = rows
      if (!row) throw new AppError(trainingErrors.modelNotFound)
      const found = createHash('sha256').update(row.file).digest('hex')
      if (found !== row.sha256 || !found.startsWith(modelId))
        throw new AppError(trainingErrors.modelTampered, { params: { model: modelId } })
      return row.file
    },
    list: (limit) => readModels(db, sql`true`, limit),
    addEvaluation: async (modelId, jobId, metrics) => {
      await sql`insert into training_evaluations (model_id, job_id, metrics)
        values (${modelId}, ${jobId}, ${JSON.stringify(metrics)})`.execute(db)
    },
    readServing: () => readServing(db),
    deploy: ({ modelId, by, reason, jobId, watchUntil }, also) =>
      change(db, also, async (trx, { modelId: replaced }) => {
        await checkExists(trx, modelId)
        await sql`update training_serving set model_id = ${modelId}, canary_id = null, canary_share = 0`.execute(trx)
        return { kind: 'full', modelId, replaced, share: 1, deployedBy: by, reason, jobId, watchUntil }
      }),
    startCanary: ({ modelId, share, by, reason, jobId }) =>
      change(db, undefined, async (trx, { modelId: replaced }) => {
        await checkExists(trx, modelId)
        await sql`update training_serving set canary_id = ${modelId}, canary_share = ${share}`.execute(trx)
        return { kind: 'canary', modelId, replaced, share, deployedBy: by, reason, jobId }
      }),
    withdrawCanary: (modelId, reason) =>
      change(db, undefined, async (trx, serving) => {
        if (serving.canaryId !== modelId) return undefined
        await sql`update training_serving set canary_id = null, canary_share = 0`.execute(trx)
        return { kind: 'withdrawal', modelId, replaced: serving.modelId, share: 0, deployedBy: null, reason }
      }),
    rollback: ({ by, reason }, also) =>
      change(db, also, async (trx, serving) => {
        const last = await findReplaced(trx, serving.modelId)
        if (!last) throw new AppError(trainingErrors.nothingToRollBack)
        const { replaced: modelId } = last
        await checkExists(trx, modelId)
        await sql`update training_serving set model_id = ${modelId}, canary_id = null, canary_share = 0`.execute(trx)
        return { kind: 'rollback', modelId, replaced: serving.modelId, share: 1, deployedBy: by, reason }
      }),
    listDeployments: async (limit) => {
      const { rows } = await sql<DeploymentRow>`
        select * from training_deployments order by deployment_id desc limit ${limit}`.execute(db)
      return rows.map(readDeployment)
    },
    removeOld: async (keep) => {
      const serving = await readServing(db)
      const back = await findReplaced(db, serving.modelId)
      const kept = [serving.modelId, serving.canaryId, back?.replaced ?? null].filter((id) => id !== null)
      const { rows } = await sql<{ model_id: string }>`
        delete from training_models where not (model_id = any(${kept}::text[]))
          and model_id not in (select model_id from training_models order by created_at desc, model_id limit ${keep})
          and created_at < now() - interval '1 hour'
        returning model_id`.execute(db)
      return rows.map((row) => row.model_id)
    },
  }
}

type Change = Pick<Deployment, 'kind' | 'modelId' | 'replaced' | 'share' | 'deployedBy'> & {
  reason?: string | undefined
  jobId?: string | undefined
  watchUntil?: Date | undefined
}

/** Changes what serves, one change at a time, and writes it down; nothing when `work` finds nothing to change. */
async function change(
  db: Kysely<unknown>,
  also: WriteAlso | undefined,
  work: (trx: Kysely<unknown>, serving: Serving) => Promise<Change | undefined>,
): Promise<Serving> {
  return await db.transaction().execute(async (trx) => {
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
    await also?.(trx)
    return serving
  })
}

async function readServing(db: Kysely<unknown>): Promise<Serving> {
  const { rows } = await sql<Parameters<typeof readServingRow>[0]>`select * from training_serving`.execute(db)
  return readServingRow(rows[0])
}

/** What the deployment replaced by which a model came into service; undefined for one that never came. */
async function findReplaced(
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

async function readModels(db: Kysely<unknown>, condition: RawBuilder<unknown>, limit: number): Promise<ModelVersion[]> {
  const { rows } = await sql<ModelRow>`
    select m.model_id, m.sha256, m.size, m.trainer, m.code_version, m.dataset_hash, m.parent, m.job_id, m.created_by, m.created_at,
      (select e.metrics from training_evaluations e where e.model_id = m.model_id order by evaluation_id desc limit 1) as metrics
    from training_models m where ${condition} order by m.created_at desc, m.model_id limit ${limit}`.execute(db)
  return rows.map(readModel)
}
