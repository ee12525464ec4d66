import type { Example } from '../example.ts'
import { FeatureIndex } from './feature-index.ts'
import { addPhrase, findPhrases, type PhraseBook, phraseHash } from './phrase-book.ts'
import { type LabelSpan, labelCount, labelsOf } from './slot-labels.ts'
import { splitTokens, type Token } from './split-tokens.ts'
import { type Features, featuresOf } from './token-features.ts'

/** A text as the trainer walks it: feature numbers of token t are `features[starts[t]]`…`features[starts[t + 1] - 1]`. */
export type Lesson = { labels: Uint16Array; starts: Int32Array; features: Int32Array }

/** Which labels each feature weighs: those it was seen with, `labels[starts[f]]`…`labels[starts[f + 1] - 1]`. */
export type Pairs = { starts: Int32Array; labels: Uint16Array }

export type Prepared = { slots: string[]; book: PhraseBook; hashes: Int32Array; lessons: Lesson[]; pairs: Pairs }

export type Sources = {
  intentOf?: ((text: string) => string) | undefined
  gazetteers?: Readonly<Record<string, readonly string[]>> | undefined
}

// A feature of one token only tells that token; those seen twice carry over.
const leastCount = 2

type Labelled = { text: string; tokens: Token[]; spans: LabelSpan[] }

function labelTokens({ text, spans = [] }: Example, slots: ReadonlyMap<string, number>): Labelled {
  const tokens = splitTokens(text)
  const from = new Map(tokens.map((token, i) => [token.start, i]))
  const to = new Map(tokens.map((token, i) => [token.end, i]))
  const found = spans.flatMap(([start, end, slot]) => {
    const span = { from: from.get(start), to: to.get(end), slot: slots.get(slot) }
    const isWhole = span.from !== undefined && span.to !== undefined && span.to >= span.from
    return isWhole ? [span as LabelSpan] : []
  })
  return { text, tokens, spans: found }
}

function phrasesOf(texts: readonly Labelled[]): PhraseBook {
  const book: PhraseBook = new Map()
  for (const { tokens, spans } of texts)
    for (const { from, to, slot } of spans) addPhrase(book, phraseHash(tokens, from, to), slot)
  return book
}

function addGazetteers(book: PhraseBook, sources: Sources, slots: number): void {
  Object.values(sources.gazetteers ?? {}).forEach((phrases, i) => {
    for (const phrase of new Set(phrases)) {
      const tokens = splitTokens(phrase)
      if (tokens.length > 0) addPhrase(book, phraseHash(tokens, 0, tokens.length - 1), slots + i)
    }
  })
}

/** Numbers the features that occur often enough, and rewrites the texts with those numbers. */
function numberFeatures(seen: readonly Features[]): { index: FeatureIndex; rewritten: Omit<Lesson, 'labels'>[] } {
  const all = new FeatureIndex(1 << 16)
  let counts = new Int32Array(1 << 16)
  for (const { hashes } of seen)
    for (const hash of hashes) {
      const id = all.add(hash)
      if (id === counts.length) {
        const wider = new Int32Array(id * 2)
        wider.set(counts)
        counts = wider
      }
      counts[id] = (counts[id] as number) + 1
    }
  const index = new FeatureIndex(1 << 16)
  const rewritten = seen.map(({ hashes, starts: old }) => {
    const kept: number[] = []
    const starts = new Int32Array(old.length)
    for (let t = 0; t + 1 < old.length; t += 1) {
      for (let i = old[t] as number; i < (old[t + 1] as number); i += 1)
        if ((counts[all.find(hashes[i] as number)] as number) >= leastCount) kept.push(index.add(hashes[i] as number))
      starts[t + 1] = kept.length
    }
    return { starts, features: Int32Array.from(kept) }
  })
  return { index, rewritten }
}

function pairsOf(lessons: readonly Lesson[], features: number, labels: number): Pairs {
  const seen = new FeatureIndex(1 << 16)
  for (const { labels: gold, starts, features: ids } of lessons)
    for (let t = 0; t < gold.length; t += 1)
      for (let i = starts[t] as number; i < (starts[t + 1] as number); i += 1)
        seen.add((ids[i] as number) * labels + (gold[t] as number))
  const keys = seen.hashes().sort()
  const starts = new Int32Array(features + 1)
  for (const key of keys) starts[Math.floor(key / labels) + 1] = (starts[Math.floor(key / labels) + 1] as number) + 1
  for (let f = 0; f < features; f += 1) starts[f + 1] = (starts[f + 1] as number) + (starts[f] as number)
  return { starts, labels: Uint16Array.from(keys, (key) => key % labels) }
}

/**
 * Everything that training needs of its examples. Spans that do not begin and end with a token are left out. Phrases of the
 * examples' own spans are looked up as for an unseen text: without the text's own labels.
 */
export function prepareExamples(examples: readonly Example[], sources: Sources): Prepared {
  const slots = [...new Set(examples.flatMap(({ spans = [] }) => spans.map(([, , slot]) => slot)))].sort()
  const numbers = new Map(slots.map((slot, i) => [slot, i]))
  const texts = examples.map((example) => labelTokens(example, numbers)).filter(({ tokens }) => tokens.length > 0)
  const book = phrasesOf(texts)
  addGazetteers(book, sources, slots.length)
  const seen = texts.map((one) =>
    featuresOf({
      tokens: one.tokens,
      intent: sources.intentOf?.(one.text),
      found: findPhrases(book, one.tokens, phrasesOf([one])),
    }),
  )
  const { index, rewritten } = numberFeatures(seen)
  const lessons = rewritten.map((lesson, i) => {
    const { tokens, spans } = texts[i] as Labelled
    return { ...lesson, labels: labelsOf(tokens.length, spans) }
  })
  const pairs = pairsOf(lessons, index.size, labelCount(slots.length))
  return { slots, book, hashes: index.hashes(), lessons, pairs }
}
