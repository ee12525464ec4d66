import type { Catalog } from '#catalog'
import { nativeNumbers } from '../grammar/number-words.ts'
import type { Piece } from '../pieces.ts'
import type { Reading } from '../read-text.ts'
import { textBetween } from './sentence.ts'

const joins = /^\s*(?:,|·|\/|와|과|이?랑|하고|및|and|&)?\s*$/

const domainsOf = ({ meaning }: Piece): string[] =>
  meaning.kind === 'words' ? meaning.senses.flatMap((sense) => (sense.kind === 'name' ? [sense.domain] : [])) : []

/** The domains of the names that a noun stands for: 창고 for those of warehouses. */
function domainsNamedBy(catalog: Catalog, { meaning }: Piece): Set<string> {
  const senses = meaning.kind === 'words' ? meaning.senses : []
  return new Set(
    senses.flatMap((sense) => {
      const dimension = sense.kind === 'dimension' ? catalog.entities[sense.entity]?.dimensions[sense.field] : undefined
      return dimension?.type === 'name' ? [dimension.domain] : []
    }),
  )
}

/** How many names of a kind are listed right before a place. */
function listedBefore(reading: Reading, at: number, domains: ReadonlySet<string>): number {
  let count = 0
  let end = at
  for (const piece of reading.pieces.filter((one) => one.end <= at).reverse()) {
    const gap = textBetween(reading, piece.end, end)
    if (!joins.test(gap) || !domainsOf(piece).some((domain) => domains.has(domain))) break
    count += 1
    end = piece.start
  }
  return count
}

const places = new Set(['군데', '곳', '개사', '명', '사람', '분', '업체', '회사'])
const anyName = (piece: Piece): boolean => domainsOf(piece).length > 0

/** 삼우정공이랑 동양철강 두 군데: a number of places or people that repeats how many names were listed. */
function isNamedCount(reading: Reading, { start, end, meaning }: Piece): boolean {
  if (meaning.kind !== 'amount') return false
  const isAlone = /^(?:둘|셋|넷)$/.test(textBetween(reading, start, end).trim())
  if (!places.has(meaning.unit ?? '') && !isAlone) return false
  const listed = reading.pieces.filter((piece) => piece.end <= start && anyName(piece))
  const domains = new Set(listed.flatMap(domainsOf))
  return listed.length > 1 && listedBefore(reading, start, domains) === meaning.value
}

/** 평택 대전 두 창고: a number word that only repeats how many names were listed is understood; any other number stays unknown. */
export function forgiveNamedCounts(catalog: Catalog, reading: Reading): Reading {
  const unknown = reading.unknown.filter(({ start, end, text }) => {
    const noun = reading.pieces.find((piece) => piece.start === end)
    const domains = noun ? domainsNamedBy(catalog, noun) : new Set<string>()
    return domains.size === 0 || listedBefore(reading, start, domains) !== nativeNumbers[text]
  })
  return { ...reading, pieces: reading.pieces.filter((piece) => !isNamedCount(reading, piece)), unknown }
}
