import { type Condition, splitDimension } from '#catalog'
import type { Chip } from '../api.ts'
import { conditionText } from './conditions.ts'
import { rangeText } from './dates.ts'
import { orderDegree } from './order-degree.ts'
import { periodWords } from './period-words.ts'
import { type Asked, columnLabel, groupLabel, isOwnDate, lowerFirst } from './wording.ts'

const titles = {
  ko: {
    entity: '대상',
    measure: '기준',
    records: '보기',
    groupBy: '구분',
    period: '기간',
    compare: '비교',
    top: '순위',
    order: '정렬',
  },
  en: {
    entity: 'Data',
    measure: 'Measure',
    records: 'Show',
    groupBy: 'By',
    period: 'Period',
    compare: 'Compare',
    top: 'Top',
    order: 'Order',
  },
}

/** The query as understood, in the catalog's words: what the person checks before trusting the answer. */
export function describeQuery(asked: Asked): Chip[] {
  const { query, entity, language } = asked
  const title = titles[language]
  return [
    { kind: 'entity', label: title.entity, value: entity.label[language] },
    ...measureChips(asked),
    ...(query.groupBy?.length ? [groupChip(query.groupBy, asked)] : []),
    ...(query.where ?? []).map((condition) => whereChip(condition, asked)),
    ...periodChips(asked),
    ...(query.compareTo
      ? [{ kind: 'compare' as const, label: title.compare, value: compareText(query.compareTo, language) }]
      : []),
    ...orderChips(asked),
  ]
}

function measureChips(asked: Asked): Chip[] {
  const { query, language } = asked
  const title = titles[language]
  const list = (names: string[]) => names.map((name) => columnLabel(name, asked)).join(language === 'ko' ? '·' : ', ')
  if (query.measures.length > 0) return [{ kind: 'measure', label: title.measure, value: list(query.measures) }]
  const shown = query.select?.length ? list(query.select) : language === 'ko' ? '내역' : 'Records'
  return [{ kind: 'measure', label: title.records, value: shown }]
}

function groupChip(groupBy: string[], asked: Asked): Chip {
  const { language } = asked
  const value =
    language === 'ko'
      ? groupBy.map((group) => groupLabel(group, asked)).join(' ')
      : groupBy.map((group) => lowerFirst(columnLabel(group, asked))).join(', ')
  return { kind: 'groupBy', label: titles[language].groupBy, value }
}

function whereChip(condition: Condition, asked: Asked): Chip {
  return { kind: 'where', label: columnLabel(condition[0], asked), value: conditionText(condition, asked) }
}

function periodChips(asked: Asked): Chip[] {
  const { query, language, today } = asked
  if (!query.period) return []
  const { field, from, to } = query.period
  const range = rangeText(from, to, language)
  const words = periodWords(query.period, today, language)
  const label = isOwnDate(asked) ? titles[language].period : columnLabel(field, asked)
  return [
    {
      kind: 'period',
      label,
      value:
        words === range || words === '' ? range : range.endsWith(')') ? `${range}, ${words}` : `${range} (${words})`,
    },
  ]
}

function compareText(kind: 'previousPeriod' | 'previousYear', language: 'ko' | 'en'): string {
  const words = {
    previousPeriod: ['직전 기간', 'Period before'],
    previousYear: ['작년 같은 기간', 'Same period last year'],
  } as const
  return words[kind][language === 'ko' ? 0 : 1]
}

function orderChips(asked: Asked): Chip[] {
  const { query, language } = asked
  const title = titles[language]
  // A single number has no order.
  const isList = query.measures.length === 0 || (query.groupBy?.length ?? 0) > 0
  const [first] = isList ? (query.orderBy ?? []) : []
  if (!first) return query.limit ? [{ kind: 'top', label: title.top, value: limitText(query.limit, language) }] : []
  const [field, direction] = first
  const isDate = asked.entity.dimensions[splitDimension(field).field]?.type === 'date'
  const order = (isDate ? dateOrder : valueOrder)[language][direction]
  const label = columnLabel(field, asked)
  if (!query.limit)
    return [
      {
        kind: 'top',
        label: title.order,
        value:
          language === 'ko'
            ? `${label} ${isDate ? order : orderDegree(field, direction, asked).ko} 순`
            : `${label}, ${order} first`,
      },
    ]
  const value =
    language === 'ko' ? `${label} ${order} ${query.limit}개` : `${query.limit} ${order} by ${lowerFirst(label)}`
  return [{ kind: 'top', label: title.top, value }]
}

const valueOrder = { ko: { desc: '상위', asc: '하위' }, en: { desc: 'highest', asc: 'lowest' } }
const dateOrder = { ko: { desc: '최근', asc: '이른' }, en: { desc: 'latest', asc: 'earliest' } }

function limitText(limit: number, language: 'ko' | 'en'): string {
  return language === 'ko' ? `처음 ${limit}개` : `first ${limit}`
}
