import type { Catalog } from '#catalog'
import { type Meaning, type Piece, piecesOf, type Sense } from '../pieces.ts'
import type { EntityScore } from '../plan/choose-entity.ts'
import type { Reading } from '../read-text.ts'
import { isPlainKorean } from '../words/plain-words.ts'
import type { Topic } from './request-model.ts'

const wordPattern = /[가-힣]+|[a-z]+/g
export const wordsOf = (text: string): string[] => text.toLowerCase().match(wordPattern) ?? []

const slotPattern = /\{[a-z]+\}/g
/** A word that stands in topics of so many entities (돈) tells of none. */
const tooManyEntities = 3

/**
 * The words that tell of each topic: those that its patterns have, and neither patterns about no topic nor those of many others.
 * Keys are the labels of the training files.
 */
export function topicWordsOf(
  wording: readonly { label: string; texts: readonly string[] }[],
): Record<string, string[]> {
  const wordsIn = (texts: readonly string[]) =>
    new Set(texts.flatMap((text) => wordsOf(text.replace(slotPattern, ' '))))
  const general = wordsIn(wording.filter(({ label }) => label === 'ask').flatMap(({ texts }) => texts))
  const topics = wording
    .filter(({ label }) => label.includes('.'))
    .map(({ label, texts }) => ({ label, entity: label.split('.')[0] ?? '', words: wordsIn(texts) }))
  const entitiesOf = (word: string) => new Set(topics.flatMap(({ entity, words }) => (words.has(word) ? [entity] : [])))
  const tells = (word: string) => !general.has(word) && entitiesOf(word).size < tooManyEntities
  return Object.fromEntries(topics.map(({ label, words }) => [label, [...words].filter(tells).sort()]))
}

/** So sure the model must be of what a sentence is about when no word of the catalog says it, and when one says otherwise. */
const sureOfTopic = 0.6
const sureDespiteWords = 0.5
/** And when none of its words is one that tells. */
const certainOfTopic = 0.85

type Stretch = { start: number; end: number; isTelling: boolean }

/** The written words that no piece covers, or the parts of them left beside pieces. */
export function openWords({ normal, pieces }: Reading): { start: number; end: number; text: string }[] {
  const covered = new Uint8Array(normal.compact.length)
  for (const { start, end } of pieces) covered.fill(1, start, end)
  const words: { start: number; end: number; text: string }[] = []
  for (let start = 0; start < covered.length; start += 1) {
    if (covered[start]) continue
    let end = start + 1
    while (end < covered.length && !covered[end] && !normal.gap[end]) end += 1
    words.push({ start, end, text: normal.compact.slice(start, end) })
    start = end - 1
  }
  return words
}

/** A word of the topic, whatever ending it takes: 벌었, 벌었대. */
function isTopicWord(text: string, words: readonly string[]): boolean {
  return words.some((word) => {
    if (word === text) return true
    const stem = word.length >= 3 ? word.slice(0, -1) : word
    return (
      stem.length >= 2 &&
      /^[가-힣]/.test(stem) &&
      text.startsWith(stem) &&
      isPlainKorean(text.slice(stem.length), 'stem')
    )
  })
}

function stretchesOf(reading: Reading, topic: Topic): Stretch[] {
  const stretches: Stretch[] = []
  for (const { start, end, text } of openWords(reading)) {
    const isTelling = isTopicWord(text, topic.words)
    const last = stretches.at(-1)
    // Only words that tell are taken: one beside them that nobody knows stays unknown.
    if (last && last.end === start && last.isTelling && isTelling) last.end = end
    else stretches.push({ start, end, isTelling })
  }
  return stretches.filter((stretch) => stretch.isTelling)
}

/** Whether a word can be meant about an entity: its own, or one of its fields beside a name (overdue from Blue Wave). */
const fitsIn = ({ pieces }: Reading, entity: string): boolean => {
  const senses = piecesOf(pieces, 'words').flatMap(({ meaning }) => meaning.senses)
  const isOwn = senses.some((one) => (one.kind === 'entity' || one.kind === 'measure') && one.entity === entity)
  const hasName = senses.some(({ kind }) => kind === 'name')
  return isOwn || (hasName && senses.some((one) => one.kind === 'dimension' && one.entity === entity))
}

