import { type BusinessQuery, type Entity, isWithinLimits } from '#catalog'
import { answerClarify } from './dialogue/clarify-answer.ts'
import { isFollowUp, readRefinement } from './dialogue/follow-up.ts'
import { isSubjectOnly } from './dialogue/subject-only.ts'
import { preferTopic } from './intent/read-topic.ts'
import { assumeNames } from './intent/unknown-name.ts'
import { readManage } from './manage-request.ts'
import { hasCue, piecesOf } from './pieces.ts'
import { assembleQuery } from './plan/assemble-query.ts'
import { answersAll } from './plan/check-query.ts'
import type { EntityScore } from './plan/choose-entity.ts'
import { rankEntities } from './plan/rank-entities.ts'
import { readSaid, type Said } from './plan/read-said.ts'
import { findGroupings, isExchange, seeAs } from './plan/sentence.ts'
import { createPreparer, type DeciderDeps, type Turn } from './prepare-turn.ts'
import type { Reading } from './read-text.ts'
import { readShowing } from './show-request.ts'
import type { DialogueState, Understanding, UnderstandRequest } from './understanding.ts'
import { hasRecords, isWatch, readWish } from './watch-request.ts'

export type Outcome = { understanding: Omit<Understanding, 'confidence' | 'language' | 'spans'>; state: DialogueState }

/** So much must speak for an entity itself before a sentence is a question about it. */
const enoughEvidence = 1.1
/** Or so much more for one than for any other: 김민수 전화번호. */
const clearScore = 1
const clearLead = 0.9
/** What an entity needs to be tried after a better one had no place for a word. */
const enoughToTry = 0.8

export const outOfScope = (state: DialogueState, reason: NonNullable<Understanding['reason']>): Outcome => ({
  understanding: { intent: 'out_of_scope', reason },
  state,
})

/** A name and nothing but facts of its own record: 심우주 부서. */
const asksMasterData = (turn: Turn, { entity }: EntityScore): boolean =>
  entity.kind === 'master' &&
  seeAs(turn.catalog, entity, turn.reading, turn.request.today).words.every(
    ({ isForeign, names, field }) => !isForeign && (names.length > 0 || field !== undefined),
  )

/** Only a misspelling and a time: salsa this month. What else is said must speak of data too. */
const isGuess = ({ pieces }: Reading): boolean =>
  pieces.some(({ meaning, slips }) => meaning.kind === 'words' && slips >= 1) &&
  pieces.every(
    ({ meaning, slips }) => (slips >= 1 && meaning.kind !== 'cue') || ['period', 'plain'].includes(meaning.kind),
  )

/** The entity that the words are about, if they are clearly about any. */
function topOf(turn: Turn): EntityScore | undefined {
  const [top, second] = turn.ranked
  if (!top || top.score <= 0 || isGuess(turn.reading)) return undefined
  if (top.named >= enoughEvidence) return top
  if (top.score < clearScore) return undefined
  return top.score - (second?.score ?? 0) >= clearLead || asksMasterData(turn, top) ? top : undefined
}

function withShowing(
  turn: Turn,
  understanding: Outcome['understanding'],
  query: BusinessQuery,
): Outcome['understanding'] {
  return { ...understanding, ...readShowing(turn.reading.pieces, query) }
}

/** A query, or what it is to be repeated or watched for; a name that fits several makes it a question back. */
function finish(turn: Turn, intent: 'query' | 'refine', query: BusinessQuery, said: Said | undefined): Outcome {
  const { state } = turn.request
  const wish = readWish(turn, query)
  const finalIntent = wish?.intent ?? intent
  if (said?.clarify) {
    const { field, candidates } = said.clarify
    const { channel: _, ...kept } = wish ?? {}
    return {
      understanding: { intent: 'clarify', field, candidates },
      state: { ...state, pending: { query, field, candidates, ...kept, intent: finalIntent } },
    }
  }
  const understanding = withShowing(turn, { query, ...wish, intent: finalIntent }, query)
  const keeps = finalIntent === 'refine' && state.pending ? { pending: state.pending } : {}
  return { understanding, state: wish ? state : { ...keeps, lastQuery: query } }
}

