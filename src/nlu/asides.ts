import { readRefusals } from './grammar/refusals.ts'
import type { Piece } from './pieces.ts'
import { textBetween } from './plan/sentence.ts'
import type { Reading } from './read-text.ts'
import { createAsidePatterns, readAsideWords } from './words/aside-words.ts'

const { clauseEnd, isStatement, reasonAtEnd, changesQuestion, honorific } = createAsidePatterns(readAsideWords())

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
