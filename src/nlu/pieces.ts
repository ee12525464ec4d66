import type { Operator } from '#catalog'
import type { PeriodReading } from './grammar/periods.ts'

/** What a word of the catalog or a name can mean. The same word often means several things; the rest of the sentence decides. */
export type Sense =
  | { kind: 'entity'; entity: string }
  | { kind: 'measure'; entity: string; measure: string }
  | { kind: 'dimension'; entity: string; field: string; isLabel: boolean }
  | { kind: 'status'; entity: string; field: string; code: string }
  | { kind: 'state'; entity: string; measure: string; operator: Operator; value: number }
  | { kind: 'name'; domain: string; name: string; fit: NameFit }

/**
 * How a name was written: in full, by its code or another name, by family name and title (김과장), shortened to a part that it may share,
 * or only by a family name.
 */
export type NameFit = 'full' | 'alias' | 'titled' | 'short' | 'family'

/** Words of the language, not of the company: what is asked to be done with the data. */
export type Cue =
  | 'list'
  | 'overview'
  | 'howMuch'
  | 'total'
  | 'count'
  | 'howMany'
  | 'average'
  | 'maximum'
  | 'minimum'
  | 'share'
  | 'trend'
  | 'exclude'
  | 'instead'
  | 'only'
  | 'compare'
  | 'which'
  | 'followUp'
  | 'notify'
  | 'send'
  | 'sequence'
  | 'past'
  | 'open'
  | 'me'
  | 'weakMe'
  | 'myDepartment'
  | 'all'
  | 'both'
  | 'each'
  | 'by'
  | 'file'
  | 'shortage'
  | 'who'
  | 'condition'

export type Direction = 'asc' | 'desc'

export type Meaning =
  | { kind: 'words'; senses: readonly Sense[] }
  | { kind: 'cue'; cue: Cue }
  | { kind: 'most'; direction?: Direction; of?: 'time' | 'price' }
  | { kind: 'adjective'; direction: Direction; of?: 'time' | 'price' }
  | { kind: 'sequence'; direction: Direction; of?: 'time' | 'price' }
  | { kind: 'rank'; direction: Direction; count?: number }
  | { kind: 'grain'; grain: 'day' | 'week' | 'month' | 'quarter' | 'year' }
  | { kind: 'period'; period: PeriodReading }
  | { kind: 'amount'; value: number; unit?: string }
  | { kind: 'comparator'; operator: Operator; isCondition: boolean }
  | { kind: 'comparison'; to: 'previousPeriod' | 'previousYear'; unit?: PeriodReading['unit'] }
  | { kind: 'document'; prefix: string; value: string; isForeign: boolean }
  | { kind: 'contains'; value: string }
  | { kind: 'schedule'; cron: string; isTimed: boolean }
  | { kind: 'view'; view: 'table' | 'bar' | 'line' | 'pie' | 'number' | 'chart' }
  | { kind: 'format'; format: 'xlsx' | 'csv' }
  | { kind: 'ordinal'; index: number }
  | { kind: 'refusal'; reason: 'write' | 'unknown' }
  | { kind: 'plain' }

/** One stretch of the compact text and what it means. `slips`: how far the spelling is off. */
export type Piece<M extends Meaning = Meaning> = {
  start: number
  end: number
  score: number
  slips: number
  meaning: M
}

const isOf = <K extends Meaning['kind']>(piece: Piece, kind: K): piece is Piece<Extract<Meaning, { kind: K }>> =>
  piece.meaning.kind === kind

/** The pieces of one kind, in order. */
export function piecesOf<K extends Meaning['kind']>(
  pieces: readonly Piece[],
  kind: K,
): Piece<Extract<Meaning, { kind: K }>>[] {
  const found: Piece<Extract<Meaning, { kind: K }>>[] = []
  for (const piece of pieces) if (isOf(piece, kind)) found.push(piece)
  return found
}

/** Whether one of these cues stands among the pieces. */
export function hasCue(pieces: readonly Piece[], ...cues: Cue[]): boolean {
  for (const { meaning } of pieces) if (meaning.kind === 'cue' && cues.includes(meaning.cue)) return true
  return false
}
