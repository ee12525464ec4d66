import { bestCover, findUnknown, type UnknownWord } from './cover.ts'
import type { FuzzyWords } from './names/fuzzy-words.ts'
import { romanKey } from './names/romanize.ts'
import type { Meaning, Piece, Sense } from './pieces.ts'
import { readCandidates, type Vocabulary } from './read-candidates.ts'
import { type NormalText, normalizeText } from './text/normalize.ts'
import { ordinaryWords } from './words/ordinary-words.ts'
import { isPlainKorean } from './words/plain-words.ts'

/** A text as pieces that are understood and words that are not. */
export type Reading = { normal: NormalText; pieces: Piece[]; unknown: UnknownWord[] }

export type ReaderDeps = Vocabulary & {
  /** What was begun as a document number and is none. */
  findBroken: (text: string) => { start: number; end: number }[]
  fuzzyCatalog: FuzzyWords<Sense>
  fuzzyCommon: FuzzyWords<true>
}

const longestMisspelt = 14
/** A text with more strange words than this is not a question with slips in it. */
const mostMisspelt = 6

/** Where a misspelt word that includes `unknown` may begin and end: at spaces, and before particles. */
function windowsAround({ compact, gap }: NormalText, unknown: UnknownWord): [number, number][] {
  const starts: number[] = []
  for (let start = unknown.start, words = 0; start >= 0 && words < 2; start -= 1) {
    if (gap[start]) {
      starts.push(start)
      words += 1
    }
  }
  if (!starts.includes(unknown.start)) starts.push(unknown.start)
  const ends: number[] = []
  let words = 0
  for (
    let end = unknown.start + 1;
    end <= Math.min(compact.length, unknown.start + 2 * longestMisspelt) && words < 2;
    end += 1
  ) {
    const atGap = gap[end] === true
    if (atGap) words += 1
    if (end < unknown.start + 1) continue
    const rest = atGap ? '' : compact.slice(end, nextGap(gap, end))
    if (atGap || isPlainKorean(rest, 'noun')) ends.push(end)
  }
  return starts
    .flatMap((start) => ends.map((end): [number, number] => [start, end]))
    .filter(
      ([start, end]) =>
        end - start >= 2 && end - start <= (/[a-z]/.test(compact[start] ?? '') ? 2 * longestMisspelt : longestMisspelt),
    )
}

function nextGap(gap: readonly boolean[], from: number): number {
  let end = from
  while (!gap[end]) end += 1
  return end
}

/** Two syllables with a space between are two words, not one misspelt. */
const isTwoWords = ({ gap }: NormalText, start: number, end: number): boolean =>
  end - start <= 2 && gap[start + 1] === true

type Misspelt = { slips: number; meaning: Meaning }

/** The words of the catalog, names and words of time and asking that a misspelt one may have meant. */
function readMisspelt(text: string, today: string, deps: ReaderDeps, hasContext: boolean): Misspelt | undefined {
  if (ordinaryWords.has(text)) return undefined
  const isLatin = /^[a-z]+$/.test(text)
  const matches = [
    ...deps.fuzzyCatalog.near(text),
    ...(hasContext ? deps.fuzzyCatalog.nearShort(text) : []),
    ...deps.names.fuzzy.near(text),
    ...(isLatin ? deps.names.fuzzyRoman.near(romanKey(text)) : []),
  ].sort((a, b) => a.slips - b.slips)
  const nearest = matches[0]?.slips
  const common = [...deps.fuzzyCommon.near(text), ...deps.fuzzyCommon.nearShort(text)].sort(
    (a, b) => a.slips - b.slips,
  )[0]
  if (common && common.slips < (nearest ?? Number.POSITIVE_INFINITY)) {
    const normal = normalizeText(common.word)
    const [piece] = bestCover(normal.compact.length, readCandidates(normal, today, deps))
    if (piece && piece.end - piece.start === normal.compact.length)
      return { slips: common.slips, meaning: piece.meaning }
  }
  if (nearest === undefined) return undefined
  const senses = matches.filter((match) => match.slips <= nearest + 0.25).flatMap((match) => match.values)
  return { slips: nearest, meaning: { kind: 'words', senses } }
}

function misspeltPieces(
  normal: NormalText,
  { pieces: exact, unknown }: Omit<Reading, 'normal'>,
  today: string,
  deps: ReaderDeps,
): Piece[] {
  const pieces: Piece[] = []
  const tried = new Set<string>()
  // A word of two syllables is believed only beside words that are read exactly: a time alone says nothing of the company.
  const hasContext = exact.some(
    ({ meaning, slips }) => slips === 0 && ['words', 'document', 'rank', 'grain'].includes(meaning.kind),
  )
  for (const word of unknown) {
    if (/^[a-z]$/.test(word.text)) continue
    for (const [start, end] of windowsAround(normal, word)) {
      const key = `${start} ${end}`
      if (tried.has(key)) continue
      tried.add(key)
      const found = isTwoWords(normal, start, end)
        ? undefined
        : readMisspelt(normal.compact.slice(start, end), today, deps, hasContext)
      const score = found ? (end - start) ** 2 * 0.8 - 2 * found.slips : 0
      if (found && score > 0) pieces.push({ start, end, score, slips: found.slips, meaning: found.meaning })
    }
  }
  return pieces
}

/** What nobody can have meant as words: half a document number, and marks of ours typed by a person (@me). */
function findSigns({ text, compactAt }: NormalText, { findBroken }: ReaderDeps): UnknownWord[] {
  const marks = [...text.matchAll(/[@$#][\p{L}\p{N}_]+/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  return [...findBroken(text), ...marks].map(({ start, end }) => ({
    start: compactAt[start] ?? 0,
    end: compactAt[end] ?? 0,
    text: text.slice(start, end),
    afterNoun: false,
  }))
}

/** Reads a text: exact words and grammars first, then what is left as misspellings. Bounded, never throws. */
export function readText(raw: string, today: string, deps: ReaderDeps): Reading {
  const normal = normalizeText(raw)
  const signs = findSigns(normal, deps)
  const reading = readMended(normal, today, deps)
  return signs.length > 0 ? { ...reading, unknown: [...reading.unknown, ...signs] } : reading
}

function readMended(normal: NormalText, today: string, deps: ReaderDeps): Reading {
  const candidates = readCandidates(normal, today, deps)
  const pieces = bestCover(normal.compact.length, candidates)
  const unknown = findUnknown(normal, pieces)
  if (unknown.length === 0 || unknown.length > mostMisspelt) return { normal, pieces, unknown }
  let reading: Reading = { normal, pieces, unknown }
  let readable = candidates
  // A second round, because what the first one made out may be the context that a short word needs.
  for (let round = 0; round < 2 && reading.unknown.length > 0; round += 1) {
    const misspelt = misspeltPieces(normal, reading, today, deps)
    readable = [...readable, ...misspelt]
    const mended = misspelt.length > 0 ? bestCover(normal.compact.length, readable) : reading.pieces
    const left = findUnknown(normal, mended)
    if (left.length >= reading.unknown.length) break
    reading = { normal, pieces: mended, unknown: left }
  }
  return reading
}
