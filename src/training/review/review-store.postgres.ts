import { type Kysely, type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { type BusinessQuery, businessQuerySchema } from '#catalog'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import type { Cause } from '../data/data-store.ts'
import { trainingErrors } from '../errors.ts'
import type { WriteAlso } from '../jobs/job-store.ts'
import type { Candidate, ReviewState, ReviewStore, Verdict } from './review-store.ts'

type Row = {
  turn_id: string
  cause: Cause
  suggested: string | null
  reviewed: string | null
  reviewed_by: string | null
  is_discarded: boolean
  expected: Buffer | null
  led_to: string | null
  question: Buffer
  asked_at: Date
  reading: Record<string, unknown> | null
  answer: Buffer | null
  rating_cause: string | null
  rating_note: Buffer | null
  next: Buffer | null
}

const ofState: Record<ReviewState, RawBuilder<boolean>> = {
  open: sql`c.reviewed_at is null`,
  labelled: sql`c.reviewed is not null`,
  discarded: sql`c.is_discarded`,
}

/** What of a kept answer is shown again; one of another version that has none shows none. */
const shownSchema = z.object({
  chips: z.array(z.object({ kind: z.string(), label: z.string(), value: z.string() })).catch([]),
})

/** Reviews in our PostgreSQL. Turns are the chat's; they are only read. */
export function createPostgresReviewStore({ kysely: db }: Database, cipher: FieldCipher): ReviewStore {
  const cells = openCells(cipher)
  return {
    list: async ({ state, cause, limit }) => {
      const { rows } = await sql<Row>`
        select c.*, t.question, t.asked_at, t.reading, t.answer, t.rating_cause, t.rating_note, n.question as next
        from training_candidates c join turns t using (turn_id) left join turns n on n.turn_id = c.led_to
        where ${ofState[state]} and (${cause ?? null}::text is null or c.cause = ${cause ?? null})
        order by t.asked_at desc, c.turn_id limit ${limit}`.execute(db)
      return await Promise.all(rows.map((row) => toCandidate(row, cells)))
    },
    count: async (state) => {
      const { rows } = await sql<{ cause: Cause; count: number }>`
        select cause, count(*)::integer as count from training_candidates c join turns using (turn_id)
        where ${ofState[state]} group by cause`.execute(db)
      return Object.fromEntries(rows.map(({ cause, count }) => [cause, count]))
    },
    review: async (turnId, { label, query }, by, also) => {
      const expected = query ? await cells.sealQuery(query, turnId) : null
      await change(
        db,
        sql`update training_candidates set reviewed = ${label}, expected = ${expected}, is_discarded = false,
          reviewed_by = ${by}, reviewed_at = now() where turn_id = ${turnId}`,
        also,
      )
    },
    discard: (turnId, by, also) =>
      change(
        db,
        sql`update training_candidates set reviewed = null, expected = null, is_discarded = true,
          reviewed_by = ${by}, reviewed_at = now() where turn_id = ${turnId}`,
        also,
      ),
    reopen: (turnId, also) =>
      change(
        db,
        sql`update training_candidates set reviewed = null, expected = null, is_discarded = false,
          reviewed_by = null, reviewed_at = null where turn_id = ${turnId}`,
        also,
      ),
    readReviewed: async (limit) => {
      const { rows } = await sql<Row>`
        select c.*, t.question, t.asked_at from training_candidates c join turns t using (turn_id)
        where c.reviewed is not null order by c.reviewed_at desc, c.turn_id limit ${limit}`.execute(db)
      return await Promise.all(
        rows.map(async (row) => ({
          ...{ turnId: row.turn_id, askedAt: row.asked_at, text: await cells.openTurn(row.question, 'question', row) },
          verdict: await openVerdict(row, row.reviewed ?? '', cells),
        })),
      )
    },
    countNew: async (since = new Date(0)) => {
      const { rows } = await sql<{ count: number }>`
        select (select count(*) from training_candidates where reviewed is not null and reviewed_at > ${since})::integer
          + (select count(*) from training_labels where labelled_at > ${since})::integer as count`.execute(db)
      return rows[0]?.count ?? 0
    },
  }
}

async function change(db: Kysely<unknown>, update: RawBuilder<unknown>, also: WriteAlso | undefined): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numAffectedRows = 0n } = await update.execute(trx)
    if (numAffectedRows === 0n) throw new AppError(trainingErrors.candidateNotFound)
    await also?.(trx)
  })
}

function openCells(cipher: FieldCipher) {
  const queryPlace = (row: string) => ({ table: 'training_candidates', column: 'expected', row })
  return {
    sealQuery: (query: BusinessQuery, turnId: string) => cipher.encrypt(JSON.stringify(query), queryPlace(turnId)),
    openQuery: async (sealed: Buffer, turnId: string) =>
      businessQuerySchema.safeParse(JSON.parse(await cipher.decrypt(sealed, queryPlace(turnId)))).data,
    openTurn: (sealed: Buffer, column: string, { turn_id: row }: Pick<Row, 'turn_id'>) =>
      cipher.decrypt(sealed, { table: 'turns', column, row }),
  }
}
type Cells = ReturnType<typeof openCells>

async function openVerdict({ expected, turn_id }: Row, label: string, cells: Cells): Promise<Verdict> {
  const query = expected && (await cells.openQuery(expected, turn_id))
  return query ? { label, query } : { label }
}

async function toCandidate(row: Row, cells: Cells): Promise<Candidate> {
  const answer = row.answer && (await cells.openTurn(row.answer, 'answer', row))
  const remark = row.rating_note && (await cells.openTurn(row.rating_note, 'rating_note', row))
  const ledTo = row.led_to !== null && row.next !== null ? { turn_id: row.led_to, sealed: row.next } : null
  return {
    ...{ turnId: row.turn_id, askedAt: row.asked_at, cause: row.cause, suggested: row.suggested, reading: row.reading },
    question: await cells.openTurn(row.question, 'question', row),
    chips: answer === null ? [] : (shownSchema.safeParse(JSON.parse(answer)).data?.chips ?? []),
    complaint: { cause: row.rating_cause, remark },
    ledTo: ledTo && (await cells.openTurn(ledTo.sealed, 'question', ledTo)),
    verdict: row.reviewed === null ? null : await openVerdict(row, row.reviewed, cells),
    ...{ isDiscarded: row.is_discarded, reviewedBy: row.reviewed_by },
  }
}
