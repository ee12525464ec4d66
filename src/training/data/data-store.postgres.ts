import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { businessQuerySchema } from '#catalog'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import { trainingErrors } from '../errors.ts'
import type { Cause, DataStore, Dataset, LabelledSentence, Signals } from './data-store.ts'
import { hashRows } from './dataset.ts'
import { findCandidates } from './find-candidates.ts'

type DatasetRow = { dataset_id: string; job_id: string; hash: string; counts: Dataset['counts']; created_at: Date }

const toDataset = (row: DatasetRow): Dataset => ({
  ...{ datasetId: row.dataset_id, jobId: row.job_id, hash: row.hash, counts: row.counts, createdAt: row.created_at },
})

/** Candidates, labels and data sets in our PostgreSQL, texts encrypted. Turns are the chat's; they are only read. */
export function createPostgresDataStore({ kysely: db }: Database, cipher: FieldCipher): DataStore {
  const openQuestion = (sealed: Buffer, row: string) =>
    cipher.decrypt(sealed, { table: 'turns', column: 'question', row })
  return {
    findCandidates: (days, labels) => findCandidates(db, days, labels),
    readLabelled: async (after, limit) => {
      const { rows } = await sql<LabelledRow>`
        select c.turn_id, c.cause, c.suggested, c.reviewed, t.question, c.led_to, n.question as next
        from training_candidates c join turns t using (turn_id) left join turns n on n.turn_id = c.led_to
        where coalesce(c.reviewed, c.suggested) is not null and not c.is_discarded
          and (${after ?? null}::uuid is null or c.turn_id > ${after ?? null}::uuid)
        order by c.turn_id limit ${limit}`.execute(db)
      return await Promise.all(
        rows.map(async (row) => ({
          ...{ turnId: row.turn_id, cause: row.cause, isReviewed: row.reviewed !== null },
          label: row.reviewed ?? row.suggested ?? '',
          text: await openQuestion(row.question, row.turn_id),
          ledTo: row.led_to !== null && row.next !== null ? await openQuestion(row.next, row.led_to) : null,
        })),
      )
    },
    readLabels: async () => {
      const { rows } = await sql<LabelRow>`
        select label_id, content, label, expected from training_labels order by label_id`.execute(db)
      return await Promise.all(rows.map((row) => openLabel(row, cipher)))
    },
    addLabels: (labels, by, also) => addLabels({ db, cipher, labels, by }, also),
    saveDataset: async (jobId, content, counts) => {
      const id = randomUUID()
      const sealed = await cipher.encrypt(content, datasetPlace(id))
      await sql`insert into training_datasets (dataset_id, job_id, hash, counts, content)
        values (${id}, ${jobId}, ${hashRows(content)}, ${JSON.stringify(counts)}, ${sealed})
        on conflict (job_id) do nothing`.execute(db)
      const [saved] = await readDatasets(db, jobId, 1)
      return toDataset(saved as DatasetRow)
    },
    readDataset: async (jobId) => {
      const [row] = await readDatasets(db, jobId, 1)
      if (!row) throw new AppError(trainingErrors.datasetMissing)
      return { ...toDataset(row), content: await cipher.decrypt(row.content, datasetPlace(row.dataset_id)) }
    },
    listDatasets: async (limit) => {
      const { rows } = await sql<DatasetRow>`
        select dataset_id, job_id, hash, counts, created_at from training_datasets
        order by created_at desc limit ${limit}`.execute(db)
      return rows.map(toDataset)
    },
    readSignals: (from, to, model) => readSignals(db, { from, to, model }),
  }
}

type LabelledRow = {
  turn_id: string
  cause: Cause
  suggested: string | null
  reviewed: string | null
  question: Buffer
  led_to: string | null
  next: Buffer | null
}
type LabelRow = { label_id: string; content: Buffer; label: string; expected: Buffer | null }

const labelPlace = (row: string) => ({ table: 'training_labels', column: 'content', row })
const queryPlace = (row: string) => ({ table: 'training_labels', column: 'expected', row })
const datasetPlace = (row: string) => ({ table: 'training_datasets', column: 'content', row })

async function openLabel(
  { label_id, content, label, expected }: LabelRow,
  cipher: FieldCipher,
): Promise<LabelledSentence> {
  const text = await cipher.decrypt(content, labelPlace(label_id))
  const json = expected && (await cipher.decrypt(expected, queryPlace(label_id)))
  const query = json === null ? undefined : businessQuerySchema.safeParse(JSON.parse(json)).data
  return query ? { text, label, query } : { text, label }
}

type NewLabels = {
  db: Kysely<unknown>
  cipher: FieldCipher
  labels: readonly LabelledSentence[]
  by: string
}

async function addLabels(
  { db, cipher, labels, by }: NewLabels,
  also: Parameters<DataStore['addLabels']>[2],
): Promise<number> {
  const rows = await Promise.all(
    labels.map(async ({ text, label, query }) => {
      const id = randomUUID()
      const expected = query ? await cipher.encrypt(JSON.stringify(query), queryPlace(id)) : null
      return { id, label, content: await cipher.encrypt(text, labelPlace(id)), expected }
    }),
  )
  await db.transaction().execute(async (trx) => {
    await sql`insert into training_labels (label_id, content, label, expected, labelled_by)
      select *, ${by} from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ content }) => content)}::bytea[],
        ${rows.map(({ label }) => label)}::text[], ${rows.map(({ expected }) => expected)}::bytea[])`.execute(trx)
    await also?.(trx)
  })
  return rows.length
}

async function readDatasets(db: Kysely<unknown>, jobId: string, limit: number) {
  const { rows } = await sql<DatasetRow & { content: Buffer }>`
    select * from training_datasets where job_id = ${jobId} limit ${limit}`.execute(db)
  return rows
}

/** What the ERP or a person's rights did to an answer is no fault of a model. */
const faultCode = '^(NLU_|INTERNAL)'

async function readSignals(
  db: Kysely<unknown>,
  { from, to, model }: { from: Date; to: Date; model: string | undefined },
): Promise<Signals> {
  const { rows } = await sql<Record<keyof Signals, number | null>>`
    select count(*)::float8 as turns,
      avg((coalesce(reading->>'errorCode', '') ~ ${faultCode})::int)::float8 as faults,
      avg((reading->>'kind' in ('out-of-scope', 'clarify'))::int)::float8 as unanswered,
      avg((reading->>'confidence')::float8) as confidence
    from turns where asked_at >= ${from} and asked_at < ${to} and reading is not null
      and (${model ?? null}::text is null or reading->>'model' = ${model ?? null})`.execute(db)
  const [row] = rows
  return {
    turns: row?.turns ?? 0,
    ...{ faults: row?.faults ?? Number.NaN, unanswered: row?.unanswered ?? Number.NaN },
    confidence: row?.confidence ?? Number.NaN,
  }
}
