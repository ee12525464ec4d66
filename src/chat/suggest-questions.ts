import type { Actor, PermitRead } from '#auth'
import type { Language } from '#catalog'
import { AppError } from '#platform/errors'
import type { Prompt } from './api.ts'
import { type SuggestedQuestion, suggestedQuestions } from './suggested-questions.ts'

export const suggestionCount = 6
type Deps = { permitRead: PermitRead }
type Reader = { actor: Actor; today: string; language: Language }

/** Six questions that this person may ask: those meant for their most telling role first. Fewer when fewer are permitted. */
export function suggestQuestions({ permitRead }: Deps, { actor, today, language }: Reader): Prompt[] {
  // Everyone is an employee: what the other roles are about comes first.
  const special = actor.roles.filter((role) => role !== 'employee')
  const rank = ({ roles }: SuggestedQuestion) => {
    if (special.some((role) => roles.includes(role))) return 0
    return actor.roles.some((role) => roles.includes(role)) ? 1 : 2
  }
  return suggestedQuestions
    .filter(({ query }) => isPermitted(() => permitRead(actor, query, today)))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, suggestionCount)
    .map((question) => ({ label: question[language], text: question[language] }))
}

/** A catalog without the question's entity simply has no such question. */
function isPermitted(decide: () => { kind: string }): boolean {
  try {
    return decide().kind === 'permitted'
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}
