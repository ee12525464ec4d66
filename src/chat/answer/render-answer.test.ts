import { describe, expect, test } from 'vitest'
import type { BusinessQuery, RowFilter } from '#catalog'
import type { QueryAnswer, Row } from '#erp'
import { renderAnswer } from './render-answer.ts'
import { answerOf, asked, now } from './render-fixture.ts'

type Case = { query: BusinessQuery; rows: Row[]; more?: Partial<QueryAnswer>; ko: string; en: string }

const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
const october = { field: 'date', from: '2026-10-01', to: '2026-10-31' }
const total = (totals: Row) => ({ totals })

function render({ query, rows, more }: Pick<Case, 'query' | 'rows' | 'more'>, language: 'ko' | 'en' = 'ko') {
  return renderAnswer({ asked: asked(query, language), answer: answerOf(query, rows, more), rows: 'all', now })
}

const customers: Row[] = [
  { customer: '한빛상사', amount: '302000000' },
  { customer: 'R&D', amount: '200000000' },
  { customer: 'A-100', amount: '500000000' },
]
const lastMonth = { from: '2026-10-01', to: '2026-10-31' }

const cases: Record<string, Case> = {
  'a total': {
    query: { entity: 'sales', measures: ['amount'], period: november },
    rows: [{ amount: '1234500000' }],
    more: total({ amount: '1234500000' }),
    ko: '이번 달 매출은 **12억 3,450만 원**이에요.',
    en: 'Sales this month: **KRW 1,234,500,000**.',
  },
  'a comparison': {
    query: { entity: 'sales', measures: ['amount'], period: november, compareTo: 'previousPeriod' },
    rows: [{ amount: '1234500000' }],
    more: {
      totals: { amount: '1234500000' },
      previous: { ...lastMonth, rows: [], totals: { amount: '1140900000' } },
    },
    ko: '이번 달 매출은 **12억 3,450만 원**이에요. 지난달보다 8.2% 늘었어요 (+9,360만 원).',
    en: 'Sales this month: **KRW 1,234,500,000**. Up 8.2% on last month (+93.6 M).',
  },
  'a fall': {
    query: { entity: 'salesOrder', measures: ['count'], period: november, compareTo: 'previousPeriod' },
    rows: [{ count: 9 }],
    more: { totals: { count: 9 }, previous: { ...lastMonth, rows: [], totals: { count: 12 } } },
    ko: '이번 달 수주는 **9건**이에요. 지난달보다 25.0% 줄었어요 (-3건).',
    en: 'Sales orders this month: **9 orders**. Down 25.0% on last month (-3 orders).',
  },
  'a comparison with nothing': {
    query: { entity: 'sales', measures: ['amount'], period: november, compareTo: 'previousPeriod' },
    rows: [{ amount: '5000000' }],
    more: { totals: { amount: '5000000' }, previous: { ...lastMonth, rows: [], totals: { amount: '0' } } },
    ko: '이번 달 매출은 **500만 원**이에요. 지난달에는 0원이었어요 (+500만 원).',
    en: 'Sales this month: **KRW 5,000,000**. It was KRW 0 last month (+5 M).',
  },
  'a rate that rose': {
    query: { entity: 'sales', measures: ['marginRate'], period: november, compareTo: 'previousPeriod' },
    rows: [{ marginRate: '24.3' }],
    more: { totals: { marginRate: '24.3' }, previous: { ...lastMonth, rows: [], totals: { marginRate: '23.1' } } },
    ko: '이번 달 매출이익률은 **24.3%**예요. 지난달보다 1.2%p 높아졌어요 (23.1% → 24.3%).',
    en: 'Margin rate this month: **24.3%**. Up 1.2 pp on last month (23.1% → 24.3%).',
  },
  'the same as before': {
    query: { entity: 'sales', measures: ['amount'], period: november, compareTo: 'previousPeriod' },
    rows: [{ amount: '7' }],
    more: { totals: { amount: '7' }, previous: { ...lastMonth, rows: [], totals: { amount: '7' } } },
    ko: '이번 달 매출은 **7원**이에요. 지난달과 같아요.',
    en: 'Sales this month: **KRW 7**. Same as last month.',
  },
  'groups with a total': {
    query: { entity: 'sales', measures: ['amount'], groupBy: ['customer'], period: november },
    rows: customers,
    more: total({ amount: '1002000000' }),
    ko: '이번 달 거래처별 매출은 모두 **10억 200만 원**이에요. A-100이 5억 원(49.9%)으로 가장 많아요.',
    en: 'Sales by customer this month: **KRW 1,002,000,000** in all. Largest: A-100, KRW 500,000,000 (49.9%).',
  },
  'a ranking': {
    query: {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      period: november,
      orderBy: [['amount', 'desc']],
      limit: 2,
    },
    rows: customers.slice(0, 2),
    more: { totals: { amount: '1234500000' }, completeness: { kind: 'first', of: 62 } },
    ko: '이번 달 매출이 가장 많은 거래처는 **한빛상사**예요 (3억 200만 원). 상위 2곳을 더하면 5억 200만 원으로 전체의 40.7%예요.',
    en: 'Top customer by sales this month: **한빛상사** (KRW 302,000,000). The top 2 add up to KRW 502,000,000 (40.7% of the total).',
  },
  'the lowest': {
    query: {
      entity: 'sales',
      measures: ['marginRate'],
      groupBy: ['category'],
      orderBy: [['marginRate', 'asc']],
      limit: 1,
    },
    rows: [{ category: '기어', marginRate: '11.04' }],
    ko: '매출이익률이 가장 낮은 카테고리는 **기어**예요 (11.0%).',
    en: 'Lowest category by margin rate: **기어** (11.0%).',
  },
  'groups over a limit': {
    query: {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['customer'],
      where: [['amount', 'gt', 100000000]],
      period: november,
    },
    rows: customers.slice(0, 2),
    more: total({ amount: '502000000' }),
    ko: '이번 달 매출액이 1억 원을 넘는 거래처는 **2곳**이에요. 한빛상사가 3억 200만 원으로 가장 많아요.',
    en: 'Customers with sales above KRW 100,000,000 this month: **2**. Largest: 한빛상사, KRW 302,000,000.',
  },
  'a series': {
    query: {
      entity: 'sales',
      measures: ['amount'],
      groupBy: ['date:month'],
      period: { field: 'date', from: '2026-01-01', to: '2026-12-31' },
    },
    rows: [
      { 'date:month': '2026-02-01', amount: '402000000' },
      { 'date:month': '2026-01-01', amount: '302000000' },
    ],
    more: total({ amount: '704000000' }),
    ko: '올해 월별 매출은 모두 **7억 400만 원**이에요. 2026년 2월이 4억 200만 원(57.1%)으로 가장 많았어요.',
    en: 'Sales by month this year: **KRW 704,000,000** in all. Highest in Feb 2026, KRW 402,000,000 (57.1%).',
  },
  'rates by group': {
    query: { entity: 'sales', measures: ['marginRate'], groupBy: ['category'], period: october },
    rows: [
      { category: '기어', marginRate: '22.2' },
      { category: '베어링', marginRate: '31.234' },
    ],
    more: total({ marginRate: '24.12' }),
    ko: '지난달 카테고리별 매출이익률은 전체 **24.1%**고, 베어링이 **31.2%**로 가장 높아요.',
    en: 'Margin rate by category last month: **24.1%** overall, highest for 베어링 (**31.2%**).',
  },
  shares: {
    query: { entity: 'sales', measures: ['share:amount'], groupBy: ['region'] },
    rows: [
      { region: '서울', 'share:amount': '61.234' },
      { region: '부산', 'share:amount': '38.766' },
    ],
    more: total({ 'share:amount': '100' }),
    ko: '지역별 매출 비중은 서울이 **61.2%**로 가장 높아요.',
    en: 'Share of sales by region: highest for 서울 (**61.2%**).',
  },
  'several measures': {
    query: {
      entity: 'budget',
      measures: ['budget', 'actual', 'remaining'],
      where: [['department', 'eq', '@myDepartment']],
      period: november,
    },
    rows: [{ budget: '100000000', actual: '80000000', remaining: '20000000' }],
    ko: '이번 달 우리 부서 예산은 **1억 원**, 집행액은 **8,000만 원**, 잔액은 **2,000만 원**이에요.',
    en: 'My department’s budget this month: **KRW 100,000,000**, actual **KRW 80,000,000**, remaining **KRW 20,000,000**.',
  },
  'my days': {
    query: { entity: 'leave', measures: ['remaining'], where: [['employee', 'eq', '@me']] },
    rows: [{ remaining: '11.5' }],
    ko: '내 남은 연차는 **11.5일**이에요.',
    en: 'My leave remaining: **11.5 days**.',
  },
  'an attribute': {
    query: { entity: 'employee', measures: [], where: [['name', 'eq', '김민수']], select: ['phone'] },
    rows: [{ name: '김민수', phone: '010-1234-5678' }],
    ko: '김민수의 전화번호는 **010-1234-5678**이에요.',
    en: '김민수: phone **010-1234-5678**.',
  },
  'two attributes': {
    query: { entity: 'employee', measures: [], where: [['name', 'eq', '@me']], select: ['email', 'title'] },
    rows: [{ name: '김민수', email: 'minsu@hanbit.kr', title: '과장' }],
    ko: '김민수의 이메일은 **minsu@hanbit.kr**, 직급은 **과장**이에요.',
    en: '김민수: email **minsu@hanbit.kr**, title **과장**.',
  },
  'one document': {
    query: { entity: 'salesOrder', measures: [], where: [['orderNo', 'eq', 'SO-2026-00123']] },
    rows: [
      {
        orderNo: 'SO-2026-00123',
        customer: '한빛상사',
        item: '볼베어링 6204',
        quantity: '100',
        amount: '1234000',
        status: 'open',
      },
    ],
    ko: '**SO-2026-00123** 수주예요. 거래처 한빛상사 · 품목 볼베어링 6204 · 수주수량 100개 · 수주금액 123만 4,000원',
    en: '**SO-2026-00123** (sales order). Customer 한빛상사 · Item 볼베어링 6204 · Order quantity 100 ea · Order amount KRW 1,234,000',
  },
  'a list': {
    query: { entity: 'purchaseOrder', measures: [], where: [['status', 'eq', 'open']], period: november },
    rows: [{ orderNo: 'PO-1' }, { orderNo: 'PO-2' }],
    more: { totals: { count: 1234, amount: '320000000' }, completeness: { kind: 'first', of: 1234 } },
    ko: '이번 달 미입고 발주는 **1,234줄**이에요. 발주금액은 모두 3억 2,000만 원이에요. 처음 2줄을 보여 드려요.',
    en: 'Open purchase orders this month: **1,234 lines**. PO amount: KRW 320,000,000 in all. Showing the first 2 lines.',
  },
  'the latest records': {
    query: { entity: 'purchaseOrder', measures: [], orderBy: [['date', 'desc']], limit: 2 },
    rows: [{ orderNo: 'PO-1' }, { orderNo: 'PO-2' }],
    ko: '가장 최근 발주 **2줄**이에요.',
    en: 'The **2** latest purchase order lines.',
  },
  'a field against a field': {
    query: { entity: 'stock', measures: [], where: [['quantity', 'lt', 'safetyStock']] },
    rows: [{ item: 'A' }, { item: 'B' }],
    ko: '재고수량이 안전재고 미만인 재고는 **2건**이에요.',
    en: 'Stock with quantity on hand below safety stock: **2**.',
  },
  'another date': {
    query: {
      entity: 'salesOrder',
      measures: ['count'],
      period: { field: 'dueDate', from: '2026-11-23', to: '2026-11-29' },
    },
    rows: [{ count: 1 }],
    ko: '납기일이 이번 주인 수주는 **1건**이에요.',
    en: 'Sales orders with due date this week: **1 order**.',
  },
  'a rate that hardly moved': {
    query: { entity: 'sales', measures: ['marginRate'], period: november, compareTo: 'previousPeriod' },
    rows: [{ marginRate: '24.31' }],
    more: { totals: { marginRate: '24.31' }, previous: { ...lastMonth, rows: [], totals: { marginRate: '24.3' } } },
    ko: '이번 달 매출이익률은 **24.3%**예요. 지난달과 거의 같아요.',
    en: 'Margin rate this month: **24.3%**. About the same as last month.',
  },
  'a status within groups': {
    query: { entity: 'salesOrder', measures: ['count'], groupBy: ['customer'], where: [['status', 'eq', 'open']] },
    rows: [
      { customer: '대성기계', count: 134 },
      { customer: '한빛상사', count: 20 },
    ],
    more: total({ count: 154 }),
    ko: '거래처별 미출하 수주는 모두 **154건**이에요. 대성기계가 134건(87.0%)으로 가장 많아요.',
    en: 'Open sales orders by customer: **154 orders** in all. Largest: 대성기계, 134 orders (87.0%).',
  },
  'a year': {
    query: {
      entity: 'leave',
      measures: ['used'],
      where: [
        ['employee', 'eq', '@me'],
        ['year', 'eq', 2025],
      ],
    },
    rows: [{ used: '16' }],
    ko: '작년 내 쓴 연차는 **16일**이에요.',
    en: 'My leave used last year: **16 days**.',
  },
  'a date that is no date of a record': {
    query: {
      entity: 'employee',
      measures: ['count'],
      period: { field: 'hireDate', from: '2026-01-01', to: '2026-12-31' },
    },
    rows: [{ count: 3 }],
    ko: '입사일이 올해인 사원은 **3명**이에요.',
    en: 'Employees with hire date this year: **3 people**.',
  },
  'what is overdue at all': {
    query: { entity: 'receivable', measures: ['balance'], where: [['overdueDays', 'gt', 0]] },
    rows: [{ balance: '577299644' }],
    ko: '연체된 미수금은 **5억 7,729만 9,644원**이에요.',
    en: 'Overdue receivable balance due: **KRW 577,299,644**.',
  },
  'people by a balance': {
    query: { entity: 'leave', measures: [], where: [['remaining', 'lte', 3]] },
    rows: [{ employee: '가' }, { employee: '나' }],
    ko: '남은 연차가 3일 이하인 직원은 **2명**이에요.',
    en: 'Employees with leave remaining at most 3 days: **2**.',
  },
  'the one with the most': {
    query: { entity: 'item', measures: [], orderBy: [['unitPrice', 'desc']], limit: 1 },
    rows: [{ name: '유압펌프 16cc', code: 'G-710', category: '유압부품', unitPrice: '385000' }],
    more: { completeness: { kind: 'first', of: 46 } },
    ko: '단가가 가장 높은 품목은 **유압펌프 16cc**예요. 품목코드 G-710 · 카테고리 유압부품 · 단가 38만 5,000원',
    en: 'The item with the highest unit price: **유압펌프 16cc**. Code G-710 · Category 유압부품 · Unit price KRW 385,000',
  },
  'one document that fits': {
    query: {
      entity: 'salesOrder',
      measures: [],
      where: [
        ['status', 'eq', 'open'],
        ['amount', 'gte', 50000000],
      ],
    },
    rows: [
      { orderNo: 'SO-2026-06342', customer: '유니온금속', item: '유압호스 2m', quantity: '4800', amount: '58992000' },
    ],
    ko: '수주금액이 5,000만 원 이상인 미출하 수주는 **1줄**이에요. SO-2026-06342 · 거래처 유니온금속 · 품목 유압호스 2m · 수주수량 4,800개 · 수주금액 5,899만 2,000원',
    en: 'Open sales orders with order amount at least KRW 50,000,000: **1 line**. SO-2026-06342 · Customer 유니온금속 · Item 유압호스 2m · Order quantity 4,800 ea · Order amount KRW 58,992,000',
  },
  'a rate of one group': {
    query: { entity: 'productionOrder', measures: ['defectRate'], groupBy: ['line'], where: [['line', 'eq', '3라인']] },
    rows: [{ line: '3라인', defectRate: '1.82' }],
    more: total({ defectRate: '1.82' }),
    ko: '3라인 생산 불량률은 **1.8%**예요.',
    en: 'Defect rate for 3라인: **1.8%**.',
  },
  'nothing of one’s own to do': {
    query: {
      entity: 'approval',
      measures: [],
      where: [
        ['approver', 'eq', '@me'],
        ['status', 'eq', 'pending'],
      ],
    },
    rows: [],
    ko: '내가 결재자인 대기 중인 결재가 없어요.',
    en: 'Nothing found: my pending approvals.',
  },
  'nothing found': {
    query: { entity: 'purchaseOrder', measures: [], where: [['status', 'eq', 'open']], period: november },
    rows: [],
    ko: '조건에 맞는 발주가 없어요. 기간을 넓혀 볼까요?',
    en: 'No matching purchase orders. Widen the period?',
  },
  'nothing found without a period': {
    query: { entity: 'stock', measures: [], where: [['warehouse', 'eq', '부산창고']] },
    rows: [],
    ko: '부산창고 재고가 없어요.',
    en: 'Nothing found: stock for 부산창고.',
  },
}

