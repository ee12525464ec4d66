import type { BusinessQuery, Condition } from '#catalog'
import { hasCue, piecesOf } from '../pieces.ts'
import type { Reading } from '../read-text.ts'
import { compactOf } from '../text/normalize.ts'
import type { DialogueState } from '../understanding.ts'

type Pending = NonNullable<DialogueState['pending']>

const longestAnswer = 24

/** The written words of an answer, each with what stands right after it. */
function writtenWords({ normal }: Reading): { word: string; after: string }[] {
  const words: { word: string; after: string }[] = []
  for (let start = 0; start < normal.compact.length; ) {
    let end = start + 1
    while (!normal.gap[end]) end += 1
    words.push({ word: normal.compact.slice(start, end), after: normal.text.slice((normal.textAt[end - 1] ?? 0) + 1) })
    start = end
  }
  return words
}

/** The candidates that hold the longest beginning of a word: two letters or a number at least, so that particles don't matter. */
function fitting(word: string, candidates: readonly string[]): string[] {
  for (let length = word.length; length >= 1; length -= 1) {
    const part = word.slice(0, length)
    const isTelling = /^\d+$/.test(part) || length >= 2 || (/^[a-z]$/.test(part) && word.length <= 2)
    if (!isTelling) continue
    const hits = candidates.filter((name) => compactOf(name).includes(part))
    if (hits.length > 0) return hits
  }
  return []
}

const droppedAfter = /^\s*(?:말고|아니고|대신|아니라)/
const droppedInside = /(?:말고|아니고|대신)$/

function narrow(reading: Reading, candidates: readonly string[]): string[] {
  let left = [...candidates]
  let isTold = false
  for (const { word, after } of writtenWords(reading)) {
    const hits = fitting(word.replace(droppedInside, ''), left)
    if (hits.length === 0 || hits.length === left.length) continue
    isTold = true
    left = droppedInside.test(word) || droppedAfter.test(after) ? left.filter((name) => !hits.includes(name)) : hits
  }
  return isTold ? left : []
}

/** The candidates that an answer picks: none when it does not look like an answer. */
function pickCandidates(reading: Reading, candidates: readonly string[]): string[] {
  if (hasCue(reading.pieces, 'both', 'all')) return [...candidates]
  const named = piecesOf(reading.pieces, 'words').flatMap(({ meaning }) =>
    meaning.senses.flatMap((sense) =>
      sense.kind === 'name' && sense.fit !== 'short' && candidates.includes(sense.name) ? [sense.name] : [],
    ),
  )
  if (named.length === 1) return named
  const ordinal = piecesOf(reading.pieces, 'ordinal')[0]
  const byOrder = ordinal ? candidates[ordinal.meaning.index] : undefined
  return byOrder !== undefined ? [byOrder] : narrow(reading, candidates)
}

/** A query with the names that were picked. Another choice of the same field is replaced. */
function withChoice(query: BusinessQuery, field: string, names: readonly string[]): BusinessQuery {
  const [only] = names
  if (only === undefined) return query
  const condition: Condition = names.length === 1 ? [field, 'eq', only] : [field, 'in', [...names]]
  const others = (query.where ?? []).filter(
    ([name, operator]) => name !== field || (operator !== 'eq' && operator !== 'in'),
  )
  return { ...query, where: [...others, condition] }
}

/** Reads a text as the answer to a clarify; undefined when it is not one. `base`: the query to complete. */
export function answerClarify(reading: Reading, pending: Pending, base: BusinessQuery): BusinessQuery | undefined {
  if (reading.normal.compact.length > longestAnswer) return undefined
  const names = pickCandidates(reading, pending.candidates)
  const isAnswer = names.length === 1 || (names.length > 1 && hasCue(reading.pieces, 'both', 'all'))
  return isAnswer ? withChoice(base, pending.field, names) : undefined
}
