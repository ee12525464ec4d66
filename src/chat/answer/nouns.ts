import { splitMeasure } from '#catalog'
import { type Asked, columnLabel, fullMeasure, lowerFirst, pluralOf } from './wording.ts'

/** What a measure is called in a sentence: 매출, 남은 연차, 평균 매출액, Leave remaining. */
export function measureNoun(name: string, asked: Asked): string {
  const { entity, language } = asked
  if (name === 'count') return recordsNoun(asked)
  const { prefix, measure } = splitMeasure(name)
  if (language === 'en') return englishMeasure(name, asked)
  const noun = measure === 'count' ? entity.label.ko : koreanMeasure(measure, asked)
  if (prefix === 'share') return `${noun} 비중`
  return prefix ? `${columnLabel(name, asked).split(' ')[0]} ${noun}` : noun
}

function koreanMeasure(measure: string, asked: Asked): string {
  const { entity } = asked
  const own = entity.label.ko
  const label = entity.measures[measure]?.label.ko
  const isEveryday = entity.everyday[0] === measure && label?.startsWith(own)
  return isEveryday || label === `${own} 금액` ? own : fullMeasure(measure, asked)
}

function englishMeasure(name: string, asked: Asked): string {
  const { entity } = asked
  const label = columnLabel(name, asked)
  const own = entity.label.en
  const isOwnWord = own
    .toLowerCase()
    .split(' ')
    .some((word) => label.toLowerCase().includes(word))
  const needsEntity = (entity.kind === 'snapshot' || entity.kind === 'balance') && !isOwnWord
  return needsEntity ? `${own} ${lowerFirst(label)}` : label
}

/** What a condition's field is called: 남은 연차, 연체일수, leave remaining. A count is called by what is counted; what `noun` says is not said again. */
export function fieldNoun(field: string, asked: Asked, noun = ''): string {
  const { entity, language } = asked
  if (field === 'count') return entity.label[language]
  if (!(splitMeasure(field).measure in entity.measures)) return columnLabel(field, asked)
  const isSaid = noun.toLowerCase().includes(entity.label.en.toLowerCase())
  if (language === 'en') return isSaid ? columnLabel(field, asked) : englishMeasure(field, asked)
  return field in entity.measures && noun !== entity.label.ko ? fullMeasure(field, asked) : columnLabel(field, asked)
}

/** What the records are called: 발주, Purchase orders. */
export function recordsNoun(asked: Asked): string {
  const { entity, language } = asked
  const [first = ''] = entity.columns
  // Balances kept by person are counted in people: 연차 64명 are 직원 64명.
  if (entity.kind === 'snapshot' && entity.counter.ko === '명') {
    const label = columnLabel(first, asked)
    return language === 'ko' ? label : pluralOf(label)
  }
  if (language === 'ko') return entity.label.ko
  return entity.kind === 'snapshot' ? entity.label.en : pluralOf(entity.label.en)
}

/** One record: 품목, Item. Where one thing has several records it is a line of that thing: 수주 줄, Sales order line. */
export function recordNoun({ entity, language }: Asked): string {
  const own = entity.label[language]
  if (!entity.countBy) return own
  return language === 'ko' ? `${own} 줄` : `${own} line`
}
