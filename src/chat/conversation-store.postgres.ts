import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import { AppError } from '#platform/errors'
import type { Feedback } from './api.ts'
import {
  type Cells,
  type ChatDb,
  type ChatTables,
  type ConversationRow,
  createCells,
  openState,
  openSummary,
  openTurn,
} from './conversation-rows.ts'
import {
  type ConversationPage,
  type ConversationStore,
  pageSize,
  type StateOf,
  type StoredTurn,
  type Told,
  type TurnPlace,
} from './conversation-store.ts'
import { chatErrors } from './errors.ts'
import { keepQuestion } from './keep-question.ts'
import { listCursor } from './list-cursor.ts'
import type { TurnReading } from './turn-reading.ts'

type Deps = { database: Database; cipher: FieldCipher }

/** Conversations in PostgreSQL, their texts encrypted field by field. */
export function createPostgresConversationStore({ database, cipher }: Deps): ConversationStore {
  const db = database.kysely.withTables<ChatTables>()
  const cells = createCells(cipher)
  return {
    addQuestion: (question) => keepQuestion(db, cells, question),
    addAnswer: (place, told) => addAnswer(db, cells, place, told),
    rateTurn: (place, feedback) => rateTurn(db, cells, place, feedback),
    readState: async (owner, id) => openState(await findConversation(db, owner, id), cells),
    writeState: (owner, id, next) => writeState(db, cells, { owner, id }, next),
    list: (owner, after) => list(db, cells, owner, after),
    async read(owner, id) {
      const summary = await openSummary(await findConversation(db, owner, id), cells)
      const rows = await db
        .selectFrom('turns')
        .selectAll()
        .where('conversation_id', '=', id)
        .orderBy('position')
        .execute()
      return { ...summary, turns: await Promise.all(rows.map((row) => openTurn(row, cells))) }
    },
    readTurn: (place) => readTurn(db, cells, place),
    async remove(owner, id) {
      const { numDeletedRows } = await db
        .deleteFrom('conversations')
        .where('conversation_id', '=', id)
        .where('owner_id', '=', owner)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw new AppError(chatErrors.conversationNotFound)
    },
  }
}

async function findConversation(db: ChatDb, owner: string, id: string): Promise<ConversationRow> {
  const row = await db
    .selectFrom('conversations')
    .selectAll()
    .where('conversation_id', '=', id)
    .where('owner_id', '=', owner)
    .executeTakeFirst()
  if (!row) throw new AppError(chatErrors.conversationNotFound)
  return row
}

async function addAnswer(db: ChatDb, cells: Cells, place: TurnPlace, told: Told): Promise<void> {
  const { answer, timing, reading } = told
  const sealed = await cells.seal(JSON.stringify(answer), 'turns', 'answer', place.turnId)
  await db
    .updateTable('turns')
    .set({
      answer: sealed,
      timing: JSON.stringify(timing),
      reading: reading ? JSON.stringify(reading) : null,
      answered_at: new Date(),
    })
    .where('turn_id', '=', place.turnId)
    .where('conversation_id', 'in', (query) =>
      query
        .selectFrom('conversations')
        .select('conversations.conversation_id')
        .where('conversations.conversation_id', '=', place.conversationId)
        .where('owner_id', '=', place.owner),
    )
    .execute()
}

async function rateTurn(
  db: ChatDb,
  cells: Cells,
  place: TurnPlace,
  { rating, cause, remark }: Feedback,
): Promise<Pick<TurnReading, 'model'>> {
  await findConversation(db, place.owner, place.conversationId)
  const sealed = remark === undefined ? null : await cells.seal(remark, 'turns', 'rating_note', place.turnId)
  const rated = await db
    .updateTable('turns')
    .set({ rating, rating_cause: cause ?? null, rating_note: sealed, rated_at: new Date() })
    .where('turn_id', '=', place.turnId)
    .where('conversation_id', '=', place.conversationId)
    .returning('reading')
    .executeTakeFirst()
  if (!rated) throw new AppError(chatErrors.turnNotFound)
  const { model } = (rated.reading ?? {}) as Partial<TurnReading>
  return model === undefined ? {} : { model }
}

async function writeState(
  db: ChatDb,
  cells: Cells,
  { owner, id }: { owner: string; id: string },
  { state, version }: StateOf,
): Promise<boolean> {
  const sealed = await cells.seal(JSON.stringify(state), 'conversations', 'state', id)
  const { numUpdatedRows } = await db
    .updateTable('conversations')
    .set({ state: sealed, state_version: version + 1 })
    .where('conversation_id', '=', id)
    .where('owner_id', '=', owner)
    .where('state_version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

async function list(db: ChatDb, cells: Cells, owner: string, after: string | undefined): Promise<ConversationPage> {
  const place = after === undefined ? undefined : listCursor.read(after)
  const isAfter = place
    ? sql<boolean>`(updated_at, conversation_id) < (${place.updatedAt}::timestamptz, ${place.conversationId}::uuid)`
    : sql<boolean>`true`
  const rows = await db
    .selectFrom('conversations')
    .select(['conversation_id', 'title', 'updated_at'])
    .where('owner_id', '=', owner)
    .where(isAfter)
    .orderBy('updated_at', 'desc')
    .orderBy('conversation_id', 'desc')
    .limit(pageSize + 1)
    .execute()
  const conversations = await Promise.all(rows.slice(0, pageSize).map((row) => openSummary(row, cells)))
  const last = conversations.at(-1)
  return { conversations, next: rows.length > pageSize && last ? listCursor.format(last) : undefined }
}

async function readTurn(db: ChatDb, cells: Cells, place: TurnPlace): Promise<StoredTurn> {
  await findConversation(db, place.owner, place.conversationId)
  const row = await db
    .selectFrom('turns')
    .selectAll()
    .where('turn_id', '=', place.turnId)
    .where('conversation_id', '=', place.conversationId)
    .executeTakeFirst()
  if (!row) throw new AppError(chatErrors.turnNotFound)
  return openTurn(row, cells)
}
