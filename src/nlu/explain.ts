import type { Catalog } from '#catalog'
import { createReader } from './create-reader.ts'
import { describeMeaning } from './describe-spans.ts'
import { type EntityExplanation, reasonsFor } from './explain-decision.ts'
import { exposeNames } from './intent/hidden-name.ts'
import { keepRequestModel } from './intent/open-request-model.ts'
import { addTopic } from './intent/read-topic.ts'
import { judgeRequest } from './intent/request-kind.ts'
import type { RequestModel } from './intent/request-model.ts'
import { withPlaceholders } from './intent/request-shape.ts'
import type { NameIndex } from './names/name-index.ts'
import type { Piece } from './pieces.ts'
import { assembleQuery } from './plan/assemble-query.ts'
import type { EntityScore } from './plan/choose-entity.ts'
import { forgiveNamedCounts } from './plan/named-counts.ts'
import { rankEntities } from './plan/rank-entities.ts'
import { readSaid } from './plan/read-said.ts'
import { seeAs } from './plan/sentence.ts'
import type { Reading } from './read-text.ts'
import type { NormalText } from './text/normalize.ts'
import type { Understanding } from './understanding.ts'

/** A stretch of the text as it was typed. */
type Stretch = { start: number; end: number; text: string }

/** How a text was read, step by step: for people who look after the catalog. */
type Explanation = {
  /** The written words. */
  tokens: Stretch[]
  /** As the model of requests sees it: company words as ①, names ②, times ③, numbers ④. */
  shape: string
  /** What sort of request the model takes it for, likeliest first. */
  kinds: { kind: string; probability: number }[]
  /** The nearest of the training files' labels, and what it is likeliest about when no catalog word says so. */
  label: string
  topic?: { about: string; probability: number }
  /** Everything that a grammar or a list of asking words read anywhere, whether or not it was used. */
  grammars: (Stretch & { grammar: string; reading: string; isUsed: boolean })[]
  /** The reading that was settled on. */
  slots: (Stretch & { kind: string; reading: string; score: number; slips: number })[]
  /** What was said that nothing knows; any of these and the question is declined. */
  unknown: Stretch[]
  /** Entities that words speak for, best first. */
  entities: EntityExplanation[]
  /** What the confidence is made of: how sure the model is that it is a question, slips, and the lead over the next entity. */
  confidence: { total: number; ask: number; slips: number; lead: number }
  /** Why it was answered, asked back or declined, one sentence a step. */
  because: string[]
}

type Deps = { catalog: Catalog; names: () => NameIndex; model?: () => RequestModel }
/** Explains what `understanding` was made of: the same text read again, with every step shown. */
type Explain = (text: string, today: string, understanding: Understanding) => Explanation

const stretchOf = ({ raw, rawAt, textAt }: NormalText, from: number, to: number): Stretch => {
  const start = rawAt[textAt[from] ?? 0] ?? 0
  const end = to <= from ? start : (rawAt[(textAt[to - 1] ?? 0) + 1] ?? raw.length)
  return { start, end, text: raw.slice(start, end) }
}

function tokensOf(normal: NormalText): Stretch[] {
  const tokens: Stretch[] = []
  for (let start = 0; start < normal.compact.length; ) {
    let end = start + 1
    while (!normal.gap[end]) end += 1
    tokens.push(stretchOf(normal, start, end))
    start = end
  }
  return tokens
}

const isGrammar = ({ meaning }: Piece): boolean => meaning.kind !== 'words' && meaning.kind !== 'plain'

function grammarsOf(normal: NormalText, candidates: readonly Piece[], { pieces }: Reading): Explanation['grammars'] {
  const used = new Set(pieces.map(({ start, end, meaning }) => `${start} ${end} ${meaning.kind}`))
  return candidates.filter(isGrammar).map(({ start, end, meaning }) => ({
    ...stretchOf(normal, start, end),
    grammar: meaning.kind,
    reading: describeMeaning(meaning, undefined).reading,
    isUsed: used.has(`${start} ${end} ${meaning.kind}`),
  }))
}

function explainEntity(catalog: Catalog, reading: Reading, today: string, one: EntityScore): EntityExplanation {
  const said = readSaid(seeAs(catalog, one.entity, reading, today))
  const { score, named } = one
  return {
    entity: one.entity.entity,
    score,
    named,
    unplaced: said.unplaced,
    query: assembleQuery(one.entity, said),
  }
}

/** Makes a function that explains single texts, with the same parts that understanding uses. */
export function createExplainer({ catalog, names, model = keepRequestModel() }: Deps): Explain {
  const reader = createReader(catalog, names)
  return (text, today, understanding) => {
    const said = exposeNames(forgiveNamedCounts(catalog, reader.read(text, today)), model().guessName)
    const { normal } = said
    const kind = judgeRequest(model(), said)
    const reading = addTopic(catalog, said, kind.topic, rankEntities(catalog, said))
    const ranked = rankEntities(catalog, reading).filter(({ score }) => score > 0)
    const [first, second] = ranked
    const entities = ranked.map((one) => explainEntity(catalog, reading, today, one))
    const { topic } = kind
    return {
      tokens: tokensOf(normal),
      shape: withPlaceholders(said),
      kinds: kind.kinds,
      label: kind.label,
      ...(topic ? { topic: { about: [topic.entity, topic.measure].join('.'), probability: topic.probability } } : {}),
      grammars: grammarsOf(normal, reader.readAll(text, today), reading),
      slots: reading.pieces.map(({ start, end, score, slips, meaning }) => ({
        ...stretchOf(normal, start, end),
        ...describeMeaning(meaning, understanding.query?.entity),
        score,
        slips,
      })),
      unknown: reading.unknown.map(({ start, end }) => stretchOf(normal, start, end)),
      entities,
      confidence: {
        total: understanding.confidence,
        ask: kind.probabilityOf('ask'),
        slips: reading.pieces.reduce((sum, { slips }) => sum + slips, 0),
        lead: (first?.score ?? 0) - (second?.score ?? 0),
      },
      because: reasonsFor({ reading, kind, entities, understanding }),
    }
  }
}
