import type { Column, QueryAnswer } from '#erp'
import type { Headline } from '../api.ts'
import { cellInWords, valueInWords } from './cells.ts'
import { withJosa } from './josa.ts'
import { fieldNoun, recordNoun, recordsNoun } from './nouns.ts'
import { toExact } from './numbers.ts'
import { orderDegree } from './order-degree.ts'
import type { ReadRow } from './rows.ts'
import { endingOf, type Said } from './say-number.ts'
import { subjectText } from './subject.ts'
import { maxTableRows } from './table.ts'
import { type Asked, columnLabel, countOfRecords, isFixed, lowerFirst, pluralOf } from './wording.ts'

/** Sentences about records: how many, what one of them says, or the attribute that was asked for. */
export function sayRecords(rows: ReadRow[], answer: QueryAnswer, asked: Asked): Said {
  const [only, second] = rows
  const [order] = asked.query.orderBy ?? []
  if (only && !second && order && asked.query.limit === 1) return { text: sayExtreme(only, order, answer, asked) }
  if (only && !second && answer.completeness.kind === 'complete') return { text: sayOne(only, answer, asked) }
  if (order && asked.query.limit) return { text: sayFirst(rows, order, asked) }
  return sayCount(rows, answer, asked)
}

function sayOne({ row }: ReadRow, answer: QueryAnswer, asked: Asked): string {
  const { query } = asked
  const wanted = (query.select ?? [])
    .map((name) => answer.columns.find((column) => column.name === name))
    .filter((column) => column !== undefined)
    // A column whose value the question gave itself says nothing new.
    .filter((column) => !isFixed(column.name, query.where))
  const value = readerOf(row, asked)
  return wanted.length > 0
    ? sayAttributes(wanted, value, titleOf(answer, row, asked), asked)
    : sayRecord(answer, value, asked)
}

/** Reads a row's cells in words; what is not filled in is said to be missing. */
function readerOf(row: ReadRow['row'], asked: Asked): (column: Column) => string {
  const none = asked.language === 'ko' ? '없음' : 'none'
  return (column) => {
    const cell = row[column.name] ?? ''
    return cell === '' ? none : cellInWords(cell, column, asked)
  }
}

/** 단가가 가장 높은 품목은 **유압펌프 16cc**예요. 품목코드 G-710 · … */
function sayExtreme({ row }: ReadRow, [field, direction]: Order, answer: QueryAnswer, asked: Asked): string {
  const { title, details } = describeRecord(answer, readerOf(row, asked), asked)
  const subject = subjectText(recordNoun(asked), asked)
  const order = orderWords([field, direction], asked)
  const head =
    asked.language === 'ko'
      ? `${order.ko.replace(/ (\S+)$/, ' 가장 $1')} ${withJosa(subject, '은/는')} **${title}**${endingOf(title)}`
      : `The ${lowerFirst(subject)} with the ${order.en}: **${title}**.`
  return [head, details].filter(Boolean).join(' ')
}

type Order = [field: string, direction: 'asc' | 'desc']

/** 단가가 높은, 발주일이 늦은 · highest unit price, latest date. */
function orderWords([field, direction]: Order, asked: Asked): { ko: string; en: string } {
  const label = fieldNoun(field, asked)
  const degree = orderDegree(field, direction, asked)
  return { ko: `${withJosa(label, '이/가')} ${degree.ko}`, en: `${degree.en} ${lowerFirst(label)}` }
}

/** 김민수의 전화번호는 **010-…**이에요. */
function sayAttributes(columns: Column[], value: (column: Column) => string, title: string, asked: Asked): string {
  const label = (column: Column) => columnLabel(column.name, asked)
  if (asked.language === 'en') {
    const parts = columns.map((column) => `${lowerFirst(label(column))} **${value(column)}**`)
    return title ? `${title}: ${parts.join(', ')}.` : `${parts.join(', ')}.`
  }
  const parts = columns.map((column) => `${withJosa(label(column), '은/는')} **${value(column)}**`)
  const last = columns.at(-1)
  return `${title ? `${title}의 ` : ''}${parts.join(', ')}${last ? endingOf(value(last)) : ''}`
}

const described = 4

