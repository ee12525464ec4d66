import type { BusinessQuery } from '#catalog'
import type { RequestKind } from './intent/request-kind.ts'
import { type Piece, piecesOf } from './pieces.ts'
import type { Reading } from './read-text.ts'
import type { Understanding } from './understanding.ts'

/** What the text would ask of one entity. `unplaced`: what the entity has no place for; any of it and it is passed over. */
export type EntityExplanation = {
  entity: string
  score: number
  /** How much of the score is from words of the entity's own. */
  named: number
  unplaced: string[]
  query: BusinessQuery
}

type Read = {
  reading: Reading
  kind: RequestKind
  entities: readonly EntityExplanation[]
  understanding: Understanding
}

const textOf = ({ normal }: Reading, { start, end }: Pick<Piece, 'start' | 'end'>): string =>
  normal.compact.slice(start, end)
const quoted = (texts: readonly string[]): string => texts.map((text) => `“${text}”`).join(', ')

function misspelt({ reading }: Read): string[] {
  const slipped = piecesOf(reading.pieces, 'words').filter(({ slips }) => slips > 0)
  return slipped.map(
    (piece) => `${quoted([textOf(reading, piece)])} is taken for a misspelt word (${piece.slips} slips)`,
  )
}

function passedOver({ entities }: Read, before: string | undefined): string[] {
  const end = entities.findIndex(({ entity }) => entity === before)
  return entities
    .slice(0, end < 0 ? 3 : end)
    .filter(({ unplaced }) => unplaced.length > 0)
    .map(({ entity, unplaced }) => `${entity} is passed over: it has no place for ${quoted(unplaced)}`)
}

function whyDeclined(read: Read): string[] {
  const { reading, kind, entities, understanding } = read
  if (reading.normal.cut) return ['declined: the text is longer than any question']
  if (understanding.reason === 'write') return ['declined: it asks to change the ERP']
  if (kind.refusal === 'unknown') return ['declined: it asks for what the ERP cannot tell']
  const unknown = reading.unknown.map(({ text }) => text)
  if (understanding.reason === 'unknown_name')
    return [`declined: ${quoted(understanding.candidates ?? [])} looks like a name that the master data does not have`]
  if (unknown.length > 0) return [`declined: nothing knows ${quoted(unknown)}`]
  const [top] = entities
  if (kind.kind === 'declined' && (kind.probability >= 0.9 || !top))
    return [`declined: the model of requests takes it for “${kind.label}”`]
  if (!top) return ['declined: no word speaks for any entity']
  const [first] = passedOver(read, undefined)
  if (!first) return [`declined: too little speaks for ${top.entity}, or no more than for another entity`]
  return [...passedOver(read, undefined), 'declined: left out, it would answer another question']
}

/** Why a text was answered, asked back about or declined: a sentence a step, in the order in which it was decided. */
export function reasonsFor(read: Read): string[] {
  const { understanding, kind } = read
  const { intent, query } = understanding
  if (intent === 'out_of_scope') return [...misspelt(read), ...whyDeclined(read)]
  if (intent === 'clarify')
    return [
      ...misspelt(read),
      `asked back: ${quoted(understanding.candidates ?? [])} fit ${understanding.field ?? ''} equally well`,
    ]
  if (!query)
    return [
      `${intent}: ${kind.kind === intent ? `the model of requests says so (${kind.label})` : 'said by its words'}`,
    ]
  const top = read.entities.find(({ entity }) => entity === query.entity)
  const ofIt = top
    ? `words speak for it with ${top.score.toFixed(1)}, its own with ${top.named.toFixed(1)}`
    : 'kept from the turn before'
  return [...misspelt(read), ...passedOver(read, query.entity), `${intent}: ${query.entity}; ${ofIt}`]
}
