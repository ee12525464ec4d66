import type { RequestKind } from '../intent/request-kind.ts'
import type { EntityScore } from '../plan/choose-entity.ts'
import type { Reading } from '../read-text.ts'
import type { Understanding } from '../understanding.ts'

/** What a decision was made on. */
export type DecisionGrounds = { reading: Reading; kind: RequestKind; ranked: readonly EntityScore[] }

/** Decisions of one sort go wrong for the same causes. */
export const decisionSorts = ['answered', 'asked', 'declined', 'talked'] as const
export type DecisionSort = (typeof decisionSorts)[number]

/** The signs of how sure a decision is, in the order of {@link describeDecision}. All lie between 0 and about 1. */
export const signNames = [
  'slips',
  'slipped words',
  'short slips',
  'lead',
  'evidence',
  'shared evidence',
  'a question',
  'declined by the model',
  'surest kind',
  'topic',
  'letters not read',
  'unknown words',
  'shortened names',
  'passed over the likeliest entity',
  'conditions',
  'words',
  'follows up',
  'nothing to go by',
  'unlike anything learned',
  'strange words',
  'names with slips',
  'attributes only',
] as const

type Decision = Pick<Understanding, 'intent' | 'query' | 'reason'>

export function sortOf({ intent }: Decision): DecisionSort {
  if (intent === 'out_of_scope') return 'declined'
  if (intent === 'clarify') return 'asked'
  return ['query', 'refine', 'subscribe', 'alert'].includes(intent) ? 'answered' : 'talked'
}

function slipSigns({ pieces }: Reading): number[] {
  const slipped = pieces.filter(({ slips }) => slips > 0)
  if (slipped.length === 0) return [0, 0, 0]
  const short = slipped.filter(({ start, end, slips }) => end - start <= 2 && slips > 0.5)
  const sum = slipped.reduce((total, { slips }) => total + slips, 0)
  return [Math.min(1, sum / 3), Math.min(1, slipped.length / 3), Math.min(1, short.length)]
}

function coverage({ normal, pieces }: Reading): number {
  const read = pieces.reduce((total, { start, end }) => total + end - start, 0)
  return normal.compact.length === 0 ? 0 : 1 - read / normal.compact.length
}

function countNames({ pieces }: Reading): { shortened: number; slippedNames: number } {
  let [shortened, slippedNames] = [0, 0]
  for (const { meaning, slips } of pieces) {
    if (meaning.kind !== 'words' || meaning.senses.some(({ kind }) => kind !== 'name')) continue
    if (slips > 0) slippedNames += 1
    if (meaning.senses.every((one) => one.kind === 'name' && one.fit === 'short')) shortened += 1
  }
  return { shortened, slippedNames }
}

function countWords({ normal }: Reading): number {
  let gaps = 0
  for (const isGap of normal.gap) if (isGap) gaps += 1
  return gaps - 1
}

/** All records of an entity, in no order: what is left when nothing else in a sentence was made out. */
const isBareList = ({ query }: Decision): boolean =>
  query?.measures.length === 0 && !query.where && !query.period && !query.orderBy && !query.groupBy

/** What speaks for and against a decision, as numbers. */
export function describeDecision({ reading, kind, ranked }: DecisionGrounds, decision: Decision): number[] {
  const [first, second] = ranked
  const chosen = ranked.find(({ entity }) => entity.entity === decision.query?.entity) ?? first
  const lead = chosen ? chosen.score - (chosen === first ? (second?.score ?? 0) : (first?.score ?? 0)) : 0
  const { shortened, slippedNames } = countNames(reading)
  return [
    ...slipSigns(reading),
    Math.max(-1, Math.min(1, lead / 3)),
    Math.min(1, Math.max(0, (chosen?.named ?? 0) / 4)),
    Math.min(1, Math.max(0, ((chosen?.score ?? 0) - (chosen?.named ?? 0)) / 2)),
    kind.probabilityOf('ask'),
    kind.probabilityOf('declined') + kind.probabilityOf('write'),
    kind.probability,
    kind.topic?.probability ?? 0,
    coverage(reading),
    Math.min(1, reading.unknown.length / 3),
    Math.min(1, shortened / 2),
    chosen && chosen !== first ? 1 : 0,
    Math.min(1, (decision.query?.where?.length ?? 0) / 4),
    Math.min(1, countWords(reading) / 10),
    decision.intent === 'refine' ? 1 : 0,
    reading.pieces.length === 0 ? 1 : 0,
    kind.doubt,
    Math.min(1, kind.strangers / 2),
    Math.min(1, slippedNames),
    isBareList(decision) ? 1 : 0,
  ]
}
