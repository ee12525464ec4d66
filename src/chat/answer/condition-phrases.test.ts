import { describe, expect, test } from 'vitest'
import type { BusinessQuery, Condition } from '#catalog'
import { describeQuery } from './chips.ts'
import { emptyText } from './empty-text.ts'
import { measureNoun, recordsNoun } from './nouns.ts'
import { renderAnswer } from './render-answer.ts'
import { answerOf, asked, now } from './render-fixture.ts'
import { subjectText } from './subject.ts'

function subject(entity: string, where: Condition[], language: 'ko' | 'en', measure?: string): string {
  const ask = asked({ entity, measures: measure ? [measure] : [], where }, language)
  return subjectText(measure ? measureNoun(measure, ask) : recordsNoun(ask), ask)
}

describe('a condition before or after the noun', () => {
  test.each<[string, Condition[], string, string]>([
    ['receivable', [['overdueDays', 'gt', 90]], '90일 넘게 연체된 미수금', 'Receivables (more than 90 days overdue)'],
    ['receivable', [['overdueDays', 'gte', 30]], '30일 이상 연체된 미수금', 'Receivables (at least 30 days overdue)'],
    ['receivable', [['overdueDays', 'gt', 0]], '연체된 미수금', 'Overdue receivables'],
    [
      'receivable',
      [['overdueDays', 'lte', 30]],
      '연체일수가 30일 이하인 미수금',
      'Receivables (at most 30 days overdue)',
    ],
    [
      'receivable',
      [['balance', 'gt', 5_000_000]],
      '500만 원을 넘는 미수금',
      'Receivables with balance due above KRW 5,000,000',
    ],
    [
      'stock',
      [['quantity', 'lt', 100]],
      '재고수량이 100개 미만인 재고',
      'Stock with quantity on hand less than 100 ea',
    ],
    [
      'stock',
      [
        ['quantity', 'lte', 50],
        ['value', 'gte', 1_000_000],
      ],
      '재고수량이 50개 이하이고 재고금액이 100만 원 이상인 재고',
      'Stock with quantity on hand at most 50 ea and stock value at least KRW 1,000,000',
    ],
    [
      'item',
      [
        ['unitPrice', 'lte', 500_000],
        ['unitPrice', 'gte', 100_000],
      ],
      '단가가 10만 원 이상 50만 원 이하인 품목',
      'Items with unit price between KRW 100,000 and KRW 500,000',
    ],
    ['item', [['unitPrice', 'eq', 1000]], '단가가 1,000원인 품목', 'Items with unit price KRW 1,000'],
    [
      'customer',
      [['name', 'contains', '테크']],
      '거래처명에 ‘테크’가 들어간 거래처',
      'Customers with name containing “테크”',
    ],
    ['customer', [['region', 'in', ['서울', '경기']]], '서울·경기 거래처', 'Customers for 서울, 경기'],
    ['sales', [['customer', 'ne', '한빛상사']], '한빛상사를 제외한 매출', 'Sales except 한빛상사'],
    ['salesOrder', [['status', 'ne', 'cancelled']], '취소가 아닌 수주', 'Sales orders except cancelled'],
    ['salesOrder', [['status', 'eq', 'cancelled']], '취소된 수주', 'Cancelled sales orders'],
    ['approval', [['status', 'eq', 'pending']], '대기 중인 결재', 'Pending approvals'],
    [
      'productionOrder',
      [['status', 'in', ['planned', 'running']]],
      '계획·진행 중인 생산',
      'Planned, running production orders',
    ],
    [
      'productionOrder',
      [['defectQuantity', 'gte', 10]],
      '불량수량이 10개 이상인 생산',
      'Production orders with defect quantity at least 10 ea',
    ],
    ['salesOrder', [['dueDate', 'lt', '@today']], '납기일이 지난 수주', 'Sales orders with due date before today'],
    [
      'salesOrder',
      [['dueDate', 'gte', '2026-11-30']],
      '납기일이 2026.11.30 (월) 이후인 수주',
      'Sales orders with due date from 30 Nov 2026 (Mon)',
    ],
    ['budget', [['actual', 'gt', 'budget']], '집행액이 예산을 넘는 예산', 'Budget with actual above budget'],
  ])('%s %j', (entity, where, ko, en) => {
    expect(subject(entity, where, 'ko')).toBe(ko)
    expect(subject(entity, where, 'en')).toBe(en)
  })

  test('a noun is not named twice', () => {
    expect(subject('purchaseOrder', [['amount', 'gte', 100_000_000]], 'ko', 'amount')).toBe('1억 원 이상인 발주금액')
  })
})

