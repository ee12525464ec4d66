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

/** The reading of the last of several turns, written with | between them. */
async function read(text: string) {
  let state: DialogueState = {}
  let understanding: Awaited<ReturnType<typeof understand>>['understanding'] | undefined
  for (const turn of text.split(' | ')) {
    const reply = await understand({ text: turn, today: '2026-11-23', state, language: 'ko' })
    state = reply.state
    understanding = reply.understanding
  }
  return understanding
}

const open = [['status', 'eq', 'open']]
const late = [
  ['dueDate', 'lt', '@today'],
  ['status', 'eq', 'open'],
]
test.each([
  ['이번 달 얼마나 벌었어', 'sales', ['amount'], undefined],
  ['김민수가 이번 달 판 금액', 'sales', ['amount'], [['salesperson', 'eq', '김민수']]],
  ['지난달에 얼마나 샀어', 'purchaseOrder', ['amount'], undefined],
  ['성원베어링에서 산 거', 'purchaseOrder', [], [['vendor', 'eq', '성원베어링']]],
  ['이번 달 얼마 썼어', 'expense', ['amount'], undefined],
  ['지난달 쓴 돈', 'expense', ['amount'], undefined],
  ['이번 달 얼마나 만들었어', 'productionOrder', ['producedQuantity'], undefined],
  ['우리팀 실적 좀', 'sales', ['amount'], [['department', 'eq', '@myDepartment']]],
  ['구매 실적', 'purchaseOrder', ['amount'], undefined],
  ['아직 안 온 발주', 'purchaseOrder', [], open],
  ['안 들어온 자재', 'purchaseOrder', [], open],
  ['출고 안 된 주문 목록', 'salesOrder', [], open],
  ['안 나간 물량', 'salesOrder', ['quantity'], open],
  ['입고 지연', 'purchaseOrder', [], late],
  ['late purchase orders', 'purchaseOrder', [], late],
  ['재고 바닥난 거', 'stock', [], [['quantity', 'eq', 0]]],
  ['out of stock items', 'stock', [], [['quantity', 'eq', 0]]],
  ['재고 없는 품목', 'stock', [], [['quantity', 'eq', 0]]],
  ['모자란 자재 뭐 있어', 'stock', [], [['quantity', 'lt', 'safetyStock']]],
  ['low stock items', 'stock', [], [['quantity', 'lt', 'safetyStock']]],
  ['적자 품목', 'sales', ['profit'], [['profit', 'lt', 0]]],
  ['6204 판매량', 'sales', ['quantity'], [['item', 'eq', '볼베어링 6204']]],
  ['서보모터 400와트 재고', 'stock', ['quantity'], [['item', 'eq', '서보모터 400W']]],
  ['빚 얼마', 'payable', ['balance'], undefined],
  ['미회수 채권', 'receivable', ['balance'], undefined],
  ['재고 총액', 'stock', ['value'], undefined],
  ['작년 연차 사용일수', 'leave', ['used'], [['year', 'eq', 2025]]],
  ['품질관리팀 누구누구 있어', 'employee', [], [['department', 'eq', '품질관리팀']]],
  ['A-100이 뭐야', 'item', [], [['name', 'eq', '볼베어링 6204']]],
  ['미출하 수주 | 금액 큰 순으로', 'salesOrder', [], open],
  ['이번 달 매출 | 서울만 | 부산경남도 추가', 'sales', ['amount'], [['region', 'in', ['서울', '부산경남']]]],
  ['이번 달 거래처별 매출 | 이익도 같이', 'sales', ['amount', 'profit'], undefined],
])('%s', async (text, entity, measures, where) => {
  const { query } = (await read(text)) ?? {}
  expect(query).toMatchObject({ entity, measures })
  expect(query?.where).toEqual(where)
})

test.each([
  ['이번 주에 나가야 할 주문', 'salesOrder'],
  ['이번 주 들어올 물건', 'purchaseOrder'],
  ['이번 주 지급할 거', 'payable'],
  ['이번 주 수금 예정액', 'receivable'],
])('%s is about the day it is due', async (text, entity) => {
  expect((await read(text))?.query).toMatchObject({ entity, period: { field: 'dueDate', from: '2026-11-23' } })
})

test.each([
  ['잘나가는 품목 3개', 'item', 'quantity', 'desc', 3],
  ['요즘 뭐가 제일 잘 팔려', 'item', 'quantity', 'desc', 1],
  ['주문량 많은 품목', 'item', 'quantity', 'desc', undefined],
  ['경비 많이 쓴 부서', 'department', 'amount', 'desc', undefined],
  ['연차 제일 안 쓴 사람', 'employee', 'used', 'asc', 1],
  ['매출 제일 안 나오는 지역', 'region', 'amount', 'asc', 1],
])('%s', async (text, group, by, direction, limit) => {
  const { query } = (await read(text)) ?? {}
  expect(query).toMatchObject({ groupBy: [group], orderBy: [[by, direction]] })
  expect(query?.limit).toBe(limit)
})

test.each([
  ['연체 제일 오래된 거래처', [['overdueDays', 'desc']]],
  ['수주 금액 큰 순', [['amount', 'desc']]],
  ['최근 입사한 사람', [['hireDate', 'desc']]],
])('%s: records in order', async (text, orderBy) => {
  expect((await read(text))?.query).toMatchObject({ measures: [], orderBy })
})

test.each([
  '밀린 돈',
  '1인당 매출',
  '만기 도래 채권',
  '매출 0원인 거래처',
  '반품 건수',
  '담당자별 재고',
  '이번 달 소주 현황',
  '매출 순위',
  'purchases from Taesan Steel',
])('%s is not guessed at', async (text) => {
  expect((await read(text))?.intent).toBe('out_of_scope')
})

test.each([
  ['3분기 매출 전분기 대비', '2026-07-01', 'previousPeriod'],
  ['지난주 매출 그 전주보다 늘었어', '2026-11-16', 'previousPeriod'],
])('%s: what came before is before the time asked about', async (text, from, compareTo) => {
  expect((await read(text))?.query).toMatchObject({ period: { from }, compareTo })
})
