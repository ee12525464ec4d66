import type { Catalog } from '#catalog'
import { isoOf } from './grammar/calendar.ts'
import type { Meaning, Piece, Sense } from './pieces.ts'
import type { Reading } from './read-text.ts'
import type { Span } from './understanding.ts'

const kindOf: Record<Sense['kind'], Span['kind']> = {
  entity: 'entity',
  measure: 'measure',
  dimension: 'dimension',
  status: 'condition',
  state: 'condition',
  name: 'value',
}

function describeSense(sense: Sense): string {
  switch (sense.kind) {
    case 'entity':
      return sense.entity
    case 'measure':
      return `${sense.entity}.${sense.measure}`
    case 'dimension':
      return `${sense.entity}.${sense.field}`
    case 'status':
      return `${sense.field}=${sense.code}`
    case 'state':
      return `${sense.entity}.${sense.measure} ${sense.operator} ${sense.value}`
    default:
      return sense.name
  }
}

/** Of several meanings the one for the entity that was settled on; of several names all, so that a choice shows. */
function describeWords(senses: readonly Sense[], entity: string | undefined): Pick<Span, 'kind' | 'reading'> {
  const own = senses.filter((sense) => sense.kind !== 'name' && sense.entity === entity)
  const [first] = own.length > 0 ? own : senses
  if (!first) return { kind: 'other', reading: '' }
  if (first.kind !== 'name') return { kind: kindOf[first.kind], reading: describeSense(first) }
  const best = ['full', 'alias', 'titled', 'short', 'family']
    .map((fit) => senses.filter((sense) => sense.kind === 'name' && sense.fit === fit))
    .find((list) => list.length > 0)
  return { kind: 'value', reading: [...new Set((best ?? senses).map(describeSense))].slice(0, 5).join(' | ') }
}

/** What a piece means, in few words. `entity`: the one settled on, whose sense of a word is shown. */
export function describeMeaning(meaning: Meaning, entity: string | undefined): Pick<Span, 'kind' | 'reading'> {
  switch (meaning.kind) {
    case 'words':
      return describeWords(meaning.senses, entity)
    case 'period': {
      const { from, to } = meaning.period.back
      return {
        kind: 'period',
        reading: `${from === undefined ? '' : isoOf(from)}…${to === undefined ? '' : isoOf(to)}`,
      }
    }
    case 'amount':
      return { kind: 'condition', reading: String(meaning.value) }
    case 'comparator':
      return { kind: 'condition', reading: meaning.operator }
    case 'comparison':
      return { kind: 'period', reading: meaning.to }
    case 'document':
      return { kind: 'value', reading: meaning.value }
    case 'grain':
      return { kind: 'dimension', reading: meaning.grain }
    case 'rank':
    case 'most':
    case 'sequence':
    case 'adjective':
      return { kind: 'order', reading: meaning.direction ?? 'desc' }
    case 'schedule':
      return { kind: 'other', reading: meaning.cron }
    case 'cue':
      return { kind: 'other', reading: meaning.cue }
    case 'view':
      return { kind: 'other', reading: meaning.view }
    case 'format':
      return { kind: 'other', reading: meaning.format }
    default:
      return { kind: 'other', reading: meaning.kind }
  }
}

function toSpan({ normal }: Reading, piece: Piece, entity: string | undefined): Span {
  const start = normal.rawAt[normal.textAt[piece.start] ?? 0] ?? 0
  const end = normal.rawAt[(normal.textAt[piece.end - 1] ?? 0) + 1] ?? normal.raw.length
  return { start, end, text: normal.raw.slice(start, end), ...describeMeaning(piece.meaning, entity) }
}

/** What was read where, in characters of the text as it was typed. `entity`: the one settled on, if any. */
export function describeSpans(catalog: Catalog, reading: Reading, entity: string | undefined): Span[] {
  const known = entity !== undefined && catalog.entities[entity] ? entity : undefined
  return reading.pieces.map((piece) => toSpan(reading, piece, known))
}
