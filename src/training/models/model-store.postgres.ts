import { createHash } from 'node:crypto'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'
import { createServing, findReplaced, readServing } from './change-serving.ts'
import { type ModelRow, readModel } from './model-rows.ts'
import type { ModelStore, ModelVersion } from './model-store.ts'

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
    ...createServing(db),
    removeOld: async (keep) => {
      const serving = await readServing(db)
      const back = await findReplaced(db, serving.modelId)
      const kept = [serving.modelId, serving.canaryId, serving.shadowId, back?.replaced ?? null].filter(
        (id) => id !== null,
      )
      const { rows } = await sql<{ model_id: string }>`
        delete from training_models where not (model_id = any(${kept}::text[]))
          and model_id not in (select model_id from training_models order by created_at desc, model_id limit ${keep})
          and created_at < now() - interval '1 hour'
        returning model_id`.execute(db)
      return rows.map((row) => row.model_id)
    },
  }
}

async function readModels(db: Kysely<unknown>, condition: RawBuilder<unknown>, limit: number): Promise<ModelVersion[]> {
  const { rows } = await sql<ModelRow>`
    select m.model_id, m.sha256, m.size, m.trainer, m.code_version, m.dataset_hash, m.parent, m.job_id, m.created_by, m.created_at,
      (select e.metrics from training_evaluations e where e.model_id = m.model_id order by evaluation_id desc limit 1) as metrics
    from training_models m where ${condition} order by m.created_at desc, m.model_id limit ${limit}`.execute(db)
  return rows.map(readModel)
}
