import { hasCue, type Piece, piecesOf } from '../pieces.ts'
import { createFinder } from '../text/finder.ts'
import { type Sentence, textAfter, textBefore, textBetween, type WordView } from './sentence.ts'

/** What to cut by. `implied`: dimension nouns that only a rank or a condition on totals makes a cut (매출 1억 넘는 거래처). */
export type Grouping = { groups: string[]; dropped: string[]; implied: WordView[]; grain?: string; isTrend: boolean }

const insteadAfter = createFinder(/^\s*(?:별로?|마다)?\s*(?:은|는)?\s*(?:말고|대신|빼고|아니고)/)
const insteadBefore = createFinder(/(?:instead of|rather than|not)\s+(?:by\s+)?$/)

const isCut = (sentence: Sentence, field: string): boolean => {
  const type = sentence.entity.dimensions[field]?.type
  return type === 'name' || type === 'code' || type === 'year'
}

/** Whether a name of the same dimension is picked right beside the word (호남지역): then it is part of the name. */
function isPartOfName(sentence: Sentence, view: WordView, nameFields: ReadonlyMap<Piece, string>): boolean {
  return (
    nameFields.has(view.piece) ||
    sentence.words.some(
      (other) => other !== view && nameFields.get(other.piece) === view.field && view.field !== undefined,
    )
  )
}

function readDimensions(sentence: Sentence, nameFields: ReadonlyMap<Piece, string>, result: Grouping): void {
  const { text } = sentence.reading.normal
  for (const view of sentence.words) {
    const { field } = view
    if (field === undefined || !isCut(sentence, field)) continue
    const isDropped =
      insteadAfter.isIn(text, textAfter(sentence.reading, view.piece)) ||
      insteadBefore.isIn(text, textBefore(sentence.reading, view.piece))
    if (isDropped) result.dropped.push(field)
    else if (view.isGrouping) result.groups.push(field)
    else if (!view.status && !isPartOfName(sentence, view, nameFields)) result.implied.push(view)
  }
  result.groups = [...new Set(result.groups)].filter((field) => !result.dropped.includes(field))
}

/** 매월 without anything to send is a way to cut. */
function grainOfSchedule(cron: string): string {
  const [, , date, , weekday] = cron.split(' ')
  if (weekday !== '*') return 'week'
  return date === '*' ? 'day' : 'month'
}

function readGrains(sentence: Sentence, dateName: string, result: Grouping): void {
  for (const piece of piecesOf(sentence.pieces, 'grain')) {
    const grain = `${dateName}:${piece.meaning.grain}`
    if (insteadAfter.isIn(sentence.reading.normal.text, textAfter(sentence.reading, piece))) result.dropped.push(grain)
    else result.grain ??= grain
  }
  for (const { meaning } of piecesOf(sentence.pieces, 'schedule')) {
    if (!meaning.isTimed && !hasCue(sentence.pieces, 'send'))
      result.grain ??= `${dateName}:${grainOfSchedule(meaning.cron)}`
  }
}

/** Reads dimensions and date grains. `dateName`: the date that grains cut; `nameFields`: words already used as names. */
export function readGrouping(
  sentence: Sentence,
  dateName: string | undefined,
  nameFields: ReadonlyMap<Piece, string>,
): Grouping {
  const result: Grouping = { groups: [], dropped: [], implied: [], isTrend: hasCue(sentence.pieces, 'trend') }
  readDimensions(sentence, nameFields, result)
  if (dateName !== undefined) readGrains(sentence, dateName, result)
  return result
}

const headAfter =
  /^\s*(?:들)?\s*(?:은|는|이|가|을|를|만|도|의)?\s*(?:목록|리스트|명단|명|어디|누구|뭐|무엇|어떤|몇|좀|보여|알려|찾아|뽑아|조회|있|인지|인가|일까|야|이야|임|랭킹|순위|top|탑|톱|상위|하위|\d|[?!.~]|$)/

/** Whether a dimension noun is what the sentence asks for: it stands at the end, or after "which". */
export function isHeadNoun(sentence: Sentence, view: WordView): boolean {
  const before = textBefore(sentence.reading, view.piece)
  if (/(?:어느|어떤|무슨|which|what|각|모든|per|each)\s*$/.test(before)) return true
  const isEnglish = /[a-z]/.test(sentence.reading.normal.compact[view.piece.start] ?? '')
  if (isEnglish)
    return /(?:top|bottom|\d|best|worst|largest|biggest|list|show|the|which|most|highest|lowest)\s*(?:of\s+|the\s+|me\s+|our\s+|all\s+)*$/.test(
      before,
    )
  return headAfter.test(textBetween(sentence.reading, view.piece.end, sentence.reading.normal.compact.length))
}

const askedAfter = /^\s*(?:들)?(?:이|가|은|는)?\s*(?:어디|누구|뭐|무엇)/
const askedBefore = /(?:어느|어떤|무슨|which|what)\s*$/
const allBefore = /(?:전체|모든|전|all|every)\s*(?:the\s+)?$/
const allAfter = /^\s*(?:전체|전부|모두|다\s)/

/** Whether "which" or "where" asks for the dimension: 어느 창고, 거래처가 어디. */
export const isAsked = ({ reading }: Sentence, { piece }: WordView): boolean =>
  askedAfter.test(textAfter(reading, piece)) || askedBefore.test(textBefore(reading, piece))

/** Whether everything of the dimension is wanted: 전체 지역. */
export const isWidened = ({ reading }: Sentence, { piece }: WordView): boolean =>
  allBefore.test(textBefore(reading, piece)) || allAfter.test(textAfter(reading, piece))
