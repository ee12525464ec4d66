import type { Sense } from './pieces.ts'
import type { NormalText } from './text/normalize.ts'
import { isPlainKorean } from './words/plain-words.ts'
import type { WordTrie } from './words/word-trie.ts'

const isLetter = (character: string | undefined): boolean =>
  character !== undefined && character >= 'a' && character <= 'z'
const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '9'
const isHangul = (character: string | undefined): boolean =>
  character !== undefined && character >= '가' && character <= '힣'

/** Latin words and numbers must stand on their own: `sales` is not in `wholesales`, A-100 not in A-1000. */
export function standsAlone({ compact, gap }: NormalText, start: number, end: number): boolean {
  const first = compact[start]
  const last = compact[end - 1]
  if (!gap[start] && (isLetter(first) ? isLetter(compact[start - 1]) : isDigit(first) && isDigit(compact[start - 1])))
    return false
  if (gap[end]) return true
  if (isDigit(last)) return !isDigit(compact[end])
  return !isLetter(last) || !isLetter(compact[end])
}

const endOfWord = (normal: NormalText, from: number): number => {
  let end = from
  while (!normal.gap[end]) end += 1
  return end
}

/**
 * How well a word sits in the spacing. Korean may be spaced anyhow, but a match that begins or ends inside a written word is weaker,
 * and one that crosses a space only to end inside the next word is most likely a coincidence (이번 주|문).
 */
export function seat(normal: NormalText, start: number, end: number): number {
  const length = end - start
  let score = length * length
  if (!normal.gap[start]) score -= isHangul(normal.compact[start]) && isHangul(normal.compact[start - 1]) ? 1.5 : 0.5
  let crossings = 0
  for (let i = start + 1; i < end; i += 1) if (normal.gap[i]) crossings += 1
  if (crossings === 0 || !isHangul(normal.compact[start])) return score
  const rest = normal.compact.slice(end, endOfWord(normal, end))
  if (rest === '') return score - crossings
  const isVerb = /[았었했됐렸났왔갔썼샀있없]$/.test(normal.compact.slice(start, end))
  return isPlainKorean(rest, isVerb ? 'stem' : 'noun') ? score - 1.5 * crossings : score * 0.5 - 3
}

/** A shortened name must stand as a word of its own. */
export function isWordSeat(normal: NormalText, start: number, end: number): boolean {
  if (!normal.gap[start]) return false
  const rest = normal.compact.slice(end, endOfWord(normal, end))
  return rest === '' || end - start >= 3 || isPlainKorean(rest, 'noun') || !isHangul(rest[0])
}

/** A name of one letter (grade A) needs a word of the catalog right beside it. */
export function isBesideCut({ compact }: NormalText, catalog: WordTrie<Sense>, start: number, end: number): boolean {
  const isCut = (senses: readonly Sense[]): boolean => senses.some((sense) => sense.kind === 'dimension')
  if (catalog.matchesAt(compact, end).some(({ values }) => isCut(values))) return true
  for (let from = Math.max(0, start - 8); from < start; from += 1) {
    if (catalog.matchesAt(compact, from).some((match) => match.end === start && isCut(match.values))) return true
  }
  return false
}

/** One syllable is a word only where it stands alone or begins a verb: 쓴, 썼+어. */
export function isWholeSyllable(normal: NormalText, start: number, end: number): boolean {
  return normal.gap[start] === true && isPlainKorean(normal.compact.slice(end, endOfWord(normal, end)), 'stem')
}
