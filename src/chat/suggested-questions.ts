import type { Role } from '#auth'
import type { BusinessQuery } from '#catalog'

/** An example question in both languages, the query it stands for, and the roles it is meant for most. */
export type SuggestedQuestion = { ko: string; en: string; query: BusinessQuery; roles: Role[] }

/** Order is what a person sees first. Every one must be understood as its query; none names a company's own data. */
export const suggestedQuestions: SuggestedQuestion[] = [
  {
    ko: '이번 달 매출 얼마야?',
    en: 'How much are sales this month?',
    query: { entity: 'sales', measures: ['amount'] },
    roles: ['executive', 'sales', 'finance'],
  },
  {
    ko: '이번 달 매출 상위 5개 거래처',
    en: 'Top 5 customers by sales this month',
    query: { entity: 'sales', measures: ['amount'], groupBy: ['customer'] },
    roles: ['executive', 'sales'],
  },
  {
    ko: '올해 월별 매출 추이',
    en: 'Monthly sales this year',
    query: { entity: 'sales', measures: ['amount'], groupBy: ['date:month'] },
    roles: ['executive'],
  },
  {
    ko: '지난달 카테고리별 이익률',
    en: 'Margin rate by category last month',
    query: { entity: 'sales', measures: ['marginRate'], groupBy: ['category'] },
    roles: ['executive'],
  },
  {
    ko: '90일 넘은 미수금 얼마야?',
    en: 'Receivables overdue more than 90 days',
    query: { entity: 'receivable', measures: ['balance'] },
    roles: ['finance', 'sales', 'executive'],
  },
  {
    ko: '미출하 수주 목록 보여줘',
    en: 'Show open sales orders',
    query: { entity: 'salesOrder', measures: [] },
    roles: ['sales'],
  },
  {
    ko: '이번 달 납기인 수주 몇 건이야?',
    en: 'How many sales orders are due this month?',
    query: { entity: 'salesOrder', measures: ['count'] },
    roles: ['sales'],
  },
  {
    ko: '공급업체별 미지급금',
    en: 'Payables by vendor',
    query: { entity: 'payable', measures: ['balance'], groupBy: ['vendor'] },
    roles: ['finance'],
  },
  {
    ko: '부서별 예산 집행률',
    en: 'Budget execution rate by department',
    query: { entity: 'budget', measures: ['rate'], groupBy: ['department'] },
    roles: ['finance', 'executive'],
  },
  {
    ko: '이번 달 부서별 경비',
    en: 'Expense amount by department this month',
    query: { entity: 'expense', measures: ['amount'], groupBy: ['department'] },
    roles: ['finance'],
  },
  {
    ko: '내 연차 며칠 남았어?',
    en: 'How many days of leave do I have left?',
    query: { entity: 'leave', measures: ['remaining'], where: [['employee', 'eq', '@me']] },
    roles: ['employee', 'admin'],
  },
  {
    ko: '내가 결재할 거 뭐 있어?',
    en: "What's waiting for my approval?",
    query: { entity: 'approval', measures: [], where: [['approver', 'eq', '@me']] },
    roles: ['employee', 'admin'],
  },
  {
    ko: '안전재고 미만인 품목 보여줘',
    en: 'Show items below safety stock',
    query: { entity: 'stock', measures: [], where: [['quantity', 'lt', 'safetyStock']] },
    roles: ['employee', 'sales', 'admin'],
  },
  {
    ko: '이번 달 내 경비 얼마야?',
    en: 'How much are my expenses this month?',
    query: { entity: 'expense', measures: ['amount'], where: [['employee', 'eq', '@me']] },
    roles: ['employee', 'admin'],
  },
  {
    ko: '창고별 재고금액',
    en: 'Stock value by warehouse',
    query: { entity: 'stock', measures: ['value'], groupBy: ['warehouse'] },
    roles: ['admin', 'employee', 'executive'],
  },
  {
    ko: '이번 달 라인별 생산량',
    en: 'Produced quantity by line this month',
    query: { entity: 'productionOrder', measures: ['producedQuantity'], groupBy: ['line'] },
    roles: ['executive', 'employee', 'admin'],
  },
]
