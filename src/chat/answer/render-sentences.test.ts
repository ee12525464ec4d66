import { describe, expect, test } from 'vitest'
import type { BusinessQuery } from '#catalog'
import type { Row } from '#erp'
import { recordCases } from './record-cases-fixture.ts'
import { november, render } from './render-case-fixture.ts'
import { totalCases } from './total-cases-fixture.ts'

const cases = { ...totalCases, ...recordCases }

const lastMonth = { from: '2026-10-01', to: '2026-10-31' }

describe('sentences', () => {
  test.each(Object.entries(cases))('%s', (_, each) => {
    expect(render(each, 'ko').text).toBe(each.ko)
    expect(render(each, 'en').text).toBe(each.en)
  })
})

describe('what a catalog allows beside the everyday', () => {
  test.each<[BusinessQuery, Row, string, string]>([
    [
      { entity: 'item', measures: ['avg:unitPrice'] },
      { 'avg:unitPrice': '12345.6' },
      '평균 품목 단가는 **1만 2,346원**이에요.',
      'Average unit price: **KRW 12,346**.',
    ],
    [
      { entity: 'receivable', measures: ['max:overdueDays'] },
      { 'max:overdueDays': '91' },
      '최대 미수금 연체일수는 **91일**이에요.',
      'Receivable highest days overdue: **91 days**.',
    ],
    [
      { entity: 'customer', measures: ['count'], where: [['region', 'eq', '서울']] },
      { count: 20 },
      '서울 거래처는 **20곳**이에요.',
      'Customers for 서울: **20 customers**.',
    ],
  ])('%j', (query, row, ko, en) => {
    const more = { totals: row }
    expect(render({ query, rows: [row], more }).text).toBe(ko)
    expect(render({ query, rows: [row], more }, 'en').text).toBe(en)
  })

  test('a share of counts is named by what is counted', () => {
    const query: BusinessQuery = { entity: 'customer', measures: ['share:count'], groupBy: ['region'] }
    const answer = render({
      query,
      rows: [
        { region: '서울', 'share:count': '60' },
        { region: '부산', 'share:count': '40' },
      ],
    })
    expect(answer.text).toBe('지역별 거래처 비중은 서울이 **60.0%**로 가장 높아요.')
    expect(answer.table?.columns[1]?.label).toBe('거래처 수 비중')
  })

  test('an attribute that is not filled in is said to be missing', () => {
    const query = cases['an attribute']!.query
    expect(render({ query, rows: [{ name: '김민수', phone: null }] }).text).toBe('김민수의 전화번호는 **없음**이에요.')
  })

  test('several measures compared have a table of both periods', () => {
    const query: BusinessQuery = {
      entity: 'sales',
      measures: ['amount', 'profit'],
      period: november,
      compareTo: 'previousPeriod',
    }
    const before = { amount: '50', profit: '10' }
    const answer = render({
      query,
      rows: [{ amount: '100', profit: '5' }],
      more: { previous: { ...lastMonth, rows: [before], totals: before } },
    })
    expect(answer.table?.rows[0]?.map(({ text }) => text)).toEqual(['100', '50', '▲ 100.0%', '5', '10', '▼ 50.0%'])
  })
})
