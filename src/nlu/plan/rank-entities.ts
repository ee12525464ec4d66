import type { Catalog, Entity } from '#catalog'
import { type Piece, piecesOf } from '../pieces.ts'
import type { Reading } from '../read-text.ts'
import { type EntityScore, scoreEntities } from './choose-entity.ts'
import { findCourtesies, findGroupings, isIdleWord, textBetween } from './sentence.ts'

/** What names alone may ask of an entity is worth as much as a word of its own. */
const bareNamesVote = 2

const onHand =
  /남(?:았|아|은|나|는)|있(?:어|나|니|냐|음|는지|지|습|을까)|몇\s*개|\b(?:left|remaining|have|got|there|available)\b/
const people = /명|사람|분|people/

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
      isIdleWord(reading, piece) ||
      (names.includes(piece) && piece.meaning.senses.every(({ kind }) => kind === 'name')),
  )
  return names.length > 0 && isBare ? names : undefined
}

/** C-330 남았어? asks for what is there now, 구매팀 몇 명? for the people: the entity that holds the names is not named. */
function isAskedByNames(reading: Reading, entity: Entity, names: readonly Piece[]): boolean {
  if (!names.every((piece) => holds(entity, piece))) return false
  const isNow = entity.kind === 'snapshot' && entity.period === undefined && entity.presentYear === undefined
  if (isNow) return onHand.test(reading.normal.text)
  const counts = piecesOf(reading.pieces, 'cue').filter(({ meaning }) => meaning.cue === 'count')
  const countsPeople = counts.some(({ start, end }) => people.test(textBetween(reading, start, end)))
  return entity.kind === 'master' && entity.me !== undefined && countsPeople
}

/** Entities by how well a reading speaks for them, best first. */
export function rankEntities(catalog: Catalog, reading: Reading): EntityScore[] {
  const groupings = findGroupings(reading)
  const courtesies = findCourtesies(catalog, reading)
  const ranked = scoreEntities(
    catalog,
    reading.pieces.filter((piece) => !courtesies.has(piece)),
    (piece) => groupings.has(piece),
    (piece) => isIdleWord(reading, piece),
  )
  const names = bareNames(reading)
  if (!names) return ranked
  return ranked
    .map((one) =>
      isAskedByNames(reading, one.entity, names)
        ? { ...one, score: one.score + bareNamesVote, named: one.named + bareNamesVote }
        : one,
    )
    .sort((a, b) => b.score - a.score)
}
