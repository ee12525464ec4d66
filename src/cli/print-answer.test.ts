import { expect, test } from 'vitest'
import type { Answer } from '#chat'
import { alignRows, widthOf } from './align-rows.ts'
import { printAnswer } from './print-answer.ts'

const cell = (text: string) => ({ text, value: text })
const ranking: Answer = {
  kind: 'answered',
  language: 'ko',
  text: '이번 달 매출이 가장 많은 거래처는 **한빛상사**예요 (3억 200만 원).',
  coverage: '2026.11.01–11.30 · 오늘까지 집계',
  sourceText: 'ERP 실시간 · 14:32 기준',
  table: {
    columns: [
      { name: 'customer', label: '거래처', type: 'name', numeric: false },
      { name: 'amount', label: '매출액 (원)', type: 'money', numeric: true },
    ],
    rows: [
      [cell('한빛상사'), cell('302,000,000')],
      [cell('R&D\u001b[2J'), cell('1')],
    ],
    total: [cell('전체'), cell('302,000,001')],
    rowCount: 62,
  },
  view: 'bar',
  chips: [],
  prompts: [{ label: '지난달은?', text: '지난달은?' }],
}

test('sentence, table in columns, coverage and source; nothing that moves the cursor', () => {
  expect(printAnswer(ranking, { isTerminal: false }).split('\n')).toEqual([
    '이번 달 매출이 가장 많은 거래처는 한빛상사예요 (3억 200만 원).',
    '',
    '거래처    매출액 (원)',
    '─────────────────────',
    '한빛상사  302,000,000',
    'R&D [2J             1',
    '… 2 / 62',
    '─────────────────────',
    '전체      302,000,001',
    '',
    '2026.11.01–11.30 · 오늘까지 집계',
    'ERP 실시간 · 14:32 기준',
  ])
})

test('a terminal shows emphasis, and choices are listed when there is something to choose', () => {
  expect(printAnswer(ranking, { isTerminal: true })).toContain('\u001b[1m한빛상사\u001b[22m')
  const which: Answer = {
    kind: 'clarify',
    language: 'ko',
    text: '어느 쪽인가요?',
    chips: [],
    prompts: [{ label: '한빛상사', text: '한빛상사' }],
  }
  expect(printAnswer(which, { isTerminal: false })).toBe('어느 쪽인가요?\n\n  · 한빛상사')
})

test('Hangul takes two columns', () => {
  expect([widthOf('한빛'), widthOf('A-100'), widthOf('１２'), widthOf('▲ 8.2%')]).toEqual([4, 5, 4, 6])
  expect(
    alignRows(
      [
        ['가', '1'],
        ['abc', '10'],
      ],
      [false, true],
    ),
  ).toEqual(['가    1', 'abc  10'])
})

test('columns that nothing is said of are aligned to the left', () => {
  const rows = [
    ['작업', 'step', 'x'],
    ['a', 'train', 'y'],
  ]
  expect(alignRows(rows)).toEqual(['작업  step   x', 'a     train  y'])
})