describe('sentences', () => {
  test.each(Object.entries(cases))('%s', (_, each) => {
    expect(render(each, 'ko').text).toBe(each.ko)
    expect(render(each, 'en').text).toBe(each.en)
  })
})

describe('what stands around the sentence', () => {
  test('chips say how the question was read', () => {
    const { chips } = render(cases['a comparison']!)
    expect(chips.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      '대상: 매출',
      '기준: 매출액',
      '기간: 2026.11.01–11.30 (이번 달)',
      '비교: 직전 기간',
    ])
  })

  test('coverage says the dates, that the month still runs, and what it is compared with', () => {
    expect(render(cases['a total']!).coverage).toBe('2026.11.01–11.30 · 오늘까지 집계')
    expect(render(cases['a total']!, 'en').coverage).toBe('1–30 Nov 2026 · to date')
    expect(render(cases['a comparison']!).coverage).toBe(
      '2026.11.01–11.30 · 오늘까지 집계 · 지난달 2026.10.01–10.31 대비',
    )
    expect(render(cases['rates by group']!).coverage).toBe('2026.10.01–10.31')
    expect(render(cases['another date']!).coverage).toBe('납기일 2026.11.23–11.29')
    expect(render(cases['my days']!).coverage).toBe('전체 연도 · 현재 기준')
    expect(render(cases['a field against a field']!).coverage).toBe('현재 기준')
  })

  test('nothing found of somebody else within one’s rights is not called a zero', () => {
    const query: BusinessQuery = { entity: 'sales', measures: ['amount'], where: [['salesperson', 'eq', '이서연']] }
    const answer = answerOf(query, [{ amount: '0' }], total({ amount: '0' }))
    const own: RowFilter = [[['salesperson', 'eq', '김민수']]]
    const say = (question: BusinessQuery, rows: RowFilter, language: 'ko' | 'en' = 'ko') =>
      renderAnswer({ asked: asked(question, language), answer, rows, now })
    expect(say(query, own)).toMatchObject({ kind: 'empty', text: '볼 수 있는 범위에는 이서연 매출이 없어요.' })
    expect(say(query, own, 'en').text).toBe('Nothing found among what you can see: sales for 이서연.')
    expect(say({ ...query, period: november }, own).text).toBe(
      '볼 수 있는 범위에는 조건에 맞는 매출이 없어요. 기간을 넓혀 볼까요?',
    )
    const leave: BusinessQuery = { entity: 'leave', measures: ['remaining'], where: [['employee', 'eq', '이서연']] }
    const none = answerOf(leave, [{ remaining: '0' }], total({ remaining: '0' }))
    const mine = { asked: asked(leave), answer: none, rows: [[['employee', 'eq', '김민수']]] as RowFilter, now }
    expect(renderAnswer(mine).text).toBe('볼 수 있는 범위에는 이서연 연차가 없어요.')
    expect(say(query, 'all').text).toBe('이서연 매출은 **0원**이에요.')
    expect(say({ ...query, where: [['salesperson', 'eq', '@me']] }, own).text).toBe('내 매출은 **0원**이에요.')
  })

  test('coverage says when the reader sees only some rows', () => {
    const { query, rows, more } = cases['a total']!
    const answer = answerOf(query, rows, more)
    const own = renderAnswer({ asked: asked(query), answer, rows: [[['salesperson', 'eq', '김민수']]], now })
    expect(own.coverage).toBe('2026.11.01–11.30 · 오늘까지 집계 · 담당자 김민수만')
  })

  test.each([
    ['live', '2026-11-23T05:32:00Z', 'ERP 실시간 · 14:32 기준', 'Live from ERP · as of 14:32'],
    [
      'copy',
      '2026-11-23T05:29:00Z',
      'ERP 응답이 늦어 사본으로 답했어요 · 14:29 기준 (3분 전)',
      'ERP is slow; answered from our copy · as of 14:29 (3 min ago)',
    ],
    [
      'failover',
      '2026-11-22T05:29:00Z',
      'ERP 예비 서버 · 2026.11.22 (일) 14:29 기준',
      'From the standby ERP · as of 22 Nov 2026 (Sun) 14:29',
    ],
  ] as const)('the source %s is named with its time', (source, asOf, ko, en) => {
    const { query, rows } = cases['a total']!
    const sourced = { query, rows, more: { source, asOf, totals: { amount: '1' } } }
    expect(render(sourced).sourceText).toBe(ko)
    expect(render(sourced, 'en').sourceText).toBe(en)
  })

  test.each([
    ['slow', 'ERP 응답이 늦어 사본으로 답했어요', 'ERP is slow; answered from our copy'],
    ['unreachable', 'ERP에 연결할 수 없어 사본으로 답했어요', 'ERP cannot be reached; answered from our copy'],
    ['limited', 'ERP에 요청이 몰려 사본으로 답했어요', 'ERP is limiting requests; answered from our copy'],
    [
      'unclear',
      'ERP가 알아볼 수 없는 답을 보내 사본으로 답했어요',
      'ERP sent an unreadable reply; answered from our copy',
    ],
    ['changing', 'ERP 데이터가 계속 바뀌어 사본으로 답했어요', 'ERP data kept changing; answered from our copy'],
    [
      'tooMuch',
      'ERP에서 한 번에 읽기에는 많아 사본으로 답했어요',
      'Too much to read from the ERP at once; answered from our copy',
    ],
  ] as const)('a copy says why it answered: %s', (copyReason, ko, en) => {
    const { query, rows } = cases['a total']!
    const more = { source: 'copy', copyReason, asOf: '2026-11-23T03:32:00Z', totals: { amount: '1' } } as const
    expect(render({ query, rows, more }).sourceText).toBe(`${ko} · 12:32 기준 (2시간 전)`)
    expect(render({ query, rows, more }, 'en').sourceText).toBe(`${en} · as of 12:32 (2 h ago)`)
  })

  test('the headline carries the exact value', () => {
    expect(render(cases['a total']!).headline).toEqual({
      label: '이번 달 매출',
      text: '12억 3,450만 원',
      exact: '1234500000',
      type: 'money',
    })
  })
})

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

test('an empty answer offers wider periods, a partial list names no leader', () => {
  expect(render(cases['nothing found']!)).toMatchObject({
    kind: 'empty',
    prompts: [{ label: '최근 3개월' }, { label: '올해' }, { label: '작년' }],
  })
  const partial = {
    ...cases['groups with a total']!,
    more: { totals: { amount: '9' }, completeness: { kind: 'first' as const, of: 900 } },
  }
  expect(render(partial).text).toBe('이번 달 거래처별 매출은 모두 **9원**이에요.')
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
