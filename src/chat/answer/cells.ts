import { splitDimension } from '#catalog'
import type { Cell, Column } from '#erp'
import { dayText, grainText } from './dates.ts'
import { type Exact, groupDigits, moneyText, percentText, toExact } from './numbers.ts'
import { type Asked, codeLabel, counterOf } from './wording.ts'

const numericTypes = new Set<Column['type']>(['number', 'money', 'quantity', 'days', 'percent', 'count'])

/** Whether a column's cells are aligned and drawn as numbers. */
export function isNumeric(type: Column['type']): boolean {
  return numericTypes.has(type)
}

/** A cell as a table shows it: full digits, dates with their weekday, codes by label, – for nothing. */
export function cellText(cell: Cell, column: Pick<Column, 'name' | 'type'>, asked: Asked): string {
  if (cell === null || cell === '') return '–'
  if (typeof cell === 'boolean') return yesOrNo[asked.language][cell ? 0 : 1]
  const number = isNumeric(column.type) ? toExact(cell) : null
  if (number) return column.type === 'percent' ? percentText(number) : groupDigits(number, decimals[column.type] ?? 4)
  if (column.type === 'date') return dateText(String(cell), column.name, asked)
  return column.type === 'code' ? codeLabel(column.name, cell, asked) : String(cell)
}

const yesOrNo = { ko: ['예', '아니요'], en: ['Yes', 'No'] } as const

function dateText(cell: string, name: string, { language }: Asked): string {
  const { grain } = splitDimension(name)
  return grain ? grainText(cell, grain, language) : dayText(cell, language)
}

const decimals: Partial<Record<Column['type'], number>> = { money: 0, count: 0, days: 2 }

/** A number in a sentence, with its unit: 12억 3,450만 원, 35건, 24.1%, 11 days. */
export function valueInWords(value: Exact, name: string, type: Column['type'], asked: Asked): string {
  if (type === 'money') return moneyText(value, asked.language)
  if (type === 'percent') return percentText(value)
  const digits = groupDigits(value, decimals[type] ?? 4)
  const counter = counterOf(name, asked)
  if (!counter) return digits
  return asked.language === 'ko' ? digits + counter : `${digits} ${digits === '1' ? singular(counter) : counter}`
}

function singular(counter: string): string {
  return counter === 'people' ? 'person' : counter.replace(/s$/, '')
}

/** A cell in a sentence: numbers with their unit, the rest as in a table. */
export function cellInWords(cell: Cell, column: Pick<Column, 'name' | 'type'>, asked: Asked): string {
  const number = isNumeric(column.type) ? toExact(cell) : null
  if (number) return valueInWords(number, column.name, column.type, asked)
  const { grain } = splitDimension(column.name)
  if (grain === 'month' && asked.language === 'ko') {
    return grainText(String(cell), grain, 'ko').replace(/^(\d{4})\.0?(\d+)$/, '$1년 $2월')
  }
  return cellText(cell, column, asked)
}
