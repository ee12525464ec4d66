import type { BusinessQuery, Condition, Entity, Period } from '#catalog'
import { hasCue, type Piece, piecesOf } from '../pieces.ts'
import { createFinder } from '../text/finder.ts'
import { listsRecords } from './choose-groups.ts'
import { isAsked, isHeadNoun, isWidened, readGrouping } from './grouping.ts'
import { isGenericWord, type MeasureWords, readMeasures } from './measures.ts'
import { type Clarify, type NameFilters, readNameFilters } from './name-filters.ts'
import { isOrderedBy, type OrderWords, readOrdering } from './ordering.ts'
import { type PersonConditions, readPersonConditions } from './person-conditions.ts'
import { isIdleWord, type Sentence } from './sentence.ts'
import { readTimeFilters, type TimeFilters } from './time-filters.ts'
import { readValueConditions, type ValueConditions } from './value-conditions.ts'

/** Everything a sentence says about one entity, before it is made into a query of its own or a change of the last one. */
export type Said = {
  measure: MeasureWords
  order: OrderWords
  where: Condition[]
  /** The measure that a condition tests though no word names it. */
  tested?: string
  isMeasured: boolean
  groups: string[]
  droppedGroups: string[]
  /** Dimension nouns, and whether each is what is asked for. */
  implied: { field: string; isHead: boolean; isAsked: boolean }[]
  /** Dimensions of which everything is wanted again: 전체 지역. */
  widened: string[]
  grain?: string
  isTrend: boolean
  /** 누가, who: the person is what is asked for. */
  asksWho: boolean
  /** 어디, 데, 곳: a place we deal with is what is asked for. */
  asksWhere: boolean
  /** The dimension of those we deal with, customers or vendors. */
  partner?: string
  /** 뭐가: the dimension of what is dealt in, when that is asked for. */
  thing?: string
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

const dedupe = (conditions: Condition[]): Condition[] =>
  conditions.length < 2 ? conditions : [...new Map(conditions.map((one) => [JSON.stringify(one), one])).values()]

/** 이서연이랑 내 매출: me and others of the same field are alternatives, as names among themselves are. */
function joinMine(conditions: readonly Condition[]): Condition[] {
  const mine = conditions.find(([, operator, value]) => operator === 'eq' && value === '@me')
  const others = conditions.filter((one) => mine && one !== mine && one[0] === mine[0] && ['eq', 'in'].includes(one[1]))
  if (!mine || others.length === 0) return [...conditions]
  const names = others.flatMap(([, , value]) => (Array.isArray(value) ? value.map(String) : [String(value)]))
  return [
    ...conditions.filter((one) => one !== mine && !others.includes(one)),
    [mine[0], 'in', [...new Set([...names, '@me'])]],
  ]
}

function documentConditions(sentence: Sentence): { conditions: Condition[]; unplaced: string[] } {
  const conditions: Condition[] = []
  const unplaced: string[] = []
  const byField = new Map<string, string[]>()
  for (const { meaning } of piecesOf(sentence.pieces, 'document')) {
    const field = Object.entries(sentence.entity.dimensions).find(
      ([, one]) => one.type === 'documentNo' && (meaning.isForeign || one.prefix === meaning.prefix),
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
    .filter((view) => view.isForeign && (view.isGrouping || !isIdleWord(sentence.reading, view.piece)))
    .map(({ piece }) => sentence.reading.normal.compact.slice(piece.start, piece.end))
}

/** 최대 매출 거래처: with something to rank, the greatest is the first of it, not the greatest record. */
function rankExtremes(said: Said): Said {
  const { prefix, ...measure } = said.measure
  const isExtreme = prefix === 'max' || prefix === 'min'
  if (!isExtreme || said.order.ordering || said.groups.length > 0 || !said.implied.some(({ isHead }) => isHead))
    return said
  const direction = prefix === 'max' ? 'desc' : 'asc'
  return { ...said, measure, order: { ...said.order, ordering: { direction, isRank: true, limit: 1 } } }
}

/** 안전재고 미만 품목 몇 개: of what a condition picks out, the records are counted. */
function countPicked(entity: Entity, said: Said): Said {
  if (!said.measure.isBareHowMany || !said.isMeasured || !listsRecords(entity)) return said
  return { ...said, measure: { ...said.measure, measures: [], isCount: true } }
}

const asksWhere = createFinder(
  /(?<![가-힣])어디|[은는던한큰긴높준쓴한간온산]\s*(?:데|곳|덴)(?=$|[\s가는은이을를야도?!.,~])/,
)

/** The one dimension whose names are counted in places (곳): the companies that an entity's records are with. */
function partnerOf({ catalog, entity }: Sentence): { partner?: string } {
  const partner = Object.entries(entity.dimensions).find(([, dimension]) => {
    const source = dimension.type === 'name' ? catalog.domains[dimension.domain]?.source : undefined
    return source?.field === 'name' && catalog.entities[source.entity]?.counter.ko === '곳'
  })?.[0]
  return partner === undefined ? {} : { partner }
}

const asksWhat = createFinder(
  /(?<![가-힣])(?:뭐가|뭐를|뭘|무엇이|무엇을|무슨\s*(?:게|것이)|어떤\s*게|어느\s*게)(?![가-힣])|(?:거|게|것|건)\s*(?:은|는|이)?\s*(?:뭐|무엇|뭔)|^\s*what(?:'s)?\b/,
)

/** The one dimension whose names also have a code: items. */
function thingOf({ catalog, entity, reading }: Sentence): { thing?: string } {
  if (!asksWhat.isIn(reading.normal.text)) return {}
  const thing = Object.entries(entity.dimensions).find(
    ([, dimension]) => dimension.type === 'name' && catalog.domains[dimension.domain]?.source.code !== undefined,
  )?.[0]
  return thing === undefined ? {} : { thing }
}

/** Numbers that nothing was made of: to leave them out would answer something else. */
function idleNumbers(sentence: Sentence, spent: ReadonlySet<Piece>): string[] {
  return piecesOf(sentence.pieces, 'amount').flatMap((piece) => (spent.has(piece) ? [] : [String(piece.meaning.value)]))
}

/** 거의 다 쓴: how much is almost is not said. */
const almost = createFinder(/(?:^|\s)거의\s/)
const negation = createFinder(/(?:^|\s)(?:안|못)\s|없는|없이|없던|않은|않는|않고|아닌/)

/** The text with what was read blanked out. Its places are UTF-16 units, as those of pieces are. */
function unreadText({ reading: { normal }, pieces }: Sentence): string {
  const letters = `${normal.text} `.split('')
  for (const { start, end } of pieces) letters.fill(' ', normal.textAt[start], (normal.textAt[end - 1] ?? 0) + 1)
  return letters.join('')
}

/** A "not" or "except" that no condition has taken up: without it the opposite would be answered. */
function idleNegations(sentence: Sentence, where: readonly Condition[], drops: boolean): string[] {
  const isTaken = ([, operator, value]: Condition): boolean =>
    operator === 'ne' || operator === 'lte' || (operator === 'eq' && value === 0)
  const { text } = sentence.reading.normal
  // What is blanked out becomes spaces, which neither pattern needs: where the text cannot match, what is left cannot.
  if (almost.mayMatch(text) && almost.isIn(unreadText(sentence))) return ['almost']
  if (drops || where.some(isTaken)) return []
  const isNegated = negation.mayMatch(text) && negation.isIn(unreadText(sentence))
  return hasCue(sentence.pieces, 'exclude') || isNegated ? ['not'] : []
}

/** EX-2026-00512 승인 났어? asks how the one paper stands; as a condition it would hide the paper. */
const withoutAskedStatus = (entity: Entity, { conditions }: PersonConditions, where: Condition[]): Condition[] =>
  conditions.length === 0 ? where : where.filter(([field]) => entity.dimensions[field]?.type !== 'code')

/** 평균 연체일수: an average of what is no measure can't be asked for, and that of another one is not meant. */
function unmeasurable({ entity, words, pieces }: Sentence, { subjects }: ValueConditions): string[] {
  if (!hasCue(pieces, 'average', 'maximum', 'minimum')) return []
  return words.flatMap(({ field, measure, piece, isGrouping }) => {
    const type = field === undefined ? undefined : entity.dimensions[field]?.type
    const isNumber = type === 'number' || type === 'money'
    return isNumber && measure === undefined && !isGrouping && !subjects.has(piece) ? [field ?? ''] : []
  })
}

/** 최근 매출, 큰 금액: an adjective that nothing is put in order by. */
function withoutIdleOrder(entity: Entity, said: Said): Said {
  const { ordering, ...order } = said.order
  const { measure } = said
  if (!ordering?.isLoose) return said
  const asksNumber = measure.wantsNumber || measure.isCount || (measure.measures.length > 0 && !measure.isGeneric)
  const isIdle =
    ordering.of === 'time'
      ? asksNumber || said.period !== undefined || entity.kind === 'transaction'
      : said.implied.length === 0 && said.groups.length === 0 && !said.thing && entity.kind === 'transaction'
  if (!isIdle) return said
  // 잘 나가는 거: of what, must be said.
  return ordering.isMuch ? { ...said, unplaced: [...said.unplaced, 'order'] } : { ...said, order }
}

type Parts = {
  names: NameFilters
  time: TimeFilters
  values: ValueConditions
  documents: PersonConditions
  person: PersonConditions
}

function gather(sentence: Sentence, last: BusinessQuery | undefined): Parts {
  const names = readNameFilters(sentence)
  return {
    names,
    time: readTimeFilters(sentence, last?.period === undefined, last?.period?.field),
    values: readValueConditions(sentence, isGenericWord, (view) => isOrderedBy(sentence, view)),
    documents: documentConditions(sentence),
    person: readPersonConditions(sentence, [...names.fields.values()].includes(sentence.entity.me ?? '')),
  }
}

/** Reads a sentence as being about its entity. `last`: the query it may refine; without one, a comparison alone means the current unit. */
export function readSaid(sentence: Sentence, last?: BusinessQuery): Said {
  const parts = gather(sentence, last)
  const { names, time, values, documents, person } = parts
  const grouping = readGrouping(sentence, time.field ?? last?.period?.field ?? sentence.entity.period, names.fields)
  const spent = new Set([...values.subjects, ...names.fields.keys()])
  const isTimed = time.period !== undefined || time.conditions.length > 0
  const order = readOrdering(sentence, values.amounts)
  const all = [documents, names, person, values, time]
  const where = withoutAskedStatus(
    sentence.entity,
    documents,
    joinMine(dedupe(all.flatMap(({ conditions }) => conditions))),
  )
  const said: Said = {
    measure: readMeasures(sentence, values.subjects, isTimed ? new Set([...spent, ...time.used]) : spent),
    order,
    where,
    isMeasured: values.isMeasured,
    ...(values.tested ? { tested: values.tested } : {}),
    groups: grouping.groups,
    droppedGroups: grouping.dropped,
    implied: grouping.implied.map((view) => ({
      field: view.field ?? '',
      isHead: isHeadNoun(sentence, view),
      isAsked: isAsked(sentence, view),
    })),
    widened: grouping.implied.filter((view) => isWidened(sentence, view)).map(({ field }) => field ?? ''),
    ...(grouping.grain ? { grain: grouping.grain } : {}),
    isTrend: grouping.isTrend,
    isComparing: hasCue(sentence.pieces, 'compare', 'each'),
    asksWho: hasCue(sentence.pieces, 'who'),
    asksWhere: asksWhere.isIn(sentence.reading.normal.text),
    ...partnerOf(sentence),
    ...thingOf(sentence),
    ...(time.period ? { period: time.period } : {}),
    ...(time.field ? { dateField: time.field } : {}),
    ...(time.compareTo ? { compareTo: time.compareTo } : {}),
    ...(names.clarify ? { clarify: names.clarify } : {}),
    saysEntity: sentence.words.some((view) => view.isEntity),
    isDocument: documents.conditions.length > 0,
    unplaced: [
      ...all.flatMap(({ unplaced }) => unplaced),
      ...foreignWords(sentence),
      ...idleNegations(sentence, where, grouping.dropped.length > 0),
      ...unmeasurable(sentence, values),
      ...idleNumbers(sentence, new Set([...values.amounts, ...order.counted])),
    ],
  }
  return withoutIdleOrder(sentence.entity, countPicked(sentence.entity, rankExtremes(said)))
}
