import type { DialogueState } from '#nlu'
import type { Answer, ConversationSummary, Feedback } from './api.ts'
import type { TurnReading } from './turn-reading.ts'

/** A question and what came of it. `answer` is null while it is being answered, and when that never finished. */
export type StoredTurn = {
  turnId: string
  question: string
  askedAt: Date
  traceId: string
  answer: Answer | null
  timing: Record<string, number> | null
  feedback: Feedback | null
}

export type StoredConversation = ConversationSummary & { turns: StoredTurn[] }

export type NewQuestion = {
  owner: string
  /** Absent: a new conversation. */
  conversationId: string | undefined
  question: string
  askedAt: Date
  traceId: string
}

/** What follow-ups build on. `version` counts writes, so that two questions at once cannot overwrite each other. */
export type StateOf = { state: DialogueState; version: number }
export type TurnPlace = { owner: string; conversationId: string; turnId: string }
/** `reading` is how the question was read, where that was tried. */
export type Told = { answer: Answer; timing: Record<string, number>; reading?: TurnReading }
export type ConversationPage = { conversations: ConversationSummary[]; next: string | undefined }

/** A conversation takes this many turns; the question after them starts a new one that knows what was talked about. */
export const maxTurns = 200
export const pageSize = 50

/**
 * Conversations of people, each readable by its owner only: what is not the owner's is CONVERSATION_NOT_FOUND, as is what is
 * not there. Texts, answers and states are kept encrypted.
 */
export type ConversationStore = {
  /** Keeps the question as the next turn, before anything is done about it. Returns the conversation it went to. */
  addQuestion(question: NewQuestion): Promise<{ conversationId: string; turnId: string }>
  /** Gives a turn its answer; a turn that was deleted meanwhile is left alone. */
  addAnswer(place: TurnPlace, told: Told): Promise<void>
  /** Keeps what its owner thinks of an answer, and tells which model read the question; the last opinion counts. Throws TURN_NOT_FOUND. */
  rateTurn(place: TurnPlace, feedback: Feedback): Promise<Pick<TurnReading, 'model'>>
  readState(owner: string, conversationId: string): Promise<StateOf>
  /** Writes only over the version that was read. False: another question was faster; read again. */
  writeState(owner: string, conversationId: string, next: StateOf): Promise<boolean>
  /** Latest first. Throws CURSOR_INVALID for an `after` that is none of ours. */
  list(owner: string, after?: string): Promise<ConversationPage>
  /** The conversation with its turns in the order they were asked. */
  read(owner: string, conversationId: string): Promise<StoredConversation>
  /** Throws TURN_NOT_FOUND when the conversation has no such turn. */
  readTurn(place: TurnPlace): Promise<StoredTurn>
  remove(owner: string, conversationId: string): Promise<void>
}
