import type { BusinessQuery, Catalog } from '#catalog'
import { hasCue, piecesOf } from '../pieces.ts'
import type { EntityScore } from '../plan/choose-entity.ts'
import { readSaid, type Said } from '../plan/read-said.ts'
import { type Sentence, seeAs, type WordView } from '../plan/sentence.ts'
import type { Reading } from '../read-text.ts'
import { carryQuery } from './carry-query.ts'
import { changesAnything, refineQuery } from './refine-query.ts'
import { isFullQuestion, isSubjectOnly } from './subject-only.ts'

const onlyAfter = /(?:것|거|건|[가-힣\d])만(?:요|좀|\s|$)/
const leadIn =
  /^\s*(?:그럼|그러면|그렇다면|그중|그 중|거기|근데|그리고|아니|and\b|what about|how about|then\b|now\b|only\b|just\b|same\b|but\b|instead)/

/** Whether a text changes the last query rather than asking anew. `top`: the entity it names, if any. */
export function isFollowUp(reading: Reading, top: EntityScore | undefined, last: BusinessQuery): boolean {
  if (!top) return true
  const { text } = reading.normal
  if (leadIn.test(text) || hasCue(reading.pieces, 'instead')) return true
  if (isSubjectOnly(reading)) return true
  const saysEntity = piecesOf(reading.pieces, 'words').some(({ meaning }) =>
    meaning.senses.some((sense) => sense.kind === 'entity' && sense.entity === top.entity.entity),
  )
  if (top.entity.entity === last.entity && onlyAfter.test(text)) return true
  if (hasCue(reading.pieces, 'followUp') && !(saysEntity && isFullQuestion(text))) return true
  const isShort = piecesOf(reading.pieces, 'period').length === 0 && reading.pieces.length <= 3
  return top.entity.entity === last.entity && !saysEntity && isShort
}

type Context = { last: BusinessQuery; top: EntityScore | undefined; today: string }

/**
 * The last query as this text changes it; undefined when the text says nothing that can be put there, `lost` when it moves to a subject
 * that has no place for a name or status of the last query.
 */
export function readRefinement(
  catalog: Catalog,
  reading: Reading,
  { last, top, today }: Context,
): { query: BusinessQuery; said: Said } | 'lost' | undefined {
  const from = catalog.entities[last.entity]
  if (!from) return undefined
  const entity = top && !fitsIn(seeAs(catalog, from, reading, today), top) ? top.entity : from
  const base = entity === from ? last : carryQuery(catalog, last, entity)
  if (!base) return 'lost'
  const sentence = seeAs(catalog, entity, reading, today)
  const said = readSaid(sentence, base)
  const schedules = piecesOf(reading.pieces, 'schedule').length > 0
  if (said.unplaced.length > 0 || !(changesAnything(said) || entity !== from || schedules)) return undefined
  return { query: schedules && !changesAnything(said) ? base : refineQuery(base, sentence, said), said }
}

/** Whether every word of the text can be meant about the last entity: 쓴 after leave, 사람 after orders that people took. */
function fitsIn(sentence: Sentence, top: EntityScore): boolean {
  const { dimensions } = sentence.entity
  const isHeld = ({ names }: WordView): boolean =>
    Object.values(dimensions).some((one) => one.type === 'name' && names.some(({ domain }) => domain === one.domain))
  const isKnown = (view: WordView): boolean =>
    view.isEntity || [view.measure, view.field, view.status].some((one) => one !== undefined) || isHeld(view)
  return top.entity === sentence.entity || sentence.words.every(isKnown)
}
