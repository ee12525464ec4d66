import { readRefusals } from './grammar/refusals.ts'
import type { Piece } from './pieces.ts'
import { textBetween } from './plan/sentence.ts'
import type { Reading } from './read-text.ts'

/** How a clause ends: 신입인데요, 찾으셔서 그런데, 수고 많으십니다, 목록이요; and marks that close one. */
const clauseEnd =
  /[.!?~…;,()]+(?=\s|$|[가-힣a-z(])|[가-힣](?:니다|십니까|세요|네요|는데요?|은데요?|던데요?|(?<!에|게|께)서요?|니까요?|할게요?|볼게요?|릴게요?|까요|거든요?|려고요?|려구요|느라요?|이요|[계량록액익출수]요)(?=[\s,.])|(?:신입인데|급한데|죄송한데|궁금한데|그런데|근데|말인데|중인데|다름이?\s*아니라)요?(?=[\s,])|\s(?=because\b|so (?:that|i|we)\b|since (?:i|we)\b|for (?:my|our|the|a|tomorrow's|today's) (?:\w+ ){0,2}(?:meeting|report|plan|deck|presentation|review|call|audit|boss|manager|slides?)\b|(?:my |our |the )?(?:boss|manager|customer) (?:is asking|asks|wants|needs)\b)|(?<=\b(?:is asking|asks|wants to know|needs)(?: for| about)?)\s/g

/**
 * A clause with a verb of its own; what has none (온라인몰에서, 유통기한 지난 거) may narrow the question, and nothing of that kind is left out.
 */
const isStatement =
  /(?:[가-힣](?:니다|십니까|세요|네요|[어아여해돼]요|는데요?|은데요?|던데요?|(?<!에|게|께)서요?|니까요?|할게요?|볼게요?|릴게요?|까요|거든요?|려고요?|려구요|느라요?|[았었했됐있없]음)|(?:신입인|급한|죄송한|궁금한|그런|중인)데요?|근데)[\s.,!?~^ㅎㅋㅠ;]*$|^\s*(?:because|so (?:that|i|we)|since (?:i|we)|for (?:my|our|the|a|tomorrow's|today's) |(?:my |our |the )?(?:boss|manager|customer) (?:is asking|asks|wants|needs))/

/** Why somebody asks, at the end and without a mark before it: … 귀찮아서. */
const reasonAtEnd = /(?:[아어해돼여라]서|니까|거든|려고|느라)요?[\s.!?~ㅎㅋㅠ]*$/

/** Words that change what is asked for, wherever they stand: nothing with one of them is an aside. */
const changesQuestion =
  /포함|제외|빼|뺀|말고|아닌|없[는이]|기준|한해|한정|만(?:\s|$)|별도|따로|환산|적용|반영|예상|전망|예측|목표|계획|추정|이유|원인|왜|비교|대비|순위|반품|환불|할인|세금|부가세|세전|세후|달러|유로|엔화|\b(?:except|excluding|without|only|vat|tax|why|forecast|target|dollars?|usd|euros?|versus|vs|not)\b/

/** Told to somebody or by somebody: 부장님께서 is not whose records are asked for. */
const honorific = /^님(?:께서|이|도|은|한테|께)?(?:\s|$)/

/** Kinds of piece that a question is made of. */
const contentKinds = new Set<Piece['meaning']['kind']>([
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

/** A stretch of the text with its spaces. */
export type Aside = { start: number; end: number }

/** Stretches of compact text that are part of the question, by place. A word that is only begun by one (사원증) is none. */
function contentOf(reading: Reading): Piece[] {
  const { normal, unknown } = reading
  const wordStart = (at: number): number => {
    let start = at
    while (!normal.gap[start]) start -= 1
    return start
  }
  const strange = new Set(unknown.map(({ start }) => wordStart(start)))
  return reading.pieces.filter(
    (piece) =>
      contentKinds.has(piece.meaning.kind) && !isHonoured(reading, piece) && !strange.has(wordStart(piece.start)),
  )
}

function isHonoured(reading: Reading, { end, meaning }: Piece): boolean {
  const isName = meaning.kind === 'words' && meaning.senses.every(({ kind }) => kind === 'name')
  return isName && honorific.test(textBetween(reading, end, reading.normal.compact.length))
}

/**
 * Clauses beside the question that say nothing of the company: why or for whom somebody asks. Only those with a word that nothing knows, and
 * only when a question is left. Places are of the normal text.
 */
export function findAsides(reading: Reading): Aside[] {
  const { normal, unknown } = reading
  if (unknown.length === 0) return []
  const placeOf = (at: number): number => normal.textAt[at] ?? normal.text.length
  const content = contentOf(reading)
  const isIn =
    ({ start, end }: Aside) =>
    (one: { start: number }) =>
      placeOf(one.start) >= start && placeOf(one.start) < end
  const isAside = (clause: Aside): boolean => {
    const text = normal.text.slice(clause.start, clause.end)
    return (
      unknown.some(isIn(clause)) &&
      isStatement.test(text) &&
      !content.some(isIn(clause)) &&
      !changesQuestion.test(text) &&
      readRefusals(text).length === 0
    )
  }
  const asides = [...clausesOf(normal.text), ...reasonOf(reading, content)].filter(isAside)
  const isLeft = content.some(({ meaning }) => meaning.kind === 'words')
  return isLeft ? asides : []
}

function clausesOf(text: string): Aside[] {
  const ends = [...text.matchAll(clauseEnd)].map((match) => match.index + match[0].length)
  return [0, ...ends].map((start, i) => ({ start, end: ends[i] ?? text.length }))
}

/** What follows the last word of the question, when it ends as a reason does. */
function reasonOf({ normal }: Reading, content: readonly Piece[]): Aside[] {
  const last = content.at(-1)
  if (!last || !reasonAtEnd.test(normal.text)) return []
  let start = (normal.textAt[last.end - 1] ?? 0) + 1
  while (start < normal.text.length && normal.text[start] !== ' ') start += 1
  return [{ start, end: normal.text.length }]
}
