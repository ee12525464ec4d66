import type { Actor } from '#auth'
import { completeQuery } from '#catalog'
import { seoulDate } from '#platform/seoul-date'
import { describeQuery } from './answer/chips.ts'
import { toAsked } from './answer/wording.ts'
import type { AnswerDeps } from './answer-run.ts'
import type { Chip } from './api.ts'
import { languageOf, readQuestion } from './read-question.ts'

/** Text as it stands while a person types. All that is typed until it is asked is one text that grows. */
export type PartialText = {
  actor: Actor
  text: string
  growing: { id: string; revision: number }
  conversationId?: string | undefined
  language?: 'ko' | 'en' | undefined
  signal: AbortSignal
}

type Deps = Pick<AnswerDeps, 'understand' | 'conversations' | 'catalog' | 'now'>

/**
 * How unfinished text would be understood, as chips. Nothing is kept, and nobody's data is looked up. Throws NLU_SUPERSEDED
 * when more was typed before it was read.
 */
export async function readPartial(deps: Deps, partial: PartialText): Promise<Chip[]> {
  if (partial.text.trim() === '') return []
  const text = readQuestion(partial.text)
  const language = languageOf(text, partial.language ?? partial.actor.language)
  const today = seoulDate(deps.now())
  const { state } = partial.conversationId
    ? await deps.conversations.readState(partial.actor.userId, partial.conversationId)
    : { state: {} }
  const request = { text, today, state, language, partial: true, growing: partial.growing }
  const { understanding } = await deps.understand(request, partial.signal)
  const { catalog } = deps
  const query = understanding.query && completeQuery(understanding.query, catalog, today)
  const asked = query ? toAsked(query, { catalog, language, today }) : null
  return asked ? describeQuery(asked) : []
}
