import { bestCover, findUnknown, type UnknownWord } from './cover.ts'
import type { FuzzyWords } from './names/fuzzy-words.ts'
import { romanKey } from './names/romanize.ts'
import type { Piece, Sense } from './pieces.ts'
import { readCandidates, type Vocabulary } from './read-candidates.ts'
import { type NormalText, normalizeText } from './text/normalize.ts'
import { isPlainKorean } from './words/plain-words.ts'

/** A text as pieces that are understood and words that are not. */
export type Reading = { normal: NormalText; pieces: Piece[]; unknown: UnknownWord[] }

export type ReaderDeps = Vocabulary & { fuzzyCatalog: FuzzyWords<Sense> }

const longestMisspelt = 14

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
  for (let end = unknown.start + 1; end <= compact.length && words < 2; end += 1) {
    const atGap = gap[end] === true
    if (atGap) words += 1
    if (end < unknown.start + 1) continue
    const rest = atGap ? '' : compact.slice(end, nextGap(gap, end))
    if (atGap || isPlainKorean(rest, 'noun')) ends.push(end)
  }
  return starts
    .flatMap((start) => ends.map((end): [number, number] => [start, end]))
    .filter(([start, end]) => end - start >= 2 && end - start <= longestMisspelt)
}

function nextGap(gap: readonly boolean[], from: number): number {
  let end = from
  while (!gap[end]) end += 1
  return end
}

function misspeltPieces(normal: NormalText, unknown: readonly UnknownWord[], deps: ReaderDeps): Piece[] {
  const pieces: Piece[] = []
  const tried = new Set<string>()
  for (const word of unknown.slice(0, 8)) {
    for (const [start, end] of windowsAround(normal, word)) {
      const text = normal.compact.slice(start, end)
      const key = `${start} ${end}`
      if (tried.has(key)) continue
      tried.add(key)
      const isLatin = /^[a-z]+$/.test(text)
      const matches = [
        ...deps.fuzzyCatalog.near(text),
        ...deps.names.fuzzy.near(text),
        ...(isLatin ? deps.names.fuzzyRoman.near(romanKey(text)) : []),
      ].sort((a, b) => a.slips - b.slips)
      const nearest = matches[0]?.slips
      if (nearest === undefined || (isLatin && matches[0]?.word[0] !== text[0] && !deps.names.roman)) continue
      const senses = matches.filter((match) => match.slips <= nearest + 0.25).flatMap((match) => match.values)
      const score = (end - start) ** 2 * 0.8 - 2 * nearest
      if (score > 0) pieces.push({ start, end, score, slips: nearest, meaning: { kind: 'words', senses } })
    }
  }
  return pieces
}

/** Reads a text: exact words and grammars first, then what is left as misspellings. Bounded, never throws. */
export function readText(raw: string, today: string, deps: ReaderDeps): Reading {
  const normal = normalizeText(raw)
  const candidates = readCandidates(normal, today, deps)
  const pieces = bestCover(normal.compact.length, candidates)
  const unknown = findUnknown(normal, pieces)
  if (unknown.length === 0 || unknown.length > 12) return { normal, pieces, unknown }
  const misspelt = misspeltPieces(normal, unknown, deps)
  if (misspelt.length === 0) return { normal, pieces, unknown }
  const mended = bestCover(normal.compact.length, [...candidates, ...misspelt])
  const left = findUnknown(normal, mended)
  return left.length < unknown.length ? { normal, pieces: mended, unknown: left } : { normal, pieces, unknown }
}
