import { type BusinessQuery, completeQuery, shapeOf } from '#catalog'
import type { UnderstandReply } from '#nlu'
import { AppError } from '#platform/errors'
import { platformErrors } from '#platform/platform-errors'
import { seoulDate } from '#platform/seoul-date'
import { currentTrace } from '#platform/trace'
import { describeQuery } from './answer/chips.ts'
import { renderFailure } from './answer/render-talk.ts'
import { toAsked, type Wording } from './answer/wording.ts'
import type { AnswerDeps, Question, Run } from './answer-run.ts'
import { answerUnderstood } from './answer-understood.ts'
import type { Answer, AskReply } from './api.ts'
import type { Told } from './conversation-store.ts'
import { openDeadline, questionMs } from './deadline.ts'
import { languageOf, readQuestion } from './read-question.ts'
import { describeReading } from './turn-reading.ts'

const mostStateWrites = 5

/**
 * Understand, permit, look up, render, audit, remember. The question is kept before anything else is tried, so a failure
 * loses nothing: it is remembered as failed and thrown as AppError. Throws QUESTION_*, CONVERSATION_NOT_FOUND, ANSWER_TIMEOUT,
 * ANSWER_INTERRUPTED and whatever understanding and the ERP throw.
 */
export async function answerQuestion(deps: AnswerDeps, question: Question): Promise<AskReply> {
  const text = readQuestion(question.text)
  const timer = deps.metrics.startTimer()
  const askedAt = deps.now()
  const deadline = openDeadline(question.signal, questionMs)
  const language = languageOf(text, question.language ?? question.actor.language)
  const wording = { catalog: deps.catalog, language, today: seoulDate(askedAt) }
  const { traceId } = currentTrace()
  const line = question.conversationId ?? traceId

  // Questions of one conversation take their places and are read in the order they came; looking up may overlap.
  const { run, reading } = await deps.turnstile(line, async () => {
    const owner = question.actor.userId
    const added = await deps.conversations.addQuestion({
      owner,
      conversationId: question.conversationId,
      question: text,
      askedAt,
      traceId,
    })
    question.onAccepted?.(added.conversationId)
    const run: Run = { question, text, wording, place: { owner, ...added }, askedAt, deadline, timer }
    return { run, reading: await settle(timer.measure('understand', () => readInState(deps, run))) }
  })
  const answered = reading.ok ? await settle(answerReading(deps, run, reading.value)) : reading
  const fail = (error: unknown) => renderFailure(toAppError(error), text, language)
  // Before the answer is kept, where it could be read later: what is not on record is not given.
  const intent = reading.ok ? reading.value.understanding.intent : null
  const recorded = await settle(recordAudit(deps, run, answered.ok ? answered.value : fail(answered.error), intent))
  const outcome = answered.ok && !recorded.ok ? recorded : answered
  const answer = outcome.ok ? outcome.value : fail(outcome.error)
  const timing = timer.finish(answer)
  const reply = reading.ok ? reading.value : undefined
  await remember(deps, run, { answer, timing, reading: describeReading(reply, answer) })
  if (!outcome.ok) throw outcome.error
  const { conversationId, turnId } = run.place
  return { conversationId, turn: { turnId, question: text, askedAt: askedAt.toISOString(), answer, traceId, timing } }
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown }

function settle<T>(work: Promise<T>): Promise<Settled<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  )
}

/** Reads the question in the conversation's state and keeps the state it leads to; reads again when another was faster. */
async function readInState({ conversations, understand }: AnswerDeps, run: Run): Promise<UnderstandReply> {
  const { place, text, wording, deadline } = run
  for (let attempt = 1; ; attempt += 1) {
    const { state, version } = await conversations.readState(place.owner, place.conversationId)
    const { today, language } = wording
    const reply = await deadline.wait(understand({ text, today, state, language }, deadline.signal))
    const isKept = await conversations.writeState(place.owner, place.conversationId, { state: reply.state, version })
    if (isKept) return reply
    if (attempt === mostStateWrites) throw new AppError(platformErrors.internal)
  }
}

async function answerReading(deps: AnswerDeps, run: Run, reply: UnderstandReply): Promise<Answer> {
  const complete = completeReading(reply, run.wording)
  const query = queryOf(complete)
  const asked = query ? toAsked(query, run.wording) : null
  if (asked) run.question.onUnderstood?.(describeQuery(asked))
  return answerUnderstood(deps, run, complete)
}

/** The reading with what the catalog takes for granted in its queries. The conversation keeps what was said, without it. */
function completeReading({ understanding, state }: UnderstandReply, { catalog, today }: Wording): UnderstandReply {
  const complete = (query: BusinessQuery) => completeQuery(query, catalog, today)
  // What is kept for other days is completed on those days.
  const isKept = understanding.intent === 'subscribe' || understanding.intent === 'alert'
  return {
    understanding: {
      ...understanding,
      ...(understanding.query && !isKept && { query: complete(understanding.query) }),
    },
    state: { ...state, ...(state.lastQuery && { lastQuery: complete(state.lastQuery) }) },
  }
}

/** The query a reading is about: its own, the one a name is missing in, or the last one it shows again. */
function queryOf({ understanding, state }: UnderstandReply): BusinessQuery | undefined {
  if (understanding.query) return understanding.query
  if (understanding.intent === 'clarify') return state.pending?.query
  return understanding.intent === 'view' || understanding.intent === 'export' ? state.lastQuery : undefined
}

function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError(platformErrors.internal, { cause: error })
}

/** An answer that cannot be kept is still an answer: the person gets it, and we hear of it. */
async function remember({ conversations, log }: AnswerDeps, { place }: Run, told: Told) {
  try {
    await conversations.addAnswer(place, told)
  } catch (error) {
    log.error({ err: error }, 'An answer could not be kept with its conversation')
  }
}

async function recordAudit(
  { audit, now }: AnswerDeps,
  { question, place, askedAt }: Run,
  answer: Answer,
  intent: string | null,
): Promise<Answer> {
  const refused = answer.kind === 'not-allowed'
  await audit.record({
    actorId: question.actor.userId,
    action: 'chat.ask',
    outcome: answer.kind === 'failed' ? 'failed' : refused ? 'refused' : 'ok',
    ip: question.ip,
    details: {
      conversationId: place.conversationId,
      turnId: place.turnId,
      kind: answer.kind,
      intent,
      durationMs: now().getTime() - askedAt.getTime(),
      shape: answer.query ? shapeOf(answer.query) : null,
      source: answer.source ?? null,
      errorCode: answer.errorCode ?? null,
    },
  })
  return answer
}
