import { type Entity, splitMeasure } from '#catalog'
import { type Direction, hasCue, type Meaning, type Piece, piecesOf } from '../pieces.ts'
import { type Sentence, textBetween, type WordView } from './sentence.ts'

/** The order asked for. `isRank`: only the first N of it (N 1 when none is said); otherwise the whole list in order. */
export type Ordering = {
  direction: Direction
  isRank: boolean
  limit?: number
  of?: 'time' | 'price'
  field?: string
  /** Only an adjective before a noun said so: 불량 많은 품목. */
  isLoose?: boolean
  /** Said as good or bad rather than as much or little: worst, 좋은. */
  isJudged?: boolean
  /** By an adverb and a verb: 잘 나가는. */
  isMuch?: boolean
}

/** `limit` alone: 10개만. */
export type OrderWords = { ordering?: Ordering; limit?: number; isLatest: boolean; counted: Piece[] }

type Of<K extends Meaning['kind']> = Piece<Extract<Meaning, { kind: K }>>

const countUnits = new Set([
  '개',
  '건',
  '명',
  '곳',
  '군데',
  '업체',
  '개사',
  '위',
  '등',
  '종',
  '가지',
  '사람',
  'customers',
  'people',
  'units',
])

/** A number that counts what is shown, not one that is compared with. */
function looseCount(sentence: Sentence, spent: ReadonlySet<Piece>): Of<'amount'> | undefined {
  return piecesOf(sentence.pieces, 'amount').find((piece) => {
    const { value, unit } = piece.meaning
    const isCount = Number.isInteger(value) && value >= 1 && value <= 1000
    return isCount && !spent.has(piece) && (unit === undefined || countUnits.has(unit))
  })
}

/** The numeric word right before the superlative says what is ranked: 연체일수 제일 긴. */
function rankedField(sentence: Sentence, at: Piece, end: number): string | undefined {
  const near = sentence.words.filter(
    (view) => view.field !== undefined && !view.isGrouping && isOrderable(sentence, view),
  )
  const before = near.filter((view) => view.piece.end <= at.start).at(-1)
  const after = near.find((view) => view.piece.start >= at.start && view.piece.end <= end + 12)
  const close = (view: WordView | undefined): boolean =>
    view !== undefined &&
    textBetween(sentence.reading, Math.min(view.piece.end, at.end), Math.max(at.start, view.piece.start)).trim()
      .length <= 4
  return close(before) ? before?.field : close(after) ? after?.field : undefined
}

const isOrderable = (sentence: Sentence, view: WordView): boolean => {
  const type = view.field === undefined ? undefined : sentence.entity.dimensions[view.field]?.type
  return type === 'number' || type === 'date' || type === 'money'
}

/** Whether a numeric word is what the list is ordered by, not a condition of its own. */
export function isOrderedBy(sentence: Sentence, view: WordView): boolean {
  const at =
    piecesOf(sentence.pieces, 'most')[0] ??
    piecesOf(sentence.pieces, 'sequence')[0] ??
    piecesOf(sentence.pieces, 'rank')[0]
  if (!at) return false
  const gap = view.piece.end <= at.start ? textBetween(sentence.reading, view.piece.end, at.start) : ''
  return view.piece.end <= at.start && gap.trim().length <= 2
}

function readRankOrMost(sentence: Sentence, count: number | undefined): Ordering | undefined {
  const rank = piecesOf(sentence.pieces, 'rank')[0]
  const adjectives = piecesOf(sentence.pieces, 'adjective')
  if (rank) {
    const field = rankedField(sentence, rank, rank.end)
    return {
      direction: rank.meaning.direction,
      isRank: true,
      limit: rank.meaning.count ?? count ?? 1,
      ...(field ? { field } : {}),
    }
  }
  const most = piecesOf(sentence.pieces, 'most')[0]
  if (most) return readMost(sentence, most, adjectives, count)
  // 매출 큰 거래처 3곳: an adjective and a number rank as well as a superlative does.
  const quality = adjectives.find(({ meaning }) => meaning.of !== 'time' || meaning.direction === 'asc')
  const loose = quality && count !== undefined ? undefined : readLoose(sentence, adjectives)
  if (loose && loose.of !== 'time' && count !== undefined)
    return { direction: loose.direction, isRank: true, limit: count }
  if (!quality || count === undefined) return count === undefined ? loose : undefined
  const { direction, of } = quality.meaning
  return { direction, isRank: true, limit: count, ...(of ? { of } : {}) }
}

const attributive =
  /^(?:많은|큰|높은|긴|좋은|적은|작은|낮은|짧은|안좋은|나쁜|저조한|우수한|비싼|싼|저렴한|최근|최신|늦은|오래된|빠른|임박|임박한|이른|신입|latest|newest|recent|oldest|earliest|high|low|large|small|big)$/

const endsInNieun = (word: string): boolean => (word.charCodeAt(word.length - 1) - 0xac00) % 28 === 4

