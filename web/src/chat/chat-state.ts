import type { Chip, Conversation, ServerFrame, Turn } from '../../../src/chat/api.ts'

/** A question on its way: how far it has come decides what is drawn. */
export type PendingTurn = {
  requestId: string
  question: string
  phase: 'sent' | 'accepted' | 'understood'
  chips: Chip[]
}

/** A question that got no answer. `code` picks our own sentence when the server sent none. */
type FailedTurn = { question: string; code: string; message: string; traceId: string | null }

export type ChatState = {
  conversationId: string | null
  title: string | null
  turns: Turn[]
  pending: PendingTurn | null
  failed: FailedTurn | null
  /** How the text being typed is understood; `requestId` tells late readings from the current one. */
  reading: { requestId: string; chips: Chip[] } | null
  loading: 'ready' | 'loading' | 'failed' | 'not-found'
  /** The turn that arrived while the person watched: the only one that fades in and is announced. */
  freshTurnId: string | null
}

export type ChatAction =
  | { type: 'started-new' }
  | { type: 'opening'; conversationId: string }
  | { type: 'opened'; conversation: Conversation }
  | { type: 'open-failed'; reason: 'failed' | 'not-found' }
  | { type: 'asked'; requestId: string; question: string }
  | { type: 'typed'; requestId: string | null }
  | { type: 'frame'; frame: ServerFrame }
  | { type: 'failed'; requestId: string; code: string; message: string; traceId: string | null }

/** An empty page: a new conversation. */
export const emptyChat: ChatState = {
  conversationId: null,
  title: null,
  turns: [],
  pending: null,
  failed: null,
  reading: null,
  loading: 'ready',
  freshTurnId: null,
}

/** What the chat page shows after an action. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'started-new':
      return emptyChat
    case 'opening':
      return { ...emptyChat, conversationId: action.conversationId, loading: 'loading' }
    case 'opened':
      return openConversation(state, action.conversation)
    case 'open-failed':
      return { ...state, loading: action.reason }
    case 'asked':
      return {
        ...state,
        failed: null,
        reading: null,
        pending: {
          requestId: action.requestId,
          question: action.question,
          phase: 'sent',
          chips: state.reading?.chips ?? [],
        },
      }
    case 'typed':
      return {
        ...state,
        // The chips on screen stay until the new reading arrives, so that they don't flicker at every key.
        reading: action.requestId === null ? null : { requestId: action.requestId, chips: state.reading?.chips ?? [] },
      }
    case 'frame':
      return reduceFrame(state, action.frame)
    case 'failed':
      return failPending(state, action.requestId, action)
  }
}

/** What one server frame changes. Frames about anything but the question or text at hand change nothing. */
function reduceFrame(state: ChatState, frame: ServerFrame): ChatState {
  const { pending } = state
  switch (frame.type) {
    case 'accepted':
      if (pending?.requestId !== frame.requestId) return state
      return { ...state, conversationId: frame.conversationId, pending: { ...pending, phase: 'accepted' } }
    case 'understood':
      if (state.reading?.requestId === frame.requestId) {
        return { ...state, reading: { requestId: frame.requestId, chips: frame.chips } }
      }
      if (pending?.requestId !== frame.requestId) return state
      return { ...state, pending: { ...pending, phase: 'understood', chips: frame.chips } }
    case 'answer':
      if (pending?.requestId !== frame.requestId) return state
      return {
        ...state,
        conversationId: frame.conversationId,
        title: state.title ?? frame.turn.question,
        turns: [...state.turns.filter((turn) => turn.turnId !== frame.turn.turnId), frame.turn],
        pending: null,
        freshTurnId: frame.turn.turnId,
      }
    case 'error':
      // A reading of half-typed text may fail; nobody needs to hear of it.
      return frame.requestId === null ? state : failPending(state, frame.requestId, frame.error)
    default:
      return state
  }
}

function failPending(
  state: ChatState,
  requestId: string,
  error: { code: string; message: string; traceId: string | null },
): ChatState {
  if (state.pending?.requestId !== requestId) return state
  const { code, message, traceId } = error
  return { ...state, pending: null, failed: { question: state.pending.question, code, message, traceId } }
}

/** The answer to the waiting question, if it came while we were cut off. */
export function findArrived(state: ChatState, conversation: Conversation): Turn | undefined {
  const known = new Set(state.turns.map((turn) => turn.turnId))
  return conversation.turns.find((turn) => !known.has(turn.turnId) && turn.question === state.pending?.question)
}

/** Shows a conversation as the server has it; an answer found there takes the place of its waiting question. */
function openConversation(state: ChatState, conversation: Conversation): ChatState {
  const arrived = findArrived(state, conversation)
  return {
    ...state,
    conversationId: conversation.conversationId,
    title: conversation.title,
    turns: conversation.turns,
    pending: arrived ? null : state.pending,
    loading: 'ready',
    freshTurnId: arrived?.turnId ?? null,
  }
}
