import type { NameIndex, NameSense } from './names/name-index.ts'
import { romanKey } from './names/romanize.ts'
import type { Meaning, Piece, Sense } from './pieces.ts'
import { isBesideCut, isWholeSyllable, isWordSeat, seat, standsAlone } from './seat.ts'
import type { NormalText } from './text/normalize.ts'
import { isPlainEnglish } from './words/plain-words.ts'
import type { WordTrie } from './words/word-trie.ts'

type Tries = { catalog: WordTrie<Sense>; cues: WordTrie<Meaning>; names: NameIndex }

/** Aluminum housings are not the one called Aluminum Housing S. */
function isPlural({ compact, gap }: NormalText, end: number, sense: Sense): boolean {
  const isGlued = compact[end - 1] === 's' && !gap[end - 1] && /[a-z]/.test(compact[end - 2] ?? '')
  return isGlued && sense.kind === 'name' && /\sS$/i.test(sense.name)
}

type Senses = Map<number, readonly Sense[]>
const noSenses: Senses = new Map()

/** Everything that catalog words and names can mean from one place on, by where they end. */
function sensesAt(normal: NormalText, tries: Tries, start: number): Senses {
  const words = tries.catalog.matchesAt(normal.compact, start)
  const names = tries.names.trie.matchesAt(normal.compact, start)
  if (words.length === 0 && names.length === 0) return noSenses
  const senses: Senses = new Map()
  for (const { end, values } of words) {
    const isWhole = end - start > 1 || isWholeSyllable(normal, start, end)
    if (isWhole && standsAlone(normal, start, end)) senses.set(end, values)
  }
  for (const { end, values } of names) {
    if (!standsAlone(normal, start, end)) continue
    if (end - start === 1 && !isBesideCut(normal, tries.catalog, start, end)) continue
    const fitting = fittingNames(normal, start, end, values)
    if (fitting.length === 0) continue
    const others = senses.get(end)
    senses.set(end, others ? [...others, ...fitting] : fitting)
  }
  return senses
}

/** The names that may stand here: whole ones anywhere, parts of names as words of their own. */
function fittingNames(
  normal: NormalText,
  start: number,
  end: number,
  names: readonly NameSense[],
): readonly NameSense[] {
  const isWhole = ({ fit }: NameSense): boolean => fit === 'full' || fit === 'alias'
  const isSeated = names.every(isWhole) || isWordSeat(normal, start, end)
  const fits = (sense: NameSense): boolean => (isSeated || isWhole(sense)) && !isPlural(normal, end, sense)
  return names.every(fits) ? names : names.filter(fits)
}

/** 합 is a sum and 순 an order alone or with a particle; 합니다 and 순이익 are not. Stems take any ending. */
function isBareSyllable({ compact, gap }: NormalText, end: number, values: readonly Meaning[]): boolean {
  if (!values.some((meaning) => meaning.kind === 'cue' && (meaning.cue === 'total' || meaning.cue === 'sequence')))
    return true
  let to = end
  while (!gap[to]) to += 1
  return /^(?:은|는|이|을|만|도|요|으로|으로요)?$/.test(compact.slice(end, to))
}

function hasGap({ gap }: NormalText, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (gap[i]) return true
  return false
}

function addCues(normal: NormalText, tries: Tries, start: number, pieces: Piece[]): void {
  for (const { end, values } of tries.cues.matchesAt(normal.compact, start)) {
    const isLoose = end - start === 1 && (!normal.gap[start] || !isBareSyllable(normal, end, values))
    // 준비 중 has no 비중.
    const isTorn = !normal.gap[start] && hasGap(normal, start + 1, end)
    if (isLoose || isTorn || !standsAlone(normal, start, end)) continue
    const score = seat(normal, start, end) * 0.95
    if (score <= 0) continue
    for (const meaning of values)
      pieces.push({ start, end, score: meaning.kind === 'most' ? score + 0.1 : score, slips: 0, meaning })
  }
}

const countedAfter =
  /^\s*(?:이상|이하|초과|미만|넘|보다|대비|[가-힣]{1,2}\s*(?:이상|이하|초과|미만)|원|개|건|명|일|만|억|천|%|퍼|프로|or\b)/
const comparedBefore = /(?:than|over|under|below|above|least|most|[<>=₩$])\s*$/

/** Digits that are compared or counted are a number, also where a name is made of the same. */
function isPlainNumber({ text, textAt, compact }: NormalText, start: number, end: number): boolean {
  if (!/^\d+$/.test(compact.slice(start, end))) return false
  return (
    countedAfter.test(text.slice((textAt[end - 1] ?? 0) + 1)) || comparedBefore.test(text.slice(0, textAt[start] ?? 0))
  )
}

/** Catalog words, names and words of asking, anywhere in the text. A name that is only shortened weighs less than a word. */
export function readWords(normal: NormalText, tries: Tries): Piece[] {
  const pieces: Piece[] = []
  for (let start = 0; start < normal.compact.length; start += 1) {
    for (const [end, senses] of sensesAt(normal, tries, start)) {
      if (isPlainNumber(normal, start, end)) continue
      const isWeak = senses.every((sense) => sense.kind === 'name' && sense.fit === 'short')
      const isNumber = /^\d+$/.test(normal.compact.slice(start, end))
      const score = seat(normal, start, end) * (isWeak && !isNumber ? 0.85 : 1)
      if (score > 0) pieces.push({ start, end, score, slips: 0, meaning: { kind: 'words', senses } })
    }
    addCues(normal, tries, start, pieces)
  }
  return pieces
}

type LatinWord = { text: string; start: number; end: number }

function romanPiece(normal: NormalText, names: NameIndex, words: readonly LatinWord[]): Piece | undefined {
  const [first] = words
  const last = words.at(-1)
  if (!first || !last) return undefined
  const text = normal.text.slice(first.start, last.end)
  const isWord = words.length === 1 && isPlainEnglish(text)
  if (isWord || /[^a-z\s'&-]/.test(text)) return undefined
  const key = romanKey(text)
  if (key.length < 3) return undefined
  // Four letters are too few to tell a part of a name from an ordinary word: rain is not 라인.
  const start = normal.compactAt[first.start] ?? 0
  const end = normal.compactAt[last.end] ?? start
  const senses = names.roman
    .get(key)
    .filter((sense) => sense.fit !== 'short' || (key.length >= 4 && text.length >= 5))
    .filter((sense) => !isPlural(normal, end, sense))
  if (senses.length === 0 || end <= start) return undefined
  return { start, end, score: (end - start) ** 2 * 0.6, slips: 0, meaning: { kind: 'words', senses } }
}

/** Romanised names: runs of up to three Latin words, by the key that all spellings share. */
export function readRomanNames(normal: NormalText, names: NameIndex): Piece[] {
  const words = [...normal.text.matchAll(/[a-z][a-z'&-]*/g)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
  return words.flatMap((_, i) =>
    [1, 2, 3].flatMap((count) =>
      i + count <= words.length ? (romanPiece(normal, names, words.slice(i, i + count)) ?? []) : [],
    ),
  )
}