/** The written word that begins or goes on at a place. */
function wordFrom({ reading: { normal } }: Sentence, start: number): string {
  let end = start + 1
  while (!normal.gap[end]) end += 1
  return normal.compact.slice(start, end)
}

const muchWords = ['많이', '잘', '인기']

/** 많이 쌓인, 잘 나가는: an adverb and a verb before a noun. */
function saysMuch(sentence: Sentence, start: number): boolean {
  const { compact, gap } = sentence.reading.normal
  const adverb = muchWords.find((word) => compact.startsWith(word, start))
  if (!adverb) return false
  const verb = gap[start + adverb.length]
    ? wordFrom(sentence, start + adverb.length)
    : wordFrom(sentence, start).slice(adverb.length)
  return adverb === '인기' || (verb !== '' && endsInNieun(verb))
}

/** An adjective before a noun puts the nouns in order: 이익률 낮은 품목, 최근 주문, 재고 많이 쌓인 품목. */
function readLoose(sentence: Sentence, adjectives: Of<'adjective'>[]): Ordering | undefined {
  const adjective = adjectives.find(
    ({ start }) => attributive.test(wordFrom(sentence, start)) || saysMuch(sentence, start),
  )
  if (adjective) {
    const { direction, of } = adjective.meaning
    return { direction, isRank: false, isLoose: true, ...(of ? { of } : {}) }
  }
  const isMuch = sentence.words.some(({ piece }) => saysMuch(sentence, piece.start))
  return isMuch ? { direction: 'desc', isRank: false, isLoose: true, isMuch } : undefined
}

function readMost(
  sentence: Sentence,
  most: Of<'most'>,
  adjectives: Of<'adjective'>[],
  count: number | undefined,
): Ordering {
  const quality = adjectives.find((one) => one.start >= most.end)?.meaning ?? adjectives[0]?.meaning
  const field = rankedField(sentence, most, most.end)
  // 연체 제일 오래된: of days, the oldest are the most.
  const isOfDays = field !== undefined && sentence.entity.dimensions[field]?.type === 'number'
  if (isOfDays && (most.meaning.of ?? quality?.of) === 'time') {
    const direction = (most.meaning.direction ?? quality?.direction) === 'asc' ? 'desc' : 'asc'
    return { direction, isRank: true, limit: count ?? 1, field }
  }
  const of = most.meaning.of ?? (most.meaning.direction ? undefined : quality?.of)
  return {
    direction: most.meaning.direction ?? quality?.direction ?? 'desc',
    isRank: true,
    limit: count ?? 1,
    ...(of ? { of } : {}),
    ...(field ? { field } : {}),
  }
}

function readSequence(sentence: Sentence, count: number | undefined): Ordering | undefined {
  const limit = count === undefined ? {} : { limit: count }
  const sequence = piecesOf(sentence.pieces, 'sequence')[0]
  if (sequence) {
    const { direction, of } = sequence.meaning
    return { direction, isRank: false, ...(of ? { of } : {}), ...limit }
  }
  if (!hasCue(sentence.pieces, 'sequence')) return undefined
  return { direction: piecesOf(sentence.pieces, 'adjective')[0]?.meaning.direction ?? 'desc', isRank: false, ...limit }
}

const judging = /worst|best(?!\s*sell)|나[쁜빴빠쁘]|안\s*좋|최악|좋[은았아]|우수|저조/

/** Whether the word that orders says what is good or bad. */
const isJudged = ({ pieces, reading }: Sentence): boolean =>
  pieces.some(
    ({ start, end, meaning }) =>
      (meaning.kind === 'most' || meaning.kind === 'adjective') &&
      judging.test(`${textBetween(reading, start, end)}${textBetween(reading, end, end + 1)}`),
  )

/** The direction for what is ordered by: of defects, the worst are the most. */
export function directionOf(entity: Entity, by: string, { direction, isJudged: judged }: Ordering): Direction {
  if (!judged || entity.measures[splitMeasure(by).measure]?.better !== 'lower') return direction
  return direction === 'asc' ? 'desc' : 'asc'
}

/** Reads superlatives, ranks and orders. `spent`: numbers that conditions have used. */
export function readOrdering(sentence: Sentence, spent: ReadonlySet<Piece>): OrderWords {
  const counted = looseCount(sentence, spent)
  const count = counted?.meaning.value
  const isSequence = piecesOf(sentence.pieces, 'sequence').length > 0
  const ordering =
    (isSequence ? readSequence(sentence, count) : undefined) ??
    readRankOrMost(sentence, count) ??
    readSequence(sentence, count)
  const isLatest = piecesOf(sentence.pieces, 'adjective').some(
    ({ meaning }) => meaning.of === 'time' && meaning.direction === 'desc',
  )
  const limit = ordering || count === undefined ? {} : { limit: count }
  if (ordering && isJudged(sentence)) ordering.isJudged = true
  return { ...(ordering ? { ordering } : {}), ...limit, isLatest, counted: counted ? [counted] : [] }
}
