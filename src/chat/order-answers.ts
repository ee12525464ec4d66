import { completeQuery } from '#catalog'
import type { ManageRequest, Understanding } from '#nlu'
import { describeQuery } from './answer/chips.ts'
import { askWhich } from './answer/render-talk.ts'
import { toAsked } from './answer/wording.ts'
import type { AnswerDeps, Run } from './answer-run.ts'
import type { Answer } from './api.ts'
import type { StandingReply } from './standing-orders.ts'

/** Has a report sent on a schedule, or a condition watched, and says so with what was understood. */
export async function placeOrder(deps: AnswerDeps, run: Run, understanding: Understanding): Promise<Answer> {
  const { query, schedule, channel, intent, onlyNew } = understanding
  const { wording } = run
  if (!query) return askWhich(understanding, null, wording)
  const kind = intent === 'subscribe' ? 'report' : 'alert'
  const reply = await deps.orders.place({ ...askingOf(run), kind, query, cron: schedule, channel, onlyNew })
  const asked = toAsked(completeQuery(query, deps.catalog, wording.today), wording)
  return { ...renderReply(reply, run), chips: asked ? describeQuery(asked) : [], ...(asked && { query: asked.query }) }
}

/** Lists, stops, pauses, resumes or reschedules what the person has already. */
export async function manageOrders(deps: AnswerDeps, run: Run, manage: ManageRequest): Promise<Answer> {
  return renderReply(await deps.orders.manage(manage, askingOf(run)), run)
}

function askingOf({ question, text, wording }: Run) {
  return { actor: question.actor, ip: question.ip, language: wording.language, question: text }
}

function renderReply({ text, prompts, isDone }: StandingReply, { wording }: Run): Answer {
  const kind = isDone ? 'arranged' : prompts.length > 0 ? 'clarify' : 'not-offered'
  return { kind, language: wording.language, text, chips: [], prompts }
}
