import { readComparators } from './grammar/conditions.ts'
import { readContains } from './grammar/contains.ts'
import type { DocumentReading } from './grammar/documents.ts'
import { readNumbers } from './grammar/numbers.ts'
import { readPersons } from './grammar/people.ts'
import { readPeriods } from './grammar/periods.ts'
import { readRanks } from './grammar/ranks.ts'
import { readSchedule } from './grammar/schedule.ts'
import type { NameIndex } from './names/name-index.ts'
import { romanKey } from './names/romanize.ts'
import type { Meaning, Piece, Sense } from './pieces.ts'
import type { NormalText } from './text/normalize.ts'
import { isPlainEnglish, isPlainKorean } from './words/plain-words.ts'
import type { WordTrie } from './words/word-trie.ts'

/** What the reader looks words up in. */
export type Vocabulary = {
  catalog: WordTrie<Sense>
  cues: WordTrie<Meaning>
  names: NameIndex
  readDocuments: (text: string) => DocumentReading[]
}

const isLetter = (character: string | undefined): boolean => character !== undefined && /[a-z]/.test(character)
const isDigit = (character: string | undefined): boolean => character !== undefined && /\d/.test(character)
const isHangul = (character: string | undefined): boolean =>
  character !== undefined && character >= '가' && character <= '힣'

