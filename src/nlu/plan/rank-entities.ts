import type { Catalog, Entity } from '#catalog'
import { hasCue, type Piece, piecesOf } from '../pieces.ts'
import type { Reading } from '../read-text.ts'
import { type EntityScore, scoreEntities } from './choose-entity.ts'
import { listsRecords } from './choose-groups.ts'
import { isIdleWord, marksOf, textBetween } from './sentence.ts'

/** What names alone may ask of an entity is worth as much as a word of its own. */
const bareNamesVote = 2

const onHand =
  /남(?:았|아|은|나|는)|있(?:어|나|니|냐|음|는|지|습|을까)|몇\s*개|\b(?:left|remaining|have|got|there|available)\b/
const people = /명|사람|분|people/
const whoIsThere =
  /누구누구|누가\s*있|(?:전원|다들)\s|who(?:'s| is) (?:in|on)\b|\b(?:everyone|everybody|people|staff|folks) (?:in|on|of|at|from)\b/
/** A-100이 뭐야, 남궁혁 누구야: what is kept of the thing or person itself. */
const whatIsIt =
  /(?:이|가|은|는)?\s*(?:뭐|뭔|누구|어떤\s*(?:품목|제품|사람|회사|곳|업체))(?:야|예요|에요|죠|지|인지|임|인가|데|니|냐|더라)|\b(?:who|what) (?:is|are)\b|(?:정보|프로필|인적\s*사항)/

/** Whether the names are the entity's own: its records are what they name. */
const isHomeOf = (entity: Entity, names: readonly Piece[]): boolean => {
  const own = entity.dimensions.name
  return (
    own?.type === 'name' &&
    names.every(
      ({ meaning }) =>
        meaning.kind === 'words' &&
        meaning.senses.some((sense) => sense.kind === 'name' && sense.domain === own.domain && sense.fit !== 'short'),
    )
  )
}

const holds = (entity: Entity, { meaning }: Piece): boolean =>
  meaning.kind === 'words' &&
  meaning.senses.some(
    (sense) =>
      sense.kind === 'name' &&
      Object.values(entity.dimensions).some((one) => one.type === 'name' && one.domain === sense.domain),
  )

/** The names of a text that says nothing else of the company; undefined when it does. */
function bareNames(reading: Reading): Piece[] | undefined {
  const words = piecesOf(reading.pieces, 'words')
  const names = words.filter(({ meaning }) => meaning.senses.some(({ kind }) => kind === 'name'))
  const isBare = words.every(
    (piece) =>
      (isIdleWord(reading, piece) && onHand.test(textBetween(reading, piece.start, piece.end))) ||
      (names.includes(piece) && piece.meaning.senses.every(({ kind }) => kind === 'name')),
  )
  return names.length > 0 && isBare ? names : undefined
}

/** 모자란 자재: what is said to be short is what a bound is kept for, and nothing else has one. */
function isAskedByShortage(reading: Reading, entity: Entity): boolean {
  return (
    listsRecords(entity) &&
    Object.values(entity.measures).some(({ boundOf }) => boundOf !== undefined) &&
    piecesOf(reading.pieces, 'words').every(
      (piece) =>
        holds(entity, piece) ||
        piece.meaning.senses.some(
          (sense) => (sense.kind === 'dimension' || sense.kind === 'measure') && sense.entity === entity.entity,
        ),
    )
  )
}

/** C-330 남았어? asks for what is there now, 구매팀 몇 명? for the people: the entity that holds the names is not named. */
function isAskedByNames(reading: Reading, entity: Entity, names: readonly Piece[]): boolean {
  if (!names.every((piece) => holds(entity, piece))) return false
  const isNow = entity.kind === 'snapshot' && entity.period === undefined && entity.presentYear === undefined
  if (isNow) return onHand.test(reading.normal.text)
  const counts = piecesOf(reading.pieces, 'cue').filter(({ meaning }) => meaning.cue === 'count')
  const countsPeople = counts.some(({ start, end }) => people.test(textBetween(reading, start, end)))
  if (entity.kind !== 'master') return false
  if (entity.me !== undefined && (countsPeople || whoIsThere.test(reading.normal.text))) return true
  return isHomeOf(entity, names) && whatIsIt.test(reading.normal.text)
}

/** Entities by how well a reading speaks for them, best first. */
export function rankEntities(catalog: Catalog, reading: Reading): EntityScore[] {
  const { groupings, courtesies } = marksOf(catalog, reading)
  const ranked = scoreEntities(
    catalog,
    courtesies.size === 0 ? reading.pieces : reading.pieces.filter((piece) => !courtesies.has(piece)),
    (piece) => groupings.has(piece),
    (piece) => isIdleWord(reading, piece),
  )
  const names = bareNames(reading)
  const isShort = hasCue(reading.pieces, 'shortage')
  if (!names && !isShort) return ranked
  return ranked
    .map((one) =>
      (names && isAskedByNames(reading, one.entity, names)) || (isShort && isAskedByShortage(reading, one.entity))
        ? { ...one, score: one.score + bareNamesVote, named: one.named + bareNamesVote }
        : one,
    )
    .sort((a, b) => b.score - a.score)
}
