import { bestCover, findUnknown, type UnknownWord } from './cover.ts'
import type { Piece } from './pieces.ts'
import { readCandidates } from './read-candidates.ts'
import { type MisspellingDeps, misspeltPieces } from './read-misspelt.ts'
import { createFinder } from './text/finder.ts'
import { type NormalText, normalizeText } from './text/normalize.ts'

/** A text as pieces that are understood and words that are not. */
export type Reading = { normal: NormalText; pieces: Piece[]; unknown: UnknownWord[] }

export type ReaderDeps = MisspellingDeps & {
  /** What was begun as a document number and is none. */
  findBroken: (text: string) => { start: number; end: number }[]
}

/** A text with more strange words than this is not a question with slips in it. */
const mostMisspelt = 6

const marked = createFinder(/[@$#][\p{L}\p{N}_]+/u)

/** What nobody can have meant as words: half a document number, and marks of ours typed by a person (@me). */
function findSigns({ text, compactAt }: NormalText, { findBroken }: ReaderDeps): UnknownWord[] {
  const marks = marked.all(text).map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  return [...findBroken(text), ...marks].map(({ start, end }) => ({
    start: compactAt[start] ?? 0,
    end: compactAt[end] ?? 0,
    text: text.slice(start, end),
    afterNoun: false,
    isSign: true,
  }))
}

/** Reads a text: exact words and grammars first, then what is left as misspellings. Bounded, never throws. */
export function readText(raw: string, today: string, deps: ReaderDeps): Reading {
  const normal = normalizeText(raw)
  // Nobody asks so long a question; it is declined whatever it says.
  if (normal.cut) return { normal, pieces: [], unknown: [] }
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
