import type { Row } from '#erp'
import { type Case, november, october, total } from './render-case-fixture.ts'

export const customers: Row[] = [
  { customer: '한빛상사', amount: '302000000' },
  { customer: 'R&D', amount: '200000000' },
  { customer: 'A-100', amount: '500000000' },
]

const lastMonth = { from: '2026-10-01', to: '2026-10-31' }

/** Numbers and groups of them, by what they are an example of. */
export const totalCases: Record<string, Case> = {
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
  'a rate of one group': {
    query: { entity: 'productionOrder', measures: ['defectRate'], groupBy: ['line'], where: [['line', 'eq', '3라인']] },
    rows: [{ line: '3라인', defectRate: '1.82' }],
    more: total({ defectRate: '1.82' }),
    ko: '3라인 생산 불량률은 **1.8%**예요.',
    en: 'Defect rate for 3라인: **1.8%**.',
  },
}