/** Latin words and numbers must stand on their own: `sales` is not in `wholesales`, A-100 not in A-1000. */
function standsAlone({ compact, gap }: NormalText, start: number, end: number): boolean {
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
function seat(normal: NormalText, start: number, end: number): number {
  const length = end - start
  let score = length * length
  if (!normal.gap[start]) score -= isHangul(normal.compact[start]) && isHangul(normal.compact[start - 1]) ? 1.5 : 0.5
  let crossings = 0
  for (let i = start + 1; i < end; i += 1) if (normal.gap[i]) crossings += 1
  if (crossings === 0 || !isHangul(normal.compact[start])) return score
  const rest = normal.compact.slice(end, endOfWord(normal, end))
  if (rest === '') return score - crossings
  return isPlainKorean(rest, 'noun') ? score - 1.5 * crossings : score * 0.5 - 3
}

/** A shortened name must stand as a word of its own. */
function fitsAsShort(normal: NormalText, start: number, end: number): boolean {
  if (!normal.gap[start]) return false
  const rest = normal.compact.slice(end, endOfWord(normal, end))
  return rest === '' || end - start >= 3 || isPlainKorean(rest, 'noun') || !isHangul(rest[0])
}

/** A name of one letter (grade A) needs a word of the catalog right beside it. */
function isBesideWord({ compact }: NormalText, { catalog }: Vocabulary, start: number, end: number): boolean {
  const isCut = (senses: readonly Sense[]): boolean => senses.some((sense) => sense.kind === 'dimension')
  if (catalog.matchesAt(compact, end).some(({ values }) => isCut(values))) return true
  for (let from = Math.max(0, start - 8); from < start; from += 1) {
    if (catalog.matchesAt(compact, from).some((match) => match.end === start && isCut(match.values))) return true
  }
  return false
}

/** One syllable is a word only where it stands alone or begins a verb: 쓴, 썼+어. */
function isWholeSyllable(normal: NormalText, start: number, end: number): boolean {
  return normal.gap[start] === true && isPlainKorean(normal.compact.slice(end, endOfWord(normal, end)), 'stem')
}

function wordPieces(normal: NormalText, vocabulary: Vocabulary): Piece[] {
  const pieces: Piece[] = []
  const { compact } = normal
  for (let start = 0; start < compact.length; start += 1) {
    const senses = new Map<number, Sense[]>()
    const take = (end: number, list: readonly Sense[]) => {
      if (list.length > 0 && standsAlone(normal, start, end)) senses.set(end, [...(senses.get(end) ?? []), ...list])
    }
    for (const { end, values } of vocabulary.catalog.matchesAt(compact, start)) {
      if (end - start > 1 || isWholeSyllable(normal, start, end)) take(end, values)
    }
    for (const { end, values } of vocabulary.names.trie.matchesAt(compact, start)) {
      const isShortSeat = fitsAsShort(normal, start, end)
      if (end - start === 1 && !isBesideWord(normal, vocabulary, start, end)) continue
      take(
        end,
        values.filter((sense) => sense.fit !== 'short' || isShortSeat),
      )
    }
    for (const [end, list] of senses) {
      const isWeak = list.every((sense) => sense.kind === 'name' && sense.fit === 'short')
      const score = seat(normal, start, end) * (isWeak ? 0.85 : 1)
      if (score > 0) pieces.push({ start, end, score, slips: 0, meaning: { kind: 'words', senses: list } })
    }
    for (const { end, values } of vocabulary.cues.matchesAt(compact, start)) {
      if (!standsAlone(normal, start, end)) continue
      for (const meaning of values) {
        const single = end - start === 1
        if (single && !normal.gap[start]) continue
        const bonus = meaning.kind === 'most' ? 0.1 : 0
        const score = seat(normal, start, end) * 0.95 + bonus
        if (score > 0) pieces.push({ start, end, score, slips: 0, meaning })
      }
    }
  }
  return pieces
}

const weights: Partial<Record<Meaning['kind'], number>> = {
  schedule: 1.2,
  document: 1.5,
  period: 1.1,
  comparison: 1.2,
  amount: 0.9,
  comparator: 1,
  rank: 1.1,
}

function grammarPieces(normal: NormalText, today: string, vocabulary: Vocabulary): Piece[] {
  const { text } = normal
  const pieces: Piece[] = []
  const add = ({ start, end }: { start: number; end: number }, meaning: Meaning) => {
    const from = normal.compactAt[start] ?? 0
    const to = normal.compactAt[end] ?? from
    if (to > from)
      pieces.push({ start: from, end: to, score: (to - from) ** 2 * (weights[meaning.kind] ?? 1), slips: 0, meaning })
  }
  for (const period of readPeriods(text, today)) add(period, { kind: 'period', period })
  for (const one of readNumbers(text))
    add(one, { kind: 'amount', value: one.value, ...(one.unit === undefined ? {} : { unit: one.unit }) })
  for (const one of readComparators(text))
    add(one, { kind: 'comparator', operator: one.operator, isCondition: one.isCondition })
  for (const one of readRanks(text))
    add(one, { kind: 'rank', direction: one.direction, ...(one.count === undefined ? {} : { count: one.count }) })
  for (const one of vocabulary.readDocuments(text)) add(one, { kind: 'document', prefix: one.prefix, value: one.value })
  for (const one of readPersons(text)) add(one, { kind: 'cue', cue: one.isWeak ? 'weakMe' : one.cue })
  for (const one of readContains(text)) {
    const value = normal.raw.slice(normal.rawAt[one.valueStart], normal.rawAt[one.valueEnd])
    add(one, { kind: 'contains', value })
  }
  const schedule = readSchedule(text)
  if (schedule) add(schedule, { kind: 'schedule', cron: schedule.cron, isTimed: schedule.isTimed })
  return pieces
}

/** Romanised names: runs of up to three Latin words, by the key that all spellings share. */
function romanPieces(normal: NormalText, names: NameIndex): Piece[] {
  const pieces: Piece[] = []
  const words = [...normal.text.matchAll(/[a-z][a-z'&-]*/g)]
  words.forEach((word, i) => {
    for (let count = 1; count <= 3 && i + count <= words.length; count += 1) {
      const last = words[i + count - 1]
      if (!last) break
      const text = normal.text.slice(word.index, last.index + last[0].length)
      if (/[^a-z\s'&-]/.test(text)) break
      const key = romanKey(text)
      const isWord = count === 1 && isPlainEnglish(word[0])
      const senses =
        key.length >= 3 && !isWord
          ? names.roman.get(key).filter((sense) => sense.fit !== 'short' || key.length >= 4)
          : []
      const start = normal.compactAt[word.index] ?? 0
      const end = normal.compactAt[last.index + last[0].length] ?? start
      if (senses.length > 0 && end > start) {
        pieces.push({ start, end, score: (end - start) ** 2 * 0.6, slips: 0, meaning: { kind: 'words', senses } })
      }
    }
  })
  return pieces
}

/** Everything that any grammar or word list can read anywhere in the text; readings overlap. */
export function readCandidates(normal: NormalText, today: string, vocabulary: Vocabulary): Piece[] {
  const pieces = [...wordPieces(normal, vocabulary), ...grammarPieces(normal, today, vocabulary)]
  return /[a-z]{3}/.test(normal.compact) ? [...pieces, ...romanPieces(normal, vocabulary.names)] : pieces
}
