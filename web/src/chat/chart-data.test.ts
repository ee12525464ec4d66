import { expect, test } from 'vitest'
import type { AnswerTable } from '../../../src/chat/api.ts'
import { mostBars, readChart, readSlices } from './chart-data.ts'
import { answerAsText, tableAsText } from './table-text.ts'
import { tellingColumns } from './telling-columns.ts'

const table = (count: number): AnswerTable => ({
  columns: [
    { name: 'customer', label: '거래처', type: 'name', numeric: false },
    { name: 'amount', label: '매출액', type: 'money', numeric: true },
    { name: 'quantity', label: '판매수량', type: 'quantity', numeric: true },
  ],
  rows: Array.from({ length: count }, (_, n) => [
    { text: `거래처 ${n}`, value: `거래처 ${n}` },
    { text: `${100 - n}원`, value: `${100 - n}.00` },
    { text: '1', value: '1' },
  ]),
  rowCount: count,
})
const bar = { kind: 'bar', x: 'customer', series: ['amount'], horizontal: true } as const

test('a chart is read out of the table, as many bars as can be read', () => {
  const data = readChart(table(20), { ...bar, series: ['amount'] })
  expect(data?.points).toHaveLength(mostBars)
  expect(data?.hidden).toBe(5)
  expect(data?.points[0]).toEqual({ label: '거래처 0', values: { amount: 100 }, texts: { amount: '100원' } })
})

test('a chart over columns that are not there is no chart', () => {
  expect(readChart(table(2), { ...bar, series: ['profit'] })).toBeNull()
  expect(readChart(table(2), { ...bar, x: 'region', series: ['amount'] })).toBeNull()
})

test('small slices become one and shares add up to the whole', () => {
  const data = readChart(table(20), { ...bar, kind: 'pie', series: ['amount'] })
  const slices = data ? readSlices(data, '그 외') : []
  expect(slices).toHaveLength(7)
  expect(slices.at(-1)?.label).toBe('그 외')
  expect(slices.reduce((sum, slice) => sum + slice.share, 0)).toBeCloseTo(100)
})

test('copied tables carry exact numbers', () => {
  expect(tableAsText(table(1))).toBe('거래처\t매출액\t판매수량\n거래처 0\t100.00\t1')
  const text = answerAsText({
    kind: 'answered',
    language: 'ko',
    text: '**1**건',
    chips: [],
    prompts: [],
    sourceText: 'ERP 실시간',
  })
  expect(text).toBe('1건\nERP 실시간')
})

test('a phone shows the groups with the first measure, or the first two of a record', () => {
  expect(tellingColumns(table(1), false)).toEqual({ names: [0], value: 1 })
  expect(tellingColumns(table(1), true)).toEqual({ names: [0], value: 1 })
})

test('a single series is drawn beside its earlier period', () => {
  const compared = table(2)
  compared.columns[2] = { name: 'previous:amount', label: '지난달 매출액', type: 'money', numeric: true }
  const data = readChart(compared, { ...bar, series: ['amount'] })
  expect(data?.series.map(({ key }) => key)).toEqual(['amount', 'previous:amount'])
})
