import type { Entity, MeasurePrefix } from '#catalog'
import { hasCue, type Piece } from '../pieces.ts'
import { createFinder } from '../text/finder.ts'
import { readHowMany } from './how-many.ts'
import { type Sentence, textAfter, textBetween, type WordView } from './sentence.ts'

/** What is to be summed or counted, as said. `isGeneric`: only the entity's own word said it (매출). */
export type MeasureWords = {
  measures: string[]
  isGeneric: boolean
  dropped: string[]
  prefix?: MeasurePrefix
  isCount: boolean
  isList: boolean
  wantsNumber: boolean
  isOverview: boolean
  /** 몇 개 and nothing else: of a list that is shown, its length. */
  isBareHowMany: boolean
  attributes: string[]
}

const joinBetween = /^\s*(?:이?랑|와|과|하고|,|·|및|and|&|,\s*and|plus|대비|vs\.?|versus)\s*$/
const insteadAfter = createFinder(/^\s*(?:은|는|을|를)?\s*(?:말고|대신|아니라|아니고|빼고)/)
const insteadBefore = createFinder(/(?:instead of|rather than)\s+(?:the\s+)?$/)
const countAfter = createFinder(/^\s*(?:의\s*)?(?:전체\s*|총\s*)?수(?=\s|$|[는가를이도만좀요?!.~])/)

/** People counted by the word itself: 인원, headcount. */
const headWords = /^(?:총\s*)?(?:인원\s*수?|명수|headcount)$/

/** The word is the entity's own name as well as a measure: it says little about which measure. */
export const isGenericWord = (view: WordView): boolean => view.isEntity && view.measure !== undefined

/** The measure that an entity is about when none is named: the one called by its own name, else its everyday one, else the first. */
export function mainMeasure(entity: Entity): string | undefined {
  if (!mainMeasures.has(entity)) mainMeasures.set(entity, findMainMeasure(entity))
  return mainMeasures.get(entity)
}

const mainMeasures = new WeakMap<Entity, string | undefined>()

function findMainMeasure(entity: Entity): string | undefined {
  const names = new Set([entity.label.ko, ...entity.synonyms.ko])
  const own = Object.entries(entity.measures).find(([, { label, synonyms }]) =>
    [label.ko, ...synonyms.ko].some((word) => names.has(word)),
  )
  return entity.everyday[0] ?? own?.[0] ?? Object.keys(entity.measures)[0]
}

function readPrefix(sentence: Sentence): MeasurePrefix | undefined {
  if (hasCue(sentence.pieces, 'share')) return 'share'
  if (hasCue(sentence.pieces, 'average')) return 'avg'
  if (hasCue(sentence.pieces, 'maximum')) return 'max'
  return hasCue(sentence.pieces, 'minimum') ? 'min' : undefined
}

/** Specific measure words beat the entity's own word, unless both are asked for together (매출이랑 이익). */
function explicitMeasures(
  sentence: Sentence,
  skip: ReadonlySet<Piece>,
  dropped: string[],
): { measures: string[]; isGeneric: boolean } {
  const said = sentence.words.filter((view) => view.measure !== undefined && !view.isGrouping && !skip.has(view.piece))
  const { text } = sentence.reading.normal
  const kept = said.filter((view) => {
    const isDropped =
      insteadAfter.isIn(text, textAfter(sentence.reading, view.piece)) ||
      insteadBefore.isIn(text, textBetween(sentence.reading, 0, view.piece.start))
    if (isDropped && view.measure) dropped.push(view.measure)
    return !isDropped
  })
  const specific = kept.filter((view) => !isGenericWord(view))
  const isJoined = (view: WordView): boolean => {
    const at = kept.indexOf(view)
    return [kept[at - 1], kept[at + 1]].some((other) => {
      if (!other) return false
      const [first, second] = other.piece.start < view.piece.start ? [other, view] : [view, other]
      return joinBetween.test(textBetween(sentence.reading, first.piece.end, second.piece.start))
    })
  }
  const chosen = specific.length > 0 ? kept.filter((view) => !isGenericWord(view) || isJoined(view)) : kept
  const measures = [...new Set(chosen.flatMap((view) => view.measure ?? []))]
  return { measures: keepJoined(sentence, chosen, measures, isJoined), isGeneric: specific.length === 0 }
}