function tryClarifyAnswer(turn: Turn): Outcome | undefined {
  const { pending, lastQuery } = turn.request.state
  if (!pending || topOf(turn) !== undefined) return undefined
  // A choice already made can be changed: then the query as it stands now is completed again.
  const isChosen =
    lastQuery?.entity === pending.query.entity &&
    lastQuery.where?.some(([field, , value]) => field === pending.field && pending.candidates.includes(String(value)))
  const query = answerClarify(turn.reading, pending, isChosen && lastQuery ? lastQuery : pending.query)
  if (!query) return undefined
  const intent = pending.intent === 'query' ? 'refine' : pending.intent
  return {
    understanding: {
      ...{ intent, query },
      ...(pending.schedule !== undefined && { schedule: pending.schedule }),
      ...(intent === 'alert' && pending.onlyNew && { onlyNew: pending.onlyNew }),
    },
    state: { lastQuery: query, pending: { ...pending, intent: 'refine' } },
  }
}

function tryManaging({ reading, request }: Turn): Outcome | undefined {
  const manage = readManage(reading)
  return manage && { understanding: { intent: 'manage', manage }, state: request.state }
}

function tryShowing(turn: Turn, topIsNamed: boolean): Outcome | undefined {
  if (topIsNamed || turn.reading.unknown.length > 0 || piecesOf(turn.reading.pieces, 'schedule').length > 0)
    return undefined
  const showing = readShowing(turn.reading.pieces, turn.request.state.lastQuery)
  const { state } = turn.request
  const changes = turn.reading.pieces.some(({ meaning }) =>
    ['words', 'period', 'grain', 'rank', 'most', 'sequence', 'comparison'].includes(meaning.kind),
  )
  if (changes) return undefined
  if (showing.format) return { understanding: { intent: 'export', format: showing.format }, state }
  return showing.view ? { understanding: { intent: 'view', view: showing.view }, state } : undefined
}

/** 바꿔줘 after a way to show or cut is about the answer, not about the ERP. */
function refusalOf(turn: Turn): 'write' | 'unknown' | undefined {
  const { refusal } = turn.kind
  if (refusal !== 'write') return refusal
  if (turn.request.state.lastQuery && isExchange(turn.reading)) return undefined
  const shapes = ['grain', 'view', 'format', 'sequence', 'rank', 'schedule']
  const isShaping =
    turn.reading.pieces.some(({ meaning }) => shapes.includes(meaning.kind)) ||
    hasCue(turn.reading.pieces, 'instead', 'by')
  return isShaping || findGroupings(turn.reading).size > 0 ? undefined : 'write'
}

function tryRefinement(turn: Turn): Outcome | undefined {
  const { lastQuery } = turn.request.state
  const top = topOf(turn)
  if (!lastQuery || turn.reading.unknown.length > 0 || !isFollowUp(turn.reading, top, lastQuery)) return undefined
  const refined = readRefinement(turn.catalog, turn.reading, { last: lastQuery, top, today: turn.request.today })
  if (refined !== 'lost') return refined && finish(turn, 'refine', refined.query, refined.said)
  return isSubjectOnly(turn.reading) ? outOfScope(turn.request.state, 'unknown') : undefined
}

/** Top customers is asked of what moves between us, not of the address book: then the transactions are meant. */
function transactionsOf(turn: Turn, master: Entity): Entity | undefined {
  const ranks = turn.reading.pieces.some(
    ({ meaning }) => (meaning.kind === 'rank' || meaning.kind === 'most') && !('of' in meaning && meaning.of),
  )
  if (master.kind !== 'master' || !ranks) return undefined
  return Object.values(turn.catalog.entities).find(
    (entity) =>
      entity.kind === 'transaction' &&
      seeAs(turn.catalog, entity, turn.reading, turn.request.today).words.every(({ isForeign }) => !isForeign),
  )
}

/** Tries the entities that the words may be about, best first, until one has a place for every word. */
function tryQuery(turn: Turn): Outcome | undefined {
  const top = topOf(turn)
  if (!top || turn.reading.unknown.length > 0) return undefined
  for (const candidate of turn.ranked) {
    if (
      candidate.score < Math.min(top.score - 2.5, enoughEvidence) ||
      (candidate !== top && candidate.named < enoughToTry)
    )
      break
    const seen = seeAs(
      turn.catalog,
      transactionsOf(turn, candidate.entity) ?? candidate.entity,
      turn.reading,
      turn.request.today,
    )
    const said = readSaid(seen)
    if (isWatch(turn.reading) && !(turn.isOfNew && hasRecords(seen.entity))) said.measure.wantsNumber = true
    if (said.unplaced.length > 0) continue
    const query = assembleQuery(seen.entity, said)
    if (!isWatch(turn.reading) && !answersAll(seen, said, query)) continue
    return finish(turn, 'query', query, said)
  }
  return undefined
}

