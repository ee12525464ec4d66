import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../cli/company-names.ts'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'
import type { DialogueState } from './understanding.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })

/** The reading of the last of several turns. */
async function read(...turns: string[]) {
  let state: DialogueState = {}
  let understanding: Awaited<ReturnType<typeof understand>>['understanding'] | undefined
  for (const text of turns) {
    const reply = await understand({ text, today: '2026-11-23', state, language: 'ko' })
    state = reply.state
    understanding = reply.understanding
  }
  return understanding
}

test.each([
  '오늘 눈 와?',
  'is it going to rain',
  'the salsa this month',
  '이번 주 배출',
  'C등급 고객사',
  'grade A clients',
  '다이아 등급 거래처',
  '이름이 박으로 시작하는 직원',
  '정밀로 끝나는 매입처',
  'vendors starting with Sung',
  '미지급금 평균 연체일수',
  '발주 20건 초과',
  '순이익 얼마야',
  '내가 낼 돈',
  '납기 안 지난 수주',
  '들어온 돈 얼마야',
  'how do I sign up',
])('%s is not guessed at', async (text) => {
  expect(await read(text)).toMatchObject({ intent: 'out_of_scope', reason: expect.stringMatching(/^unknown/) })
})

test.each([
  ['orders from October', 'salesOrder', '2026-10-01', '2026-10-31'],
  ['expenses from yesterday', 'expense', '2026-11-22', '2026-11-22'],
  ['sales from April onwards', 'sales', '2026-04-01', undefined],
  ['sales since April', 'sales', '2026-04-01', undefined],
  ['sales from April until now', 'sales', '2026-04-01', '2026-11-23'],
])('%s: from a period is the period, unless it goes on', async (text, entity, from, to) => {
  const understanding = await read(text)
  expect(understanding?.query).toMatchObject({ entity })
  expect([understanding?.query?.period?.from, understanding?.query?.period?.to]).toEqual([from, to])
})

const mineToSign = {
  entity: 'approval',
  measures: [],
  where: [
    ['approver', 'eq', '@me'],
    ['status', 'eq', 'pending'],
  ],
}
test.each([
  'documents I must sign',
  'approvals pending on me',
  'approval requests for me to sign',
  '내가 싸인해야 할 서류',
])('%s waits for me', async (text) => expect((await read(text))?.query).toEqual(mineToSign))

test.each([
  ['납기 지났는데 아직 미출하인 수주', 'salesOrder'],
  ['납기일 넘긴 발주', 'purchaseOrder'],
  ['납기 넘겼는데 아직인 수주', 'salesOrder'],
  ['납기가 벌써 지났고 아직 안 들어온 발주', 'purchaseOrder'],
])('%s: past the day and still open', async (text, entity) => {
  const query = (await read(text))?.query
  expect(query).toMatchObject({ entity, measures: [] })
  expect(query?.where).toHaveLength(2)
  expect(query?.where).toEqual(
    expect.arrayContaining([
      ['dueDate', 'lt', '@today'],
      ['status', 'eq', 'open'],
    ]),
  )
})