test('chips carry the counter, and say any for more than none', () => {
  const chip = (condition: Condition, language: 'ko' | 'en') =>
    describeQuery(asked({ entity: 'receivable', measures: [], where: [condition] }, language)).find(
      ({ kind }) => kind === 'where',
    )?.value
  expect(chip(['overdueDays', 'gt', 90], 'ko')).toBe('90일 초과')
  expect(chip(['overdueDays', 'gt', 90], 'en')).toBe('more than 90 days')
  expect(chip(['overdueDays', 'gt', 0], 'ko')).toBe('있음')
  expect(chip(['overdueDays', 'gt', 0], 'en')).toBe('any')
})

describe('groups beside a condition', () => {
  const render = (query: BusinessQuery, rows: Parameters<typeof answerOf>[1], language: 'ko' | 'en' = 'ko') =>
    renderAnswer({
      asked: asked(query, language),
      answer: answerOf(query, rows, { totals: { balance: '300' } }),
      rows: 'all',
      now,
    }).text

  test('are said after the total, as the condition is not on them', () => {
    const query: BusinessQuery = {
      entity: 'receivable',
      measures: ['balance'],
      groupBy: ['customer'],
      where: [['overdueDays', 'gt', 90]],
    }
    const rows = [
      { customer: '성진테크', balance: '200' },
      { customer: '한빛전자', balance: '100' },
    ]
    expect(render(query, rows)).toBe(
      '90일 넘게 연체된 미수금은 모두 **300원**이에요. 거래처별로는 성진테크가 200원(66.7%)으로 가장 많아요.',
    )
  })

  test('picked by their value keep names and statuses with the value, and the only one is named', () => {
    const query: BusinessQuery = {
      entity: 'budget',
      measures: ['rate'],
      groupBy: ['department'],
      where: [
        ['account', 'eq', '복리후생비'],
        ['rate', 'gt', 80],
      ],
    }
    const rows = [{ department: '구매팀', rate: '85.62' }]
    expect(render(query, rows)).toBe('복리후생비 예산 집행률이 80%를 넘는 부서는 **1개**예요. 구매팀이 85.6%예요.')
    expect(render(query, rows, 'en')).toBe(
      'Departments with budget execution rate above 80% for 복리후생비: **1**. 구매팀, 85.6%.',
    )
  })
})

describe('nothing found', () => {
  const query: BusinessQuery = {
    entity: 'leave',
    measures: [],
    where: [
      ['remaining', 'gte', 10],
      ['year', 'eq', 2026],
    ],
  }

  test('says what was looked for, and that the reader sees only a part', () => {
    expect(emptyText(asked(query), 'all')).toBe('올해 남은 연차가 10일 이상인 직원이 없어요.')
    expect(emptyText(asked(query), [[['employee', 'eq', '우혜림']]])).toBe(
      '볼 수 있는 범위에는 올해 남은 연차가 10일 이상인 직원이 없어요.',
    )
  })

  test('asks for fewer conditions only when there are several', () => {
    const narrow: BusinessQuery = {
      entity: 'stock',
      measures: [],
      where: [
        ['warehouse', 'eq', '반품창고'],
        ['quantity', 'lt', 'safetyStock'],
      ],
    }
    expect(emptyText(asked(narrow), 'all')).toBe(
      '재고수량이 안전재고 미만인 반품창고 재고가 없어요. 조건을 줄여서 다시 물어봐 주세요.',
    )
  })
})
