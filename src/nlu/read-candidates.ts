import { readAskedUnits } from './grammar/asked-units.ts'
import { readComparators } from './grammar/conditions.ts'
import { readContains } from './grammar/contains.ts'
import { readDayCounts } from './grammar/day-counts.ts'
import type { DocumentReading } from './grammar/documents.ts'
import { type NumberReading, readNumbers } from './grammar/numbers.ts'
import { readPersons } from './grammar/people.ts'
import { readTimes } from './grammar/periods.ts'
import { readRanks } from './grammar/ranks.ts'
import { readSchedule } from './grammar/schedule.ts'
import type { NameIndex } from './names/name-index.ts'
import type { Meaning, Piece, Sense } from './pieces.ts'
import type { NormalText } from './text/normalize.ts'
import { readRomanNames, readWords } from './word-candidates.ts'
import { isPlainKorean } from './words/plain-words.ts'
import type { WordTrie } from './words/word-trie.ts'

/** What the reader looks words up in. */
export type Vocabulary = {
  catalog: WordTrie<Sense>
  cues: WordTrie<Meaning>
  names: NameIndex
  readDocuments: (text: string) => DocumentReading[]
}

const weights: Partial<Record<Meaning['kind'], number>> = {
  schedule: 1.2,
  document: 1.5,
  period: 1.1,
  refusal: 1.1,
  comparison: 1.2,
  amount: 0.9,
  rank: 1.1,
}

type Place = { start: number; end: number }
type Found = Place & { meaning: Meaning }

const optional = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V })

/** What the grammars read, in places of the text with its spaces. */
function readGrammars(normal: NormalText, today: string, readDocuments: Vocabulary['readDocuments']): Found[] {
  const { text } = normal
  const schedule = readSchedule(text)
  const { periods, unclear } = readTimes(text, today)
  const ranks = readRanks(text)
  // The three of "top three customers" counts no customers.
  const isOfRank = ({ start }: { start: number }) => ranks.some((rank) => rank.start < start && start < rank.end)
  const numbers = readNumbers(text).filter((one) => isAmount(text, one) && !isOfRank(one))
  const list: Found[] = []
  const add = (place: Place, meaning: Meaning): void => void list.push({ start: place.start, end: place.end, meaning })
  for (const period of periods) if (!isComparedDays(text, period)) add(period, { kind: 'period', period })
  for (const place of unclear) add(place, { kind: 'refusal', reason: 'unknown' })
  for (const one of numbers) add(one, amountOf(one))
  // Also without its unit, which may belong to the next word: 60 | days overdue.
  for (const one of numbers)
    if (one.unit !== undefined)
      add({ start: one.start, end: unitStart(text, one) }, { kind: 'amount', value: one.value })
  for (const one of readComparators(text))
    add(one, { kind: 'comparator', operator: one.operator, isCondition: one.isCondition })
  for (const one of readDayCounts(text)) add(one, { kind: 'amount', value: one.days, unit: '일' })
  for (const one of readAskedUnits(text)) add(one, { kind: 'grain', grain: one.unit })
  for (const one of ranks) add(one, { kind: 'rank', direction: one.direction, ...optional('count', one.count) })
  for (const one of readDocuments(text))
    add(one, { kind: 'document', prefix: one.prefix, value: one.value, isForeign: one.isForeign })
  for (const one of readPersons(text)) add(one, { kind: 'cue', cue: one.isWeak ? 'weakMe' : one.cue })
  for (const one of readContains(text))
    add(one, {
      kind: 'contains',
      value: normal.raw.slice(normal.rawAt[one.valueStart], normal.rawAt[one.valueEnd]),
    })
  if (schedule) add(schedule, { kind: 'schedule', cron: schedule.cron, isTimed: schedule.isTimed })
  return list
}

const comparedAfter =
  /^\s*(?:이|가|도|을|를|씩|보다)?\s*(?:이상|초과|이하|미만|넘|안\s*되|못\s*되|안\s*남|밑|아래|보다|채)/

/** 5일도 안 되는: days that are compared are no date. */
const isComparedDays = (text: string, { start, end }: { start: number; end: number }): boolean =>
  /^\d{1,2}\s*일$/.test(text.slice(start, end)) && comparedAfter.test(text.slice(end))

/** Half of what there is, is 50 % of it. */
const amountOf = ({ value, unit, isShare }: NumberReading): Meaning =>
  isShare
    ? { kind: 'amount', value: Number((value * 100).toPrecision(15)), unit: '%' }
    : { kind: 'amount', value, ...optional('unit', unit) }

/** What only stands in an order is no amount (세 번째), nor is a word that says nothing of its own (하나만). */
const isAmount = (text: string, { start, unit, isLoose }: NumberReading): boolean =>
  unit !== '번째' && !(isLoose && isPlainKorean(/^[가-힣]*/.exec(text.slice(start))?.[0] ?? '', 'start'))

const unitStart = (text: string, { start, end, unit = '' }: { start: number; end: number; unit?: string }): number =>
  start + text.slice(start, end).trimEnd().length - unit.length

function addGrammarPieces(normal: NormalText, today: string, vocabulary: Vocabulary, pieces: Piece[]): void {
  for (const { start, end, meaning } of readGrammars(normal, today, vocabulary.readDocuments)) {
    const from = normal.compactAt[start] ?? 0
    const to = normal.compactAt[end] ?? from
    const score = (to - from) ** 2 * (weights[meaning.kind] ?? 1)
    if (to > from) pieces.push({ start: from, end: to, score, slips: 0, meaning })
  }
}

/** Everything that any grammar or word list can read anywhere in the text; readings overlap. */
export function readCandidates(normal: NormalText, today: string, vocabulary: Vocabulary): Piece[] {
  const pieces = readWords(normal, vocabulary)
  addGrammarPieces(normal, today, vocabulary, pieces)
  if (/[a-z]{3}/.test(normal.compact)) pieces.push(...readRomanNames(normal, vocabulary.names))
  return pieces
}
