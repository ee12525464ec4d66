import type { Piece } from './pieces.ts'
import { textBetween } from './plan/sentence.ts'
import type { Reading } from './read-text.ts'

/** How a clause ends that only leads up to the question: 신입인데요, 찾으셔서 그런데, 수고 많으십니다. */
const clauseEnd =
  /[.!?~…](?=\s|$)|(?:[가-힣](?:니다|십니까|세요|네요|는데요?|은데요?|ㄴ데요?|던데요?|서요|라서요?|니까요?|여서|해서|할게요?|볼게요?|릴게요?|까요|거든요?))(?=[\s,])|(?:신입인데|급한데|죄송한데|궁금한데|그런데|근데|말인데|다름이?\s*아니라)요?(?=[\s,])/g

/** Told to somebody or by somebody: 부장님께서 is not whose records are asked for. */
const honorific = /^님(?:께서|이|도|은|한테|께)?(?:\s|$)/

/** Kinds of piece that a question is made of. */
const content = new Set<Piece['meaning']['kind']>([
  'words',
  'amount',
  'period',
  'document',
  'rank',
  'most',
  'grain',
  'comparator',
  'comparison',
  'contains',
  'schedule',
  'format',
  'view',
  'refusal',
])

/**
 * Where the question itself begins, as a place in the text: after the last clause before it that says nothing of the company. 0 when it
 * begins at once, or when what leads up to it could be meant (a name, a time, a number).
 */
export function findQuestionStart(reading: Reading): number {
  const { normal, pieces, unknown } = reading
  const lastUnknown = unknown.at(-1)
  if (!lastUnknown) return 0
  const first = pieces.find((piece) => content.has(piece.meaning.kind) && !isHonoured(reading, piece))
  if (!first || lastUnknown.start >= first.start) return 0
  // 수고하셨네요 오늘도: no question follows.
  if (!pieces.some(({ start, meaning }) => start >= first.start && meaning.kind === 'words')) return 0
  const until = normal.textAt[first.start] ?? 0
  const from = (normal.textAt[lastUnknown.end - 1] ?? 0) + 1
  const ends = [...normal.text.slice(0, until).matchAll(clauseEnd)].map((match) => match.index + match[0].length)
  const last = ends.at(-1)
  return last !== undefined && last >= from ? last : 0
}

function isHonoured(reading: Reading, { end, meaning }: Piece): boolean {
  const isName = meaning.kind === 'words' && meaning.senses.every(({ kind }) => kind === 'name')
  return isName && honorific.test(textBetween(reading, end, reading.normal.compact.length))
}
