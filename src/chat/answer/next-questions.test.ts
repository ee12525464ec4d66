import { describe, expect, test } from 'vitest'
import type { BusinessQuery, RowFilter } from '#catalog'
import { nextQuestions, widerPeriods } from './next-questions.ts'
import { asked } from './render-fixture.ts'

const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }

function prompts(query: BusinessQuery, rows = 10, reach: RowFilter = 'all'): string[] {
  return nextQuestions(asked(query), { rows, reach }).map(({ text }) => text)
}

describe('what to ask next', () => {
  test('a total is cut and compared, and is no file', () => {
    expect(prompts({ entity: 'sales', measures: ['amount'], period: november }, 1)).toEqual([
      '거래처별로 보여줘',
      '품목별로 보여줘',
      '작년 같은 기간과 비교해줘',
    ])
  })

  test('not cut by what is fixed, nor by what follows from it', () => {
    const item: BusinessQuery = { entity: 'sales', measures: ['amount'], where: [['item', 'eq', '볼베어링 6204']] }
    expect(prompts(item, 1)).toEqual(['거래처별로 보여줘', '지역별로 보여줘'])
    const customer: BusinessQuery = { entity: 'sales', measures: ['amount'], where: [['customer', 'eq', '한빛상사']] }
    expect(prompts(customer, 1)).toEqual(['품목별로 보여줘', '카테고리별로 보여줘'])
    const line: BusinessQuery = {
      entity: 'productionOrder',
      measures: ['defectRate'],
      where: [['line', 'eq', '3라인']],
    }
    expect(prompts(line, 1)).toEqual(['품목별로 보여줘'])
    const several: BusinessQuery = { entity: 'payable', measures: ['balance'], where: [['vendor', 'in', ['가', '나']]] }
    expect(prompts(several, 1)).toEqual(['공급업체별로 보여줘'])
  })

  test('not cut by what the reader’s rights leave one of', () => {
    const query: BusinessQuery = { entity: 'receivable', measures: ['balance'] }
    expect(prompts(query, 1)).toEqual(['거래처별로 보여줘', '담당자별로 보여줘'])
    expect(prompts(query, 1, [[['salesperson', 'eq', '김민수']]])).toEqual(['거래처별로 보여줘'])
  })

  test('companies are not cut by their own name', () => {
    expect(prompts({ entity: 'vendor', measures: ['count'] }, 1)).toEqual([])
  })

  test('a top 5 only of more than five, a file only of several rows', () => {
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer'] }
    expect(prompts(query, 6)).toEqual(['상위 5개만', '엑셀로 내려줘'])
    expect(prompts(query, 5)).toEqual(['엑셀로 내려줘'])
    expect(prompts(query, 1)).toEqual([])
    expect(prompts({ entity: 'salesOrder', measures: [] }, 2)).toEqual(['엑셀로 내려줘'])
    expect(prompts({ entity: 'salesOrder', measures: [] }, 1)).toEqual([])
  })

  test('no comparison without a whole period, nor of groups picked by their total', () => {
    const groups: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['customer'] }
    const compare = '작년 같은 기간과 비교해줘'
    expect(prompts({ ...groups, period: november })).toContain(compare)
    expect(prompts(groups)).not.toContain(compare)
    expect(prompts({ ...groups, period: { field: 'date', from: '2026-11-20' } })).not.toContain(compare)
    expect(prompts({ ...groups, period: november, where: [['amount', 'gt', 1000]] })).not.toContain(compare)
  })
})

test('wider periods hold days beyond the one asked about', () => {
  const wider = (from: string, to: string) =>
    widerPeriods(asked({ entity: 'sales', measures: [], period: { field: 'date', from, to } })).map(({ text }) => text)
  expect(wider('2026-11-01', '2026-11-30')).toEqual(['최근 3개월은?', '올해는?', '작년은?'])
  expect(wider('2026-01-01', '2026-12-31')).toEqual(['작년은?'])
  expect(widerPeriods(asked({ entity: 'sales', measures: [] }))).toEqual([])
})
