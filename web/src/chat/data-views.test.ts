import { expect, test } from 'vitest'
import type { Answer } from '../../../src/chat/api.ts'
import { dataViews, firstView } from './data-views.ts'

const base: Answer = { kind: 'answered', language: 'ko', text: '', chips: [], prompts: [] }
const headline = { label: '매출', text: '1억 원', exact: '100000000', type: 'money' } as const
const table: Answer['table'] = {
  columns: [
    { name: 'customer', label: '거래처', type: 'name', numeric: false },
    { name: 'amount', label: '매출액', type: 'money', numeric: true },
  ],
  rows: [
    [
      { text: '한빛상사', value: '한빛상사' },
      { text: '1', value: '1' },
    ],
  ],
  rowCount: 1,
}
const chart: Answer['chart'] = { kind: 'bar', x: 'customer', series: ['amount'], horizontal: true }

test('only views with something to show are offered', () => {
  expect(dataViews({ ...base, headline })).toEqual(['number'])
  expect(dataViews({ ...base, headline, table, chart })).toEqual(['number', 'table', 'chart'])
  expect(dataViews({ ...base, table: { ...table!, rows: [], rowCount: 0 }, chart })).toEqual([])
})

test('the proposed view comes first when it exists', () => {
  expect(firstView({ ...base, headline, table, chart, view: 'bar' })).toBe('chart')
  expect(firstView({ ...base, headline, table, chart, view: 'number' })).toBe('number')
  expect(firstView({ ...base, headline, table, view: 'line' })).toBe('table')
})
