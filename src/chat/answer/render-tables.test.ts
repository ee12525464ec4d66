import { describe, expect, test } from 'vitest'
import type { BusinessQuery } from '#catalog'
import { recordCases } from './record-cases-fixture.ts'
import { renderAnswer } from './render-answer.ts'
import { type Case, render } from './render-case-fixture.ts'
import { answerOf, asked, now } from './render-fixture.ts'
import { customers, totalCases } from './total-cases-fixture.ts'

const cases = { ...totalCases, ...recordCases }

describe('tables', () => {
  test('full digits, units in the header, large first, the whole at the end', () => {
    const { table } = render(cases['groups with a total']!)
    expect(table?.columns.map(({ label }) => label)).toEqual(['거래처', '매출액 (원)'])
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['A-100', '500,000,000'],
      ['한빛상사', '302,000,000'],
      ['R&D', '200,000,000'],
    ])
    expect(table?.rows[0]?.[1]?.value).toBe('500000000')
    expect(table?.total?.map((cell) => cell?.text)).toEqual(['전체', '1,002,000,000'])
  })

  test('a series goes along time, and lines up with the year before', () => {
    const query = { ...cases['a series']!.query, compareTo: 'previousYear' as const }
    const previous = {
      from: '2025-01-01',
      to: '2025-12-31',
      rows: [
        { 'date:month': '2025-01-01', amount: '151000000' },
        { 'date:month': '2025-02-01', amount: '603000000' },
      ],
      totals: { amount: '754000000' },
    }
    const { table } = render({
      query,
      rows: cases['a series']!.rows,
      more: { totals: { amount: '704000000' }, previous },
    })
    expect(table?.columns.map(({ label }) => label)).toEqual(['월', '매출액 (원)', '작년 매출액 (원)', '증감'])
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['2026.01', '302,000,000', '151,000,000', '▲ 100.0%'],
      ['2026.02', '402,000,000', '603,000,000', '▼ 33.3%'],
    ])
  })

  test('codes by label, dates with their weekday, nothing as a dash', () => {
    const { table } = render(cases['one document']!)
    expect(table?.rows[0]?.map(({ text }) => text)).toEqual([
      'SO-2026-00123',
      '한빛상사',
      '볼베어링 6204',
      '100',
      '1,234,000',
      '–',
      '–',
      '미출하',
      '–',
    ])
  })

  test('a hundred rows travel, and the count tells of the rest', () => {
    const rows = Array.from({ length: 150 }, (_, i) => ({ orderNo: `PO-${i}` }))
    const { table } = render({ query: { entity: 'purchaseOrder', measures: [] }, rows })
    expect(table?.rows).toHaveLength(100)
    expect(table?.rowCount).toBe(150)
  })
})

describe('charts', () => {
  const chartOf = (each: Case, wanted?: 'pie' | 'bar' | 'table') => {
    const { query, rows, more } = each
    return renderAnswer({ asked: asked(query), answer: answerOf(query, rows, more), rows: 'all', wanted, now })
  }

  test('bars for a ranking, lying down when names are long', () => {
    expect(chartOf(cases['groups with a total']!).chart).toEqual({
      kind: 'bar',
      x: 'customer',
      series: ['amount'],
      horizontal: false,
    })
    const long = {
      ...cases['groups with a total']!,
      rows: [{ customer: '주식회사 대한정밀공업', amount: '1' }, ...customers],
    }
    expect(chartOf(long).chart?.horizontal).toBe(true)
  })

  test('a line for time, a pie for shares only', () => {
    expect(chartOf(cases['a series']!).chart?.kind).toBe('line')
    expect(chartOf(cases.shares!).chart?.kind).toBe('pie')
    expect(chartOf(cases['rates by group']!).chart?.kind).toBe('bar')
  })

  test('shown as the person asked, or said why not', () => {
    expect(chartOf(cases['groups with a total']!, 'table').view).toBe('table')
    expect(chartOf(cases['groups with a total']!, 'pie').view).toBe('pie')
    expect(chartOf(cases['a total']!, 'bar').text).toContain('값이 하나라 차트 대신 숫자로 보여 드려요.')
    expect(chartOf(cases['a series']!, 'pie').text).toContain('원형 차트로는 나타내기 어려워')
  })

  test('no chart of records or of two dimensions', () => {
    expect(chartOf(cases['a list']!).chart).toBeUndefined()
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer', 'date:month'] }
    const rows = [
      { customer: 'A', 'date:month': '2026-01-01', amount: '1' },
      { customer: 'B', 'date:month': '2026-01-01', amount: '2' },
    ]
    expect(render({ query, rows }).chart).toBeUndefined()
  })
})
