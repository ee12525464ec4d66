import { bestCover, type UnknownWord } from './cover.ts'
import type { FuzzyWords } from './names/fuzzy-words.ts'
import { romanKey } from './names/romanize.ts'
import { hasCue, type Meaning, type Piece, type Sense } from './pieces.ts'
import { readCandidates, type Vocabulary } from './read-candidates.ts'
import { type NormalText, normalizeText } from './text/normalize.ts'
import { ordinaryWords } from './words/ordinary-words.ts'
import { isPlainKorean } from './words/plain-words.ts'

export type MisspellingDeps = Vocabulary & { fuzzyCatalog: FuzzyWords<Sense>; fuzzyCommon: FuzzyWords<true> }

const longestMisspelt = 14
/** Stretches that are looked up in one reading. */
const mostTried = 60

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
function readMisspelt(text: string, today: string, deps: MisspellingDeps, hasContext: boolean): Misspelt | undefined {
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

/**
 * A word of two syllables is believed only beside words that are read exactly: a time alone says nothing of the company, a time and an
 * asking for an amount do.
 */
function givesContext(exact: readonly Piece[]): boolean {
  const says = (...kinds: string[]): boolean =>
    exact.some(({ meaning, slips }) => slips === 0 && kinds.includes(meaning.kind))
  return says('words', 'document', 'rank', 'grain') || (says('period') && hasCue(exact, 'howMuch', 'total', 'trend'))
}

/** The stretches that are looked up, each once. */
function windowsOf(normal: NormalText, unknown: readonly UnknownWord[]): [number, number][] {
  const windows = unknown
    .filter(({ text }) => !/^[a-z]$/.test(text))
    .flatMap((word) => windowsAround(normal, word))
    .filter(([start, end]) => !isTwoWords(normal, start, end))
  return [...new Map(windows.map((one) => [one.join(), one])).values()].slice(0, mostTried)
}

/** What misspelt words may have meant, as pieces beside those that were read exactly. Bounded: a question has few words. */
export function misspeltPieces(
  normal: NormalText,
  { pieces: exact, unknown }: { pieces: Piece[]; unknown: UnknownWord[] },
  today: string,
  deps: MisspellingDeps,
): Piece[] {
  const hasContext = givesContext(exact)
  return windowsOf(normal, unknown).flatMap(([start, end]) => {
    const found = readMisspelt(normal.compact.slice(start, end), today, deps, hasContext)
    const score = found ? (end - start) ** 2 * 0.8 - 2 * found.slips : 0
    return found && score > 0 ? [{ start, end, score, slips: found.slips, meaning: found.meaning }] : []
  })
}
