import type { Entity } from '#catalog'
import { type Piece, piecesOf } from '../pieces.ts'
import { type Sentence, textBetween } from './sentence.ts'

/** 몇 개, how many: a measure that is counted so, or else the records. Neither when another measure word already says what. */
export type HowMany = { isCount: boolean; measure?: string }

const counters = new Map([
  ['대', '개'],
  ['박스', '개'],
  ['장', '개'],
  ['ea', '개'],
])
const amounts = new Set(['퍼센트', '프로', '퍼', '원'])
const unitIn = /(개|대|일|장|박스|ea|퍼센트|프로|퍼|원)/

/** The measure that is counted in this unit: 몇 개 of sales is the quantity, 며칠 of leave the days. */
function countedMeasure(entity: Entity, unit: string | undefined): string | undefined {
  const counted = [...entity.everyday, ...Object.keys(entity.measures)].filter((name) => entity.measures[name]?.counter)
  if (unit === undefined) return counted[0]
  return counted.find(
    (name) => entity.measures[name]?.counter?.ko === unit || entity.measures[name]?.counter?.en === unit,
  )
}

function readKorean(entity: Entity, text: string, explicit: readonly string[]): HowMany {
  const said = unitIn.exec(text.replace('며칠', '일'))?.[1]
  const isSettled = explicit.some((name) => entity.measures[name]?.counter)
  if (isSettled || (said !== undefined && amounts.has(said))) return { isCount: false }
  const unit = said === undefined ? undefined : (counters.get(said) ?? said)
  const measure = countedMeasure(entity, unit) ?? (unit === '개' ? countedMeasure(entity, undefined) : undefined)
  return measure ? { isCount: false, measure } : { isCount: true }
}

const countsPapers = (entity: Entity): boolean =>
  entity.kind === 'document' || entity.kind === 'balance' || entity.kind === 'master'

function readEnglish(sentence: Sentence, piece: Piece, explicit: readonly string[]): HowMany {
  const { entity } = sentence
  const wordsBetween = (to: number): number =>
    textBetween(sentence.reading, piece.end, to).trim().split(/\s+/).filter(Boolean).length
  const isOfEntity = sentence.words.some(
    (view) => view.isEntity && view.piece.start >= piece.end && wordsBetween(view.piece.start) <= 2,
  )
  if (countsPapers(entity) && isOfEntity) return { isCount: true }
  if (explicit.length > 0) return { isCount: false }
  const measure = countedMeasure(entity, undefined)
  return measure ? { isCount: false, measure } : { isCount: true }
}

/** Reads 몇 개 and how many. `explicit`: measures that other words name. */
export function readHowMany(sentence: Sentence, explicit: readonly string[]): HowMany {
  const piece = piecesOf(sentence.pieces, 'cue').find(({ meaning }) => meaning.cue === 'howMany')
  if (!piece) return { isCount: false }
  const text = textBetween(sentence.reading, piece.start, piece.end)
  return /[가-힣]/.test(text) ? readKorean(sentence.entity, text, explicit) : readEnglish(sentence, piece, explicit)
}
