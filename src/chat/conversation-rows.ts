import type { Kysely } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import { answerSchema, type ConversationSummary, type Feedback } from './api.ts'
import type { StateOf, StoredTurn } from './conversation-store.ts'

/** What the tables hold: texts only as ciphertext. */
export type ConversationRow = {
  conversation_id: string
  owner_id: string
  title: Buffer
  state: Buffer | null
  state_version: number
  turn_count: number
  updated_at: Date
}
export type TurnRow = {
  turn_id: string
  conversation_id: string
  position: number
  question: Buffer
  answer: Buffer | null
  timing: unknown
  trace_id: string
  asked_at: Date
  answered_at: Date | null
  reading: unknown
  rating: string | null
  rating_cause: NonNullable<Feedback['cause']> | null
  rating_note: Buffer | null
  rated_at: Date | null
}
export type ChatTables = { conversations: ConversationRow; turns: TurnRow }
export type ChatDb = Kysely<ChatTables>

/** Seals and opens single cells; a cell moved to another row or column does not open. */
export type Cells = {
  seal(text: string, table: keyof ChatTables, column: string, row: string): Promise<Buffer>
  open(sealed: Buffer, table: keyof ChatTables, column: string, row: string): Promise<string>
}

export function createCells(cipher: FieldCipher): Cells {
  return {
    seal: (text, table, column, row) => cipher.encrypt(text, { table, column, row }),
    open: (sealed, table, column, row) => cipher.decrypt(sealed, { table, column, row }),
  }
}

export async function openSummary(
  row: Pick<ConversationRow, 'conversation_id' | 'title' | 'updated_at'>,
  cells: Cells,
): Promise<ConversationSummary> {
  return {
    conversationId: row.conversation_id,
    title: await cells.open(row.title, 'conversations', 'title', row.conversation_id),
    updatedAt: row.updated_at.toISOString(),
  }
}

export async function openState(row: ConversationRow, cells: Cells): Promise<StateOf> {
  const state = row.state && (await cells.open(row.state, 'conversations', 'state', row.conversation_id))
  return { state: state === null ? {} : JSON.parse(state), version: row.state_version }
}

export async function openTurn(row: TurnRow, cells: Cells): Promise<StoredTurn> {
  const answer = row.answer && (await cells.open(row.answer, 'turns', 'answer', row.turn_id))
  return {
    turnId: row.turn_id,
    question: await cells.open(row.question, 'turns', 'question', row.turn_id),
    askedAt: row.asked_at,
    traceId: row.trace_id,
    // An answer of another version that no longer fits is as good as none: the question can be asked again.
    answer: answer === null ? null : (answerSchema.safeParse(JSON.parse(answer)).data ?? null),
    timing: row.timing as StoredTurn['timing'],
    feedback: row.rating === null ? null : await openFeedback(row, cells),
  }
}

async function openFeedback(row: TurnRow, cells: Cells): Promise<Feedback> {
  const remark = row.rating_note && (await cells.open(row.rating_note, 'turns', 'rating_note', row.turn_id))
  return {
    rating: row.rating as Feedback['rating'],
    ...(row.rating_cause !== null && { cause: row.rating_cause }),
    ...(remark !== null && { remark }),
  }
}
