import { type Case, november } from './render-case-fixture.ts'

/** Records, single fields, and nothing found, by what they are an example of. */
export const recordCases: Record<string, Case> = {
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
