import { randomUUID } from 'node:crypto'
import { AppError } from '#platform/errors'
import type { Cells, ChatDb } from './conversation-rows.ts'
import { maxTurns, type NewQuestion } from './conversation-store.ts'
import { titleOf } from './conversation-title.ts'
import { chatErrors } from './errors.ts'

/** Keeps a question as the next turn, under the lock of its conversation's row: two at once take different places. */
export async function keepQuestion(
  db: ChatDb,
  cells: Cells,
  question: NewQuestion,
): Promise<{ conversationId: string; turnId: string }> {
  const turnId = randomUUID()
  const sealed = await cells.seal(question.question, 'turns', 'question', turnId)
  const conversationId = await db.transaction().execute(async (trx) => {
    const id = await findPlace(trx, cells, question)
    const { turn_count: position } = await trx
      .updateTable('conversations')
      .set((row) => ({ turn_count: row('turn_count', '+', 1), updated_at: question.askedAt }))
      .where('conversation_id', '=', id)
      .returning('turn_count')
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('turns')
      .values({
        turn_id: turnId,
        conversation_id: id,
        position,
        question: sealed,
        answer: null,
        timing: null,
        trace_id: question.traceId,
        asked_at: question.askedAt,
        answered_at: null,
        reading: null,
        rating: null,
        rating_cause: null,
        rating_note: null,
        rated_at: null,
      })
      .execute()
    return id
  })
  return { conversationId, turnId }
}

/** The conversation the question goes to: the one named, a new one, or after a full one a new one that knows its state. */
async function findPlace(trx: ChatDb, cells: Cells, question: NewQuestion): Promise<string> {
  if (question.conversationId === undefined) return insertConversation(trx, cells, question, null)
  const row = await trx
    .selectFrom('conversations')
    .select(['turn_count', 'state'])
    .where('conversation_id', '=', question.conversationId)
    .where('owner_id', '=', question.owner)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new AppError(chatErrors.conversationNotFound)
  if (row.turn_count < maxTurns) return question.conversationId
  const state = row.state && (await cells.open(row.state, 'conversations', 'state', question.conversationId))
  return insertConversation(trx, cells, question, state)
}

async function insertConversation(trx: ChatDb, cells: Cells, question: NewQuestion, state: string | null) {
  const id = randomUUID()
  const title = titleOf(question.question)
  await trx
    .insertInto('conversations')
    .values({
      conversation_id: id,
      owner_id: question.owner,
      title: await cells.seal(title, 'conversations', 'title', id),
      state: state === null ? null : await cells.seal(state, 'conversations', 'state', id),
      state_version: 0,
      turn_count: 0,
      updated_at: question.askedAt,
    })
    .execute()
  return id
}
