import {
  type BusinessQuery,
  type Catalog,
  type Condition,
  type Dimension,
  type Entity,
  type Language,
  type Measure,
  splitDimension,
  splitMeasure,
} from '#catalog'
import type { Cell } from '#erp'

/** What every sentence needs: the catalog's words, the language, and today in Asia/Seoul (ISO). */
export type Wording = { catalog: Catalog; language: Language; today: string }
/** A query with the entity it asks about. */
export type Asked = Wording & { query: BusinessQuery; entity: Entity }

/** The query in the catalog's words, or null when the catalog has no such entity (any more). */
export function toAsked(query: BusinessQuery, wording: Wording): Asked | null {
  const entity = wording.catalog.entities[query.entity]
  return entity ? { ...wording, query, entity } : null
}

/** A field, or a measure without its prefix. */
export function findField(entity: Entity, name: string): Dimension | Measure | undefined {
  return entity.dimensions[name] ?? entity.measures[name]
}

const prefixLabels = {
  ko: { avg: '평균', max: '최대', min: '최소' },
  en: { avg: 'Average', max: 'Highest', min: 'Lowest' },
}
const grainLabels = {
  ko: { day: '일', week: '주', month: '월', quarter: '분기', year: '연도' },
  en: { day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year' },
}

/** The label of a column as a query names it: customer, date:month, avg:amount, share:amount, count. */
export function columnLabel(name: string, { entity, language }: Asked): string {
  const { field, grain } = splitDimension(name)
  if (grain) return grainLabels[language][grain]
  const { prefix, measure } = splitMeasure(field)
  const label =
    measure === 'count' ? countLabel(entity, language) : (findField(entity, measure)?.label[language] ?? measure)
  if (!prefix) return label
  if (prefix === 'share') return language === 'ko' ? `${label} 비중` : `Share of ${label.toLowerCase()}`
  return language === 'ko' ? `${prefixLabels.ko[prefix]} ${label}` : `${prefixLabels.en[prefix]} ${lowerFirst(label)}`
}

/** 건수 of documents, 거래처 수 of what is counted otherwise. */
function countLabel({ label, counter }: Entity, language: Language): string {
  if (language === 'en') return 'Count'
  return counter.ko === '건' ? '건수' : `${label.ko} 수`
}

/** -별: 거래처별, by customer. */
export function groupLabel(name: string, asked: Asked): string {
  const { grain } = splitDimension(name)
  if (asked.language === 'en') return `by ${lowerFirst(columnLabel(name, asked))}`
  return grain === 'day' ? '일별' : `${columnLabel(name, asked)}별`
}

/** How a number of `name` is counted in a sentence: 개, 일, 건. Empty when it has no counter. */
export function counterOf(name: string, { entity, language }: Asked): string {
  if (name === 'count') return entity.counter[language]
  const field = findField(entity, splitMeasure(name).measure)
  if (field?.type !== 'quantity' && field?.type !== 'days' && field?.type !== 'number') return ''
  return field.counter?.[language] ?? (field.type === 'days' ? (language === 'ko' ? '일' : 'days') : '')
}

/** So many records: 1,234건, 167줄 where one thing has several records; in English 1,234, 167 lines. */
export function countOfRecords(count: number, { entity, language }: Asked): string {
  const digits = count.toLocaleString('en-US')
  if (language === 'ko') return digits + (entity.countBy ? '줄' : entity.counter.ko)
  return entity.countBy ? `${digits} line${count === 1 ? '' : 's'}` : digits
}

/** An English noun of several: categories, sales orders. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return noun.endsWith('s') ? noun : `${noun}s`
}

/** `text` with its first letter small, unless it begins with an abbreviation (PO amount, CEO). */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** A status by its label: open → 미입고. Other values as they are. */
export function codeLabel(field: string, value: Cell, { entity, language }: Asked): string {
  const dimension = entity.dimensions[field]
  const text = String(value ?? '')
  return dimension?.type === 'code' ? (dimension.values[text]?.label[language] ?? text) : text
}

/** A Korean status as it stands before a noun, where the catalog knows the form: 반려된, 진행 중인, 대기 중인; 미출하 as it is. */
export function statusBefore(field: string, value: Cell, asked: Asked): string {
  const label = codeLabel(field, value, asked)
  const dimension = asked.entity.dimensions[field]
  const synonyms = dimension?.type === 'code' ? (dimension.values[String(value)]?.synonyms.ko ?? []) : []
  // 미입고 and the like stand before a noun as they are.
  if (synonyms.includes(`${label}된`) && !label.startsWith('미')) return `${label}된`
  if (label.endsWith(' 중')) return `${label}인`
  return synonyms.includes(`${label} 중`) ? `${label} 중인` : label
}

/** How many of a dimension's values: 5곳, 3명, 5 customers. Names that are master records have their counter. */
export function countOfGroups(count: number, name: string, asked: Asked): string {
  const dimension = asked.entity.dimensions[splitDimension(name).field]
  const domain = dimension?.type === 'name' ? dimension.domain : undefined
  const master = domain ? asked.catalog.entities[domain] : undefined
  if (asked.language === 'en') {
    const label = lowerFirst(columnLabel(name, asked))
    return `${count} ${count === 1 ? label : pluralOf(label)}`
  }
  return `${count}${master?.counter.ko ?? '개'}`
}

/** Whether conditions leave one value of a field: 거래처 when the question is about 한빛상사. */
export function isFixed(field: string, where: Condition[] | undefined): boolean {
  return (where ?? []).some(([name, operator]) => name === field && operator === 'eq')
}

/** Whether the period is on the date a record is of; 입사일 of a person is not one, and has to be said. */
export function isOwnDate({ query, entity }: Asked): boolean {
  return query.period !== undefined && query.period.field === entity.period && entity.kind !== 'master'
}

/** A condition on the name, person or status the question is about, which a sentence puts before the noun. */
export function isNaming([, operator, value]: Condition): boolean {
  return (operator === 'eq' || operator === 'in') && value !== '@today'
}

/** A measure that can stand without its entity: 판매수량, 남은 연차, 예산 집행률. */
export function fullMeasure(measure: string, { entity }: Asked): string {
  const field = findField(entity, measure)
  const label = field?.label.ko ?? measure
  const own = entity.label.ko
  if ([own, ...entity.synonyms.ko].some((word) => label.includes(word))) return label
  return field?.synonyms.ko.find((word) => word.includes(own)) ?? `${own} ${label}`
}