/** Several measures that are not joined by "and" are one thing said twice (남은 연차 … 남았어): the last specific one counts. */
function keepJoined(
  sentence: Sentence,
  chosen: WordView[],
  measures: string[],
  isJoined: (view: WordView) => boolean,
): string[] {
  if (measures.length < 2) return measures
  const joined = [...new Set(chosen.filter(isJoined).flatMap((view) => view.measure ?? []))]
  if (joined.length > 1) return joined
  const longest = [...chosen].sort((a, b) => specificity(sentence, b) - specificity(sentence, a))[0]
  return longest?.measure ? [longest.measure] : measures.slice(0, 1)
}

function specificity(sentence: Sentence, view: WordView): number {
  const length = view.piece.end - view.piece.start
  const sharedBy =
    view.piece.meaning.kind === 'words'
      ? view.piece.meaning.senses.filter((sense) => sense.kind === 'measure').length
      : 1
  const isMain = view.measure === mainMeasure(sentence.entity)
  return length - sharedBy * 0.5 - (isMain ? 1.5 : 0)
}

const attributeTypes = new Set(['text', 'phone', 'email', 'date', 'money', 'year', 'number', 'documentNo'])

/** 백승아 부서: of one that is named, a name it has (its department, region, grade) is a fact like any other. */
function isFactOfOne({ catalog, entity, words }: Sentence, field: string): boolean {
  const dimension = entity.dimensions[field]
  if (entity.kind !== 'master' || dimension?.type !== 'name') return false
  const isOwn = (domain: string): boolean => {
    const source = catalog.domains[domain]?.source
    return source?.entity === entity.entity && source.field === 'name'
  }
  return !isOwn(dimension.domain) && words.some(({ names }) => names.some(({ domain }) => isOwn(domain)))
}

/** Attributes asked for by name: 전화번호, 입사일, 단가. `used`: words that already say something else. */
function readAttributes(sentence: Sentence, used: ReadonlySet<Piece>): string[] {
  return [
    ...new Set(
      sentence.words.flatMap(({ field, isGrouping, measure, piece }) =>
        field !== undefined &&
        !isGrouping &&
        measure === undefined &&
        !used.has(piece) &&
        (attributeTypes.has(sentence.entity.dimensions[field]?.type ?? '') || isFactOfOne(sentence, field))
          ? [field]
          : [],
      ),
    ),
  ]
}

/** 쓴 돈, 얼마 썼: the word is one for an amount, whatever else it names. */
const amountWord = /[가-힣](?:돈|금액|액)$/
const saysHowMuch = ({ words, reading }: Sentence): boolean =>
  words.some((view) => {
    const text = reading.normal.compact.slice(view.piece.start, view.piece.end)
    return view.measure !== undefined && (text.startsWith('얼마') || (isGenericWord(view) && amountWord.test(text)))
  })

/** Reads what to show. `subjects`: measure words that only say what a condition is about; `used`: words spent on dates and conditions. */
export function readMeasures(sentence: Sentence, subjects: ReadonlySet<Piece>, used: ReadonlySet<Piece>): MeasureWords {
  const dropped: string[] = []
  const { measures, isGeneric } = explicitMeasures(sentence, subjects, dropped)
  const howMany = readHowMany(sentence, isGeneric ? [] : measures)
  const { text } = sentence.reading.normal
  const isNounCount =
    countAfter.mayMatch(text) &&
    sentence.words.some(
      (view) =>
        (view.isEntity || view.field !== undefined) && countAfter.isIn(text, textAfter(sentence.reading, view.piece)),
    )
  const isHeads = sentence.words.some(
    (view) => view.isEntity && headWords.test(textBetween(sentence.reading, view.piece.start, view.piece.end).trim()),
  )
  const isCount = isHeads || hasCue(sentence.pieces, 'count') || howMany.isCount || isNounCount
  const chosen = howMany.measure && (isGeneric || measures.length === 0) ? [howMany.measure] : measures
  const prefix = readPrefix(sentence)
  return {
    measures: chosen,
    isGeneric: isGeneric && howMany.measure === undefined,
    dropped,
    ...(prefix ? { prefix } : {}),
    isCount,
    isList: hasCue(sentence.pieces, 'list'),
    wantsNumber:
      hasCue(sentence.pieces, 'howMuch', 'total', 'howMany') || prefix !== undefined || saysHowMuch(sentence),
    isOverview: hasCue(sentence.pieces, 'overview'),
    isBareHowMany: howMany.measure !== undefined && (measures.length === 0 || isGeneric),
    attributes: readAttributes(sentence, used),
  }
}