const topOf = (entity: string, measure: string, group: string, direction = 'desc') => ({
  entity,
  measures: [measure],
  groupBy: [group],
  orderBy: [[measure, direction]],
})
test.each([
  [
    '발주 4건 넘는 매입처',
    { entity: 'purchaseOrder', measures: ['count'], groupBy: ['vendor'], where: [['count', 'gt', 4]] },
  ],
  [
    'employees with at least 3 expense claims',
    { entity: 'expense', measures: ['count'], groupBy: ['employee'], where: [['count', 'gte', 3]] },
  ],
  [
    '직원 4명 넘는 부서',
    { entity: 'employee', measures: ['count'], groupBy: ['department'], where: [['count', 'gt', 4]] },
  ],
  ['orders with more than 70 units', { entity: 'salesOrder', measures: [], where: [['quantity', 'gt', 70]] }],
  ['서보모터 750W 모터 재고', { entity: 'stock', measures: ['quantity'], where: [['item', 'eq', '서보모터 750W']] }],
  ['실버 등급 거래처', { entity: 'customer', measures: [], where: [['grade', 'eq', '실버']] }],
  [
    '단가 20만~30만원 품목',
    {
      entity: 'item',
      measures: [],
      where: [
        ['unitPrice', 'gte', 200_000],
        ['unitPrice', 'lte', 300_000],
      ],
    },
  ],
  [
    '20~30만원 짜리 품목 단가',
    {
      entity: 'item',
      measures: [],
      where: [
        ['unitPrice', 'gte', 200_000],
        ['unitPrice', 'lte', 300_000],
      ],
    },
  ],
  [
    'orders between 2 million and 3 million won',
    {
      entity: 'salesOrder',
      measures: [],
      where: [
        ['amount', 'gte', 2_000_000],
        ['amount', 'lte', 3_000_000],
      ],
    },
  ],
  ['cheapest product', { entity: 'item', measures: [], orderBy: [['unitPrice', 'asc']], limit: 1 }],
  ['재고금액 큰 순으로 창고 보여줘', topOf('stock', 'value', 'warehouse')],
  ['연차 많이 남은 사원 순', topOf('leave', 'remaining', 'employee')],
  ['vendors ranked by purchase amount', topOf('purchaseOrder', 'amount', 'vendor')],
  ['수주금액 3천만원 넘는 수주', { entity: 'salesOrder', measures: [], where: [['amount', 'gt', 30_000_000]] }],
  ['줄 돈 제일 많은 데가 어디지', { ...topOf('payable', 'balance', 'vendor'), limit: 1 }],
  ['매출 제일 적은 곳', { ...topOf('sales', 'amount', 'customer', 'asc'), limit: 1 }],
  ['top 4 products by quantity', { ...topOf('sales', 'quantity', 'item'), limit: 4 }],
  ['bottom 2 regions by profit', { ...topOf('sales', 'profit', 'region', 'asc'), limit: 2 }],
  ['top 3 warehouses by stock value', { ...topOf('stock', 'value', 'warehouse'), limit: 3 }],
  ['which team spent the least', { ...topOf('expense', 'amount', 'department', 'asc'), limit: 1 }],
])('%s', async (text, query) => expect((await read(text))?.query).toEqual(query))

test.each([
  ['올해 외형', 'sales', ['amount']],
  ['대성기계 납품액', 'sales', ['amount']],
  ['거래선별 판매 물량', 'sales', ['quantity']],
  ['매출채권 잔고', 'receivable', ['balance']],
  ['매입채무 합은?', 'payable', ['balance']],
  ['그니까 불량수량 합', 'productionOrder', ['defectQuantity']],
  ['젤 마니 팔린 품목', 'sales', ['quantity']],
  ['sales order quantity this month', 'salesOrder', ['quantity']],
  ['purchase order amount by vendor', 'purchaseOrder', ['amount']],
  ['이번 달 따낸 수주', 'salesOrder', []],
  ['낼 납기인 수주', 'salesOrder', []],
  ['육각볼트엠10 남았나', 'stock', ['quantity']],
  ['do we have any C-330 left', 'stock', ['quantity']],
  ['물류팀 몇 사람이야', 'employee', ['count']],
  ['how many people in the purchasing team', 'employee', ['count']],
  ['MO-2026-00031 완료됐어?', 'productionOrder', []],
])('%s is about %s', async (text, entity, measures) => {
  expect(await read(text)).toMatchObject({ intent: 'query', query: { entity, measures } })
})

test('a question how one paper stands does not hide it', async () => {
  expect((await read('PO-2026-00012 입고 됐나'))?.query?.where).toEqual([['orderNo', 'eq', 'PO-2026-00012']])
})

test('of one person, a department or title is a fact to show', async () => {
  expect((await read('허윤재 무슨 팀이야'))?.query).toMatchObject({ select: ['department'] })
  expect((await read('허윤재 직급 알려줘'))?.query).toMatchObject({ select: ['title'] })
})

test.each([
  ['김과장 연차', 'employee', '김민수'],
  ['박 부장님 전화번호', 'name', '박지환'],
  ['남궁이사님 연차', 'employee', '남궁혁'],
])('%s: a family name and a title are enough where only one has both', async (text, field, name) => {
  expect((await read(text))?.query?.where).toEqual([[field, 'eq', name]])
})