/** What no reading of the catalog's words could answer may be said in other words for another entity. */
function tryTopic(turn: Turn): Outcome | undefined {
  const reading = preferTopic(turn.catalog, turn.reading, turn.kind.topic)
  return reading && tryQuery({ ...turn, reading, ranked: rankEntities(turn.catalog, reading) })
}

/** All is understood but one name, which is not in the master data: says which. */
function admitUnknownName(turn: Turn): Outcome | undefined {
  for (const { reading, text, domain } of assumeNames(turn.catalog, turn.reading, turn.model.guessName)) {
    const assumed = { ...turn, reading, ranked: rankEntities(turn.catalog, reading) }
    if (!(tryRefinement(assumed) ?? tryQuery(assumed))) continue
    const { understanding, state } = outOfScope(turn.request.state, 'unknown_name')
    return { understanding: { ...understanding, field: domain, candidates: [text] }, state }
  }
  return undefined
}

const talks = ['greeting', 'thanks', 'help'] as const
const enoughForTalk = 0.6
/** Words of the company and times stand in small talk too (오늘도 수고했어); of own sentences about data none comes near this. */
const sureOfKind = 0.7
const sureOfFollowUp = 0.9

/** Small talk: nothing in it is about data. */
function tryTalk(turn: Turn): Outcome | undefined {
  const { kind, reading, request } = turn
  const talk = talks.find((name) => name === kind.kind)
  const content = ['grain', 'amount', 'document', 'view', 'format', 'schedule', 'rank']
  if (kind.probability < sureOfKind) content.push('words', 'period')
  const hasContent = reading.pieces.some(({ meaning }) => content.includes(meaning.kind))
  if (!talk || hasContent || kind.probability < enoughForTalk) return undefined
  return { understanding: { intent: talk }, state: request.state }
}

/** A follow-up leaves most of what it means unsaid, and so looks like nothing in particular. */
const isDeclined = ({ kind, request }: Turn): boolean =>
  kind.kind === 'declined' && kind.probability >= (request.state.lastQuery ? sureOfFollowUp : sureOfKind)

function decide(turn: Turn): Outcome {
  const { state } = turn.request
  if (turn.reading.normal.cut) return outOfScope(state, 'unknown')
  const answered = tryManaging(turn) ?? tryClarifyAnswer(turn)
  if (answered) return answered
  const refusal = refusalOf(turn)
  const light = tryTalk(turn) ?? (refusal ? undefined : tryShowing(turn, topOf(turn) !== undefined))
  if (light) return light
  if (refusal) return outOfScope(state, refusal)
  if (turn.reading.normal.compact === '' || isDeclined(turn)) return outOfScope(state, 'unknown')
  return (
    tryRefinement({ ...turn, ...turn.before }) ??
    tryRefinement(turn) ??
    tryQuery(turn) ??
    tryTopic(turn) ??
    admitUnknownName(turn) ??
    outOfScope(state, 'unknown')
  )
}

/** More cuts or conditions than a business query may have: nobody could read the answer, and nobody would accept the query. */
function withinLimits(outcome: Outcome, before: DialogueState): Outcome {
  const { query } = outcome.understanding
  if (!query || isWithinLimits(query)) return outcome
  return outOfScope(before, 'unknown')
}

/** What a sentence was taken to ask for, and what that was decided on. */
export type Decision = { turn: Turn; outcome: Outcome }

/** Makes a function that decides what sentences ask for, before anyone judges how sure that is. Indexes the catalog's words once. */
export function createDecider(deps: DeciderDeps): (request: UnderstandRequest) => Decision {
  const prepare = createPreparer(deps)
  return (request) => {
    const turn = prepare(request)
    return { turn, outcome: withinLimits(decide(turn), request.state) }
  }
}