/** **SO-2026-00123** 수주예요. 거래처 한빛상사 · 품목 … A document that only fits the conditions is counted first. */
function sayRecord(answer: QueryAnswer, value: (column: Column) => string, asked: Asked): string {
  const { title, details } = describeRecord(answer, value, asked)
  const ko = asked.language === 'ko'
  const noun = recordsNoun(asked)
  if (isAskedFor(asked)) {
    const head = ko
      ? `**${title}** ${withJosa(noun, '이에요/예요')}.`
      : `**${title}** (${asked.entity.label.en.toLowerCase()}).`
    return details ? `${head} ${details}` : head
  }
  const subject = subjectText(noun, asked)
  const count = countOfRecords(1, asked)
  const head = ko ? `${withJosa(subject, '은/는')} **${count}**${endingOf(count)}` : `${subject}: **${count}**.`
  return [head, [title, details].filter(Boolean).join(' · ')].join(' ')
}

/** Whether the question named the record itself, or a person, company or item, rather than conditions on papers. */
function isAskedFor({ query, entity }: Asked): boolean {
  if (entity.kind === 'master') return true
  return (query.where ?? []).some(
    ([field, operator]) => operator === 'eq' && entity.dimensions[field]?.type === 'documentNo',
  )
}

/** A record in words: what it is called, and what it says most of all. */
function describeRecord(answer: QueryAnswer, value: (column: Column) => string, asked: Asked) {
  const [title, ...others] = answer.columns.toSorted((a, b) => orderOf(a, asked) - orderOf(b, asked))
  const details = others.slice(0, described).map((column) => `${columnLabel(column.name, asked)} ${value(column)}`)
  return { title: title ? value(title) : '', details: details.join(' · ') }
}

/** The document number or the name leads, then the catalog's own order. */
function orderOf({ name, type }: Column, { entity }: Asked): number {
  const at = entity.columns.indexOf(name)
  return (type === 'documentNo' && entity.kind !== 'master' ? -100 : 0) + (at < 0 ? 50 : at)
}

/** Whose attribute it is: the name asked for, or the one in the row. */
function titleOf(answer: QueryAnswer, row: ReadRow['row'], asked: Asked): string {
  const [first] = answer.columns.filter((column) => column.type === 'name' || column.type === 'documentNo')
  const given = (asked.query.where ?? []).find(
    ([, operator, value]) => operator === 'eq' && typeof value === 'string' && !value.startsWith('@'),
  )
  if (given) return String(given[2])
  return first && !asked.query.select?.includes(first.name) ? String(row[first.name] ?? '') : ''
}

function sayFirst(rows: ReadRow[], order: Order, asked: Asked): string {
  const { entity } = asked
  const [field, direction] = order
  const words = orderWords(order, asked)
  const isLatest = field === entity.period && direction === 'desc'
  if (asked.language === 'en') {
    const subject = subjectText(pluralOf(recordNoun(asked)), asked)
    const many = `The **${rows.length}**`
    return isLatest ? `${many} latest ${lowerFirst(subject)}.` : `${many} ${lowerFirst(subject)} with the ${words.en}.`
  }
  const subject = subjectText(recordsNoun(asked), asked)
  const count = countOfRecords(rows.length, asked)
  return `${isLatest ? '가장 최근' : words.ko} ${subject} **${count}**${endingOf(count)}`
}

function sayCount(rows: ReadRow[], answer: QueryAnswer, asked: Asked): Said {
  const ko = asked.language === 'ko'
  const count = answer.completeness.kind === 'first' ? answer.completeness.of : rows.length
  const text = countOfRecords(count, asked)
  const subject = subjectText(recordsNoun(asked), asked)
  const head = ko ? `${withJosa(subject, '은/는')} **${text}**${endingOf(text)}` : `${subject}: **${text}**.`
  const shown = Math.min(rows.length, maxTableRows)
  const few = countOfRecords(shown, asked)
  const first = ko ? `처음 ${withJosa(few, '을/를')} 보여 드려요.` : `Showing the first ${few}.`
  const headline: Headline = { label: subject, text, exact: String(count), type: 'count' }
  return { text: [head, saySum(answer, asked), shown < count ? first : ''].filter(Boolean).join(' '), headline }
}

/** The total of the first amount among the columns, when the ERP gave one over all records. */
function saySum(answer: QueryAnswer, asked: Asked): string {
  const column = answer.columns.find(({ name, type }) => type === 'money' && (answer.totals[name] ?? null) !== null)
  const total = column ? toExact(answer.totals[column.name]) : null
  if (!column || !total) return ''
  const label = columnLabel(column.name, asked)
  const text = valueInWords(total, column.name, column.type, asked)
  if (asked.language === 'en') return `${label}: ${text} in all.`
  // 미지급금은 18건이에요. 미지급금은 모두 …: said once is enough.
  const head = label === recordsNoun(asked) ? '' : `${withJosa(label, '은/는')} `
  return `${head}모두 ${text}${endingOf(text)}`
}
