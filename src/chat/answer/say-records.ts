import type { Column, QueryAnswer } from '#erp'
import type { Headline } from '../api.ts'
import { cellInWords, valueInWords } from './cells.ts'
import { pickJosa, withJosa } from './josa.ts'
import { toExact } from './numbers.ts'
import type { ReadRow } from './rows.ts'
import { endingOf, type Said } from './say-number.ts'
import { recordsNoun, subjectText } from './subject.ts'
import { maxTableRows } from './table.ts'
import { type Asked, columnLabel, lowerFirst } from './wording.ts'

/** Sentences about records: how many, what one of them says, or the attribute that was asked for. */
export function sayRecords(rows: ReadRow[], answer: QueryAnswer, asked: Asked): Said {
  const [only, second] = rows
  if (only && !second && answer.completeness.kind === 'complete') return { text: sayOne(only, answer, asked) }
  const [order] = asked.query.orderBy ?? []
  if (order && asked.query.limit) return { text: sayFirst(rows, order, asked) }
  return sayCount(rows, answer, asked)
}

function sayOne({ row }: ReadRow, answer: QueryAnswer, asked: Asked): string {
  const { query } = asked
  const wanted = (query.select ?? [])
    .map((name) => answer.columns.find((column) => column.name === name))
    .filter((column) => column !== undefined)
    .filter((column) => !isFixed(column, asked))
  const none = asked.language === 'ko' ? '없음' : 'none'
  const value = (column: Column) => {
    const cell = row[column.name] ?? ''
    return cell === '' ? none : cellInWords(cell, column, asked)
  }
  return wanted.length > 0
    ? sayAttributes(wanted, value, titleOf(answer, row, asked), asked)
    : sayRecord(answer, value, asked)
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

/** **SO-2026-00123** 수주예요. 거래처 한빛상사 · 품목 … */
function sayRecord(answer: QueryAnswer, value: (column: Column) => string, asked: Asked): string {
  const [title, ...others] = answer.columns.toSorted((a, b) => orderOf(a, asked) - orderOf(b, asked))
  if (!title) return ''
  const noun = recordsNoun(asked)
  const details = others.slice(0, described).map((column) => `${columnLabel(column.name, asked)} ${value(column)}`)
  const head =
    asked.language === 'ko'
      ? `**${value(title)}** ${withJosa(noun, '이에요/예요')}.`
      : `**${value(title)}** (${asked.entity.label.en.toLowerCase()}).`
  return details.length > 0 ? `${head} ${details.join(' · ')}` : head
}

/** The document number or the name leads, then the catalog's own order. */
function orderOf({ name, type }: Column, { entity }: Asked): number {
  const at = entity.columns.indexOf(name)
  return (type === 'documentNo' && entity.kind !== 'master' ? -100 : 0) + (at < 0 ? 50 : at)
}

/** A column whose value the question gave itself says nothing new. */
function isFixed(column: Column, { query }: Asked): boolean {
  return (query.where ?? []).some(([field, operator]) => field === column.name && operator === 'eq')
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

function sayFirst(rows: ReadRow[], [field, direction]: [string, 'asc' | 'desc'], asked: Asked): string {
  const { entity, language } = asked
  const ko = language === 'ko'
  const label = columnLabel(field, asked)
  const count = ko ? `${rows.length}${entity.counter.ko}` : String(rows.length)
  const subject = subjectText(recordsNoun(asked), asked)
  if (entity.dimensions[field]?.type === 'date') {
    const isDefault = field === entity.period && direction === 'desc'
    if (ko)
      return `${isDefault ? '가장 최근 ' : `${withJosa(label, '이/가')} ${direction === 'desc' ? '늦은' : '이른'} `}${subject} **${count}**${endingOf(count)}`
    return `The **${count}** ${direction === 'desc' ? 'latest' : 'earliest'} ${lowerFirst(subject)}.`
  }
  if (ko)
    return `${withJosa(label, '이/가')} ${direction === 'desc' ? '큰' : '작은'} ${subject} **${count}**${endingOf(count)}`
  return `The **${count}** ${lowerFirst(subject)} with the ${direction === 'desc' ? 'highest' : 'lowest'} ${lowerFirst(label)}.`
}

function sayCount(rows: ReadRow[], answer: QueryAnswer, asked: Asked): Said {
  const { entity, language } = asked
  const ko = language === 'ko'
  const count = answer.completeness.kind === 'first' ? answer.completeness.of : rows.length
  const digits = count.toLocaleString('en-US')
  const text = ko ? `${digits}${entity.counter.ko}` : digits
  const subject = subjectText(recordsNoun(asked), asked)
  const head = ko ? `${withJosa(subject, '은/는')} **${text}**${endingOf(text)}` : `${subject}: **${text}**.`
  const shown = Math.min(rows.length, maxTableRows)
  const first = ko ? `처음 ${shown}${withJosa(entity.counter.ko, '을/를')} 보여 드려요.` : `Showing the first ${shown}.`
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
  return asked.language === 'ko'
    ? `${label}${pickJosa(label, '은/는')} 모두 ${text}${endingOf(text)}`
    : `${label}: ${text} in all.`
}
