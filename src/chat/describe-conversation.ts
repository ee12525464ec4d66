import { AppError } from '#platform/errors'
import { renderFailure } from './answer/render-talk.ts'
import type { Conversation, Turn } from './api.ts'
import type { StoredConversation, StoredTurn } from './conversation-store.ts'
import { chatErrors } from './errors.ts'

/** A conversation as it goes over the wire. A question whose answer never came says so, and can be asked again. */
export function describeConversation(stored: StoredConversation, language: 'ko' | 'en'): Conversation {
  return { ...stored, turns: stored.turns.map((turn) => describeTurn(turn, language)) }
}

function describeTurn(stored: StoredTurn, language: 'ko' | 'en'): Turn {
  const { turnId, question, askedAt, traceId, answer, timing, feedback } = stored
  return {
    turnId,
    question,
    askedAt: askedAt.toISOString(),
    answer: answer ?? renderFailure(new AppError(chatErrors.answerInterrupted), question, language),
    traceId,
    ...(timing && { timing }),
    ...(feedback && { feedback }),
  }
}
