import type { BusinessQuery, Condition, Period } from '#catalog'
import { hasCue, piecesOf } from '../pieces.ts'
import { isHeadNoun, readGrouping } from './grouping.ts'
import { isGenericWord, type MeasureWords, readMeasures } from './measures.ts'
import { type Clarify, readNameFilters } from './name-filters.ts'
import { isOrderedBy, type OrderWords, readOrdering } from './ordering.ts'
import { readPersonConditions } from './person-conditions.ts'
import { isIdleWord, type Sentence, textAfter, textBefore } from './sentence.ts'
import { readTimeFilters } from './time-filters.ts'
import { readValueConditions } from './value-conditions.ts'

/** Everything a sentence says about one entity, before it is made into a query of its own or a change of the last one. */
export type Said = {
  measure: MeasureWords
  order: OrderWords
  where: Condition[]
  isMeasured: boolean
  groups: string[]
  droppedGroups: string[]
  /** Dimension nouns, and whether each is what is asked for. */
  implied: { field: string; isHead: boolean; isAsked: boolean }[]
  /** Dimensions of which everything is wanted again: 전체 지역. */
  widened: string[]
  grain?: string
  isTrend: boolean
  /** Side by side: 비교, 각각. */
  isComparing: boolean
  period?: Period
  dateField?: string
  compareTo?: NonNullable<BusinessQuery['compareTo']>
  clarify?: Clarify
  isDocument: boolean
  /** The entity's own word was said. */
  saysEntity: boolean
  /** Things said for which the entity has no place. A query without them would answer something else. */
  unplaced: string[]
}

const allBefore = /(?:전체|모든|전|all|every)\s*(?:the\s+)?$/
const allAfter = /^\s*(?:전체|전부|모두|다\s)/
const dedupe = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [JSON.stringify(one), one])).values(),
]

function documentConditions(sentence: Sentence): { conditions: Condition[]; unplaced: string[] } {
  const conditions: Condition[] = []
  const unplaced: string[] = []
  const byField = new Map<string, string[]>()
  for (const { meaning } of piecesOf(sentence.pieces, 'document')) {
    const field = Object.entries(sentence.entity.dimensions).find(
      ([, one]) => one.type === 'documentNo' && one.prefix === meaning.prefix,
    )?.[0]
    if (field) byField.set(field, [...(byField.get(field) ?? []), meaning.value])
    else unplaced.push(meaning.value)
  }
  for (const [field, values] of byField) {
    const [only = ''] = values
    conditions.push(values.length === 1 ? [field, 'eq', only] : [field, 'in', values])
  }
  return { conditions, unplaced }
}

/** Words of another entity that this one can do nothing with: 창고별 of sales. */
function foreignWords(sentence: Sentence): string[] {
  return sentence.words
    .filter((view) => view.isForeign && !isIdleWord(sentence.reading, view.piece))
    .map(({ piece }) => sentence.reading.normal.compact.slice(piece.start, piece.end))
}

/** Reads a sentence as being about its entity. `last`: the query it may refine; without one, a comparison alone means the current unit. */
export function readSaid(sentence: Sentence, last?: BusinessQuery): Said {
  const names = readNameFilters(sentence)
  const time = readTimeFilters(sentence, last === undefined || last.period === undefined, last?.period?.field)
  const values = readValueConditions(sentence, isGenericWord, (view) => isOrderedBy(sentence, view))
  const documents = documentConditions(sentence)
  const person = readPersonConditions(sentence, [...names.fields.values()].includes(sentence.entity.me ?? ''))
  const dateName = time.field ?? last?.period?.field ?? sentence.entity.period
  const grouping = readGrouping(sentence, dateName, names.fields)
  const used = new Set([...time.used, ...values.subjects, ...names.fields.keys()])
  const measure = readMeasures(
    sentence,
    values.subjects,
    time.period || time.conditions.length > 0 ? used : new Set([...values.subjects, ...names.fields.keys()]),
  )
  const order = readOrdering(sentence, values.amounts)
  return {
    measure,
    order,
    where: dedupe([
      ...documents.conditions,
      ...names.conditions,
      ...person.conditions,
      ...values.conditions,
      ...time.conditions,
    ]),
    isMeasured: values.isMeasured,
    groups: grouping.groups,
    droppedGroups: grouping.dropped,
    implied: grouping.implied.map((view) => ({
      field: view.field ?? '',
      isHead: isHeadNoun(sentence, view),
      isAsked:
        /^\s*(?:들)?(?:이|가|은|는)?\s*(?:어디|누구|뭐|무엇)/.test(textAfter(sentence.reading, view.piece)) ||
        /(?:어느|어떤|무슨|which|what)\s*$/.test(textBefore(sentence.reading, view.piece)),
    })),
    widened: grouping.implied
      .filter(
        ({ piece }) =>
          allBefore.test(textBefore(sentence.reading, piece)) || allAfter.test(textAfter(sentence.reading, piece)),
      )
      .map(({ field }) => field ?? ''),
    ...(grouping.grain ? { grain: grouping.grain } : {}),
    isTrend: grouping.isTrend,
    isComparing: hasCue(sentence.pieces, 'compare', 'each'),
    ...(time.period ? { period: time.period } : {}),
    ...(time.field ? { dateField: time.field } : {}),
    ...(time.compareTo ? { compareTo: time.compareTo } : {}),
    ...(names.clarify ? { clarify: names.clarify } : {}),
    saysEntity: sentence.words.some((view) => view.isEntity),
    isDocument: documents.conditions.length > 0,
    unplaced: [
      ...names.unplaced,
      ...time.unplaced,
      ...values.unplaced,
      ...person.unplaced,
      ...documents.unplaced,
      ...foreignWords(sentence),
    ],
  }
}