test.each([
  ['백 대리님 전화번호', ['백승아']],
  ['이 차장 경비', ['이서연']],
])('%s: nobody of that name has the title, so it is asked who is meant', async (text, candidates) => {
  expect(await read(text)).toMatchObject({ intent: 'clarify', candidates })
})

test('where titles are not known, a family name and a title leave it open who is meant', async () => {
  const names = companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))).map(
    ({ facts: _, ...entry }) => entry,
  )
  const bare = createUnderstanding({ catalog, names: () => buildNameIndex(catalog, names) })
  const { understanding } = await bare({ text: '김과장 연차', today: '2026-11-23', state: {}, language: 'ko' })
  expect(understanding).toMatchObject({ intent: 'clarify', candidates: ['김민수', '김민서'] })
})

test.each([
  ['이익률로 바꿔줘', { measures: ['marginRate'], groupBy: ['region'] }],
  ['change it to quantity', { measures: ['quantity'], groupBy: ['region'] }],
  ['품목으로 바꿔줘', { measures: ['amount'], groupBy: ['item'] }],
  ['지난주로 바꿔줘', { measures: ['amount'], groupBy: ['region'], period: { from: '2026-11-16' } }],
])('%s exchanges what is shown', async (text, query) => {
  expect(await read('이번 달 지역별 매출', text)).toMatchObject({ intent: 'refine', query })
})

test.each(['상태를 취소로 바꿔줘', '담당자 김민수로 바꿔줘', '납기를 내일로 변경해줘'])(
  '%s changes the ERP',
  async (text) => {
    expect(await read('이번 달 발주', text)).toMatchObject({ intent: 'out_of_scope', reason: 'write' })
  },
)

test.each([
  ['나 지난달 수주 얼마나 했지', 'salesOrder', [['salesperson', 'eq', '@me']]],
  ['저 이번 달 발주 몇 건 넣었죠', 'purchaseOrder', [['buyer', 'eq', '@me']]],
  [
    '나 대성기계 매출 얼마 올렸지',
    'sales',
    [
      ['customer', 'eq', '대성기계'],
      ['salesperson', 'eq', '@me'],
    ],
  ],
  ['나 이번 달 매출 좀 알려줘', 'sales', undefined],
  ['저 지난달 매출 궁금해요', 'sales', undefined],
  ['나 올해 매출 볼래', 'sales', undefined],
  ['나 이번 주 매출 좀', 'sales', undefined],
  ['나 재고 얼마야', 'stock', undefined],
])('%s: in front 나 is who did it, unless a favour is asked', async (text, entity, where) => {
  const query = (await read(text))?.query
  expect(query?.entity).toBe(entity)
  expect(query?.where).toEqual(where)
})

test.each([
  ['미수금 중 30일 넘게 연체된 거', '그럼 미지급금은?', 'payable', [['overdueDays', 'gt', 30]]],
  ['취소된 수주 보여줘', '발주는?', 'purchaseOrder', [['status', 'eq', 'cancelled']]],
  ['1000만원 넘는 수주', '그럼 발주는?', 'purchaseOrder', [['amount', 'gt', 10_000_000]]],
  ['수주 4건 넘는 거래처', '그럼 매출은?', 'sales', [['count', 'gt', 4]]],
  ['안전재고 미만 재고', '그럼 발주는?', 'purchaseOrder', undefined],
])('%s, %s keeps the conditions that mean the same there', async (first, then, entity, where) => {
  const understanding = await read(first, then)
  expect(understanding).toMatchObject({ intent: 'refine', query: { entity } })
  expect(understanding?.query?.where).toEqual(where)
})

test.each([
  ['평택이랑 대전 두 창고 재고', 'warehouse', ['평택창고', '대전창고']],
  ['호남 부산경남 두 지역 매출', 'region', ['호남', '부산경남']],
])('%s: the number repeats how many were named', async (text, field, names) => {
  expect((await read(text))?.query?.where).toEqual([[field, 'in', names]])
})

test.each(['평택 대전 세 창고 재고', '두 창고 재고'])(
  '%s: a number that fits no list is not passed over',
  async (text) => {
    expect(await read(text)).toMatchObject({ intent: 'out_of_scope', reason: 'unknown' })
  },
)
