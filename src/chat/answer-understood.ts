import { type BusinessQuery, completeQuery } from '#catalog'
import type { Understanding, UnderstandReply, View } from '#nlu'
import { nextQuestions } from './answer/next-questions.ts'
import { renderAnswer } from './answer/render-answer.ts'
import {
  acceptThanks,
  admitUnknownName,
  askForQuestionFirst,
  askWhich,
  declineQuestion,
  explain,
  greet,
  offerFile,
  refuse,
} from './answer/render-talk.ts'
import { type Asked, toAsked } from './answer/wording.ts'
import type { AnswerDeps, Run } from './answer-run.ts'
import type { Answer, Prompt } from './api.ts'
import { manageOrders, placeOrder } from './order-answers.ts'
import { suggestQuestions } from './suggest-questions.ts'

const mostExamples = 3

/** The answer to a question that has been read, by what it turned out to be. */
export async function answerUnderstood(
  deps: AnswerDeps,
  run: Run,
  { understanding, state }: UnderstandReply,
): Promise<Answer> {
  const { wording, question } = run
  const talk = { language: wording.language, prompts: examples(deps, run) }
  switch (understanding.intent) {
    case 'query':
    case 'refine':
      return understanding.query
        ? answerData(deps, run, understanding, understanding.query)
        : askWhich(understanding, null, wording)
    case 'view':
      return state.lastQuery ? answerData(deps, run, understanding, state.lastQuery) : askForQuestionFirst(talk)
    case 'export':
      return state.lastQuery ? offerExport(deps, run, understanding, state.lastQuery) : askForQuestionFirst(talk)
    case 'clarify':
      return askWhich(understanding, state.pending ? toAsked(state.pending.query, wording) : null, wording)
    case 'subscribe':
    case 'alert':
      return orderPermitted(deps, run, understanding)
    case 'manage':
      return understanding.manage
        ? manageOrders(deps, run, understanding.manage)
        : askWhich(understanding, null, wording)
    case 'greeting':
      return greet(question.actor.name, talk)
    case 'thanks':
      return acceptThanks(talk)
    case 'help':
      return explain(readableEntities(deps, run), { ...talk, prompts: suggestQuestions(deps, readerOf(run)) })
    case 'out_of_scope':
      return understanding.reason === 'unknown_name'
        ? admitUnknownName(understanding, deps.catalog, talk)
        : declineQuestion(understanding.reason, talk)
  }
}

function readerOf({ question, wording }: Run) {
  return { actor: question.actor, today: wording.today, language: wording.language }
}

function examples(deps: AnswerDeps, run: Run): Prompt[] {
  return suggestQuestions(deps, readerOf(run)).slice(0, mostExamples)
}

type Permitted = {
  asked: Asked
  permitted: Extract<ReturnType<AnswerDeps['permitRead']>, { kind: 'permitted' }>['query']
}

/** The query in words and narrowed for its reader, or the answer that refuses it. */
async function permit(deps: AnswerDeps, run: Run, query: BusinessQuery): Promise<Permitted | { refusal: Answer }> {
  const { wording, question, timer } = run
  const decision = await timer.measure('permit', () => deps.permitRead(question.actor, query, wording.today))
  const asked = toAsked(query, wording)
  if (!asked) throw new Error(`Permission was given for entity ${query.entity}, which the catalog does not have`)
  if (decision.kind === 'permitted') return { asked, permitted: decision.query }
  return { refusal: refuse(decision, asked, { language: wording.language, prompts: examples(deps, run) }) }
}

/** Nothing is sent later of what may not be seen now. */
async function orderPermitted(deps: AnswerDeps, run: Run, understanding: Understanding): Promise<Answer> {
  const { query } = understanding
  if (query) {
    const decision = await permit(deps, run, completeQuery(query, deps.catalog, run.wording.today))
    if ('refusal' in decision) return decision.refusal
  }
  return placeOrder(deps, run, understanding)
}

async function answerData(
  deps: AnswerDeps,
  run: Run,
  understanding: Understanding,
  query: BusinessQuery,
): Promise<Answer> {
  const decision = await permit(deps, run, query)
  if ('refusal' in decision) return decision.refusal
  const { asked, permitted } = decision
  const { deadline, timer } = run
  const answer = await timer.measure('erp', () => deadline.wait(deps.answerQuery(permitted, deadline.signal)))
  const wanted: View | undefined = understanding.view
  const rendered = await timer.measure('render', () =>
    renderAnswer({ asked, answer, rows: permitted.rows, wanted, now: deps.now() }),
  )
  // 엑셀로 이번 달 매출: answered, and offered as a file in the same breath.
  return understanding.format
    ? { ...rendered, download: { format: understanding.format, url: exportUrl(run, understanding.format) } }
    : rendered
}

async function offerExport(
  deps: AnswerDeps,
  run: Run,
  understanding: Understanding,
  query: BusinessQuery,
): Promise<Answer> {
  const decision = await permit(deps, run, query)
  if ('refusal' in decision) return decision.refusal
  const format = understanding.format ?? 'xlsx'
  return {
    ...offerFile(format, exportUrl(run, format), decision.asked),
    // How many rows there are is not known here: one, which takes no further cutting of a list.
    prompts: nextQuestions(decision.asked, { rows: 1, reach: decision.permitted.rows }).slice(0, 1),
  }
}

function exportUrl({ place }: Run, format: string): string {
  return `/api/v1/conversations/${place.conversationId}/turns/${place.turnId}/export?format=${format}`
}

/** The names of what the person may read, in the catalog's order. */
function readableEntities(deps: AnswerDeps, run: Run): string[] {
  const { question, wording } = run
  return Object.values(deps.catalog.entities)
    .filter(
      ({ entity }) =>
        deps.permitRead(question.actor, { entity, measures: ['count'] }, wording.today).kind === 'permitted',
    )
    .map(({ label }) => label[wording.language])
}