/** Where the topic is said: its own words, or where a word that several entities have (left) is of its entity too, the last open one. */
function anchorsOf(reading: Reading, topic: Topic): Stretch[] {
  const telling = stretchesOf(reading, topic)
  const isSure = topic.probability >= certainOfTopic && reading.unknown.length === 0 && fitsIn(reading, topic.entity)
  if (telling.length > 0 || !isSure) return telling
  const last = openWords(reading).at(-1)
  return last ? [{ start: last.start, end: last.end, isTelling: true }] : []
}

function sensesOf(catalog: Catalog, { entity, measure }: Topic): Sense[] {
  const known = catalog.entities[entity]
  if (!known || (measure !== undefined && measure !== 'count' && !(measure in known.measures))) return []
  return measure === undefined || measure === 'count'
    ? [{ kind: 'entity', entity }]
    : [{ kind: 'measure', entity, measure }]
}

const says = ({ pieces }: Reading, entity: string): boolean =>
  pieces.some(
    ({ meaning }) =>
      meaning.kind === 'words' &&
      meaning.senses.some((one) => (one.kind === 'entity' || one.kind === 'measure') && one.entity === entity),
  )

/**
 * Whether something is left to be said in other words: no entity is named, or only a list of names (거래처), or only a name that
 * the topic's entity alone has, and not what of it is asked (조립라인에서 몇 개 찍었어).
 */
function leavesRoom(reading: Reading, topic: Topic, [top]: readonly EntityScore[]): boolean {
  if (!top || top.named < 1.1 || top.entity.kind === 'master') return true
  return top.entity.entity === topic.entity && (reading.unknown.length > 0 || !says(reading, topic.entity))
}

/**
 * Adds what the sentence is about to what was read, when no catalog word names it and the model is sure: the topic's own words
 * become a piece that means its entity and measure. Every word that nothing else knows must be one of them.
 */
export function addTopic(
  catalog: Catalog,
  reading: Reading,
  topic: Topic | undefined,
  ranked: readonly EntityScore[],
): Reading {
  if (!topic || topic.probability < sureOfTopic || !leavesRoom(reading, topic, ranked)) return reading
  return withTopic(catalog, reading, topic) ?? reading
}

/**
 * The reading when the topic is believed over catalog words of other entities (누가 제일 많이 사갔어: 사 is no purchase of ours). For
 * sentences that could not be made a query otherwise. Undefined when the model is not sure enough.
 */
export function preferTopic(catalog: Catalog, reading: Reading, topic: Topic | undefined): Reading | undefined {
  if (!topic || topic.probability < sureDespiteWords) return undefined
  const isOther = (piece: Piece): boolean =>
    piece.meaning.kind === 'words' &&
    piece.meaning.senses.every((sense) => sense.kind !== 'name' && sense.entity !== topic.entity) &&
    isTopicWord(writtenWordAt(reading, piece.start), topic.words)
  const pieces = reading.pieces.filter((piece) => !isOther(piece))
  return pieces.length === reading.pieces.length ? undefined : withTopic(catalog, { ...reading, pieces }, topic)
}

function withTopic(catalog: Catalog, reading: Reading, topic: Topic): Reading | undefined {
  const senses = sensesOf(catalog, topic)
  const stretches = anchorsOf(reading, topic)
  const isKnown = ({ start, end }: { start: number; end: number }) =>
    stretches.some((stretch) => stretch.start <= start && end <= stretch.end)
  if (senses.length === 0 || stretches.length === 0 || !reading.unknown.every(isKnown)) return undefined
  const meaning: Meaning = { kind: 'words', senses }
  const added = stretches.map(({ start, end }): Piece => ({ start, end, score: (end - start) ** 2, slips: 0, meaning }))
  return { ...reading, pieces: [...reading.pieces, ...added].sort((a, b) => a.start - b.start), unknown: [] }
}

function writtenWordAt({ normal }: Reading, at: number): string {
  let start = at
  while (!normal.gap[start]) start -= 1
  let end = at + 1
  while (!normal.gap[end]) end += 1
  return normal.compact.slice(start, end)
}
