import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../cli/company-names.ts'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })
const read = async (text: string) =>
  (await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })).understanding

test.each([
  ['재고 -5개 이하인 품목', ['quantity', 'lte', -5]],
  ['이익이 마이너스 5만 이하인 거래처', ['profit', 'lte', -50_000]],
  ['예산 반 이상 쓴 부서', ['rate', 'gte', 50]],
  ['예산 4분의 3 이상 쓴 부서', ['rate', 'gte', 75]],
  ['재고가 이백이 넘는 품목', ['quantity', 'gt', 200]],
  ['재고 2000 이상 품목', ['quantity', 'gte', 2000]],
])('%s: the amount is what was said', async (text, condition) => {
  expect((await read(text)).query?.where).toEqual([condition])
})

test.each([
  ['지난달 5일 매출', '2026-10-05', '2026-10-05'],
  ['11월 3주차 매출', '2026-11-16', '2026-11-22'],
  ['월요일부터 금요일까지 매출', '2026-11-23', '2026-11-27'],
  ['9월, 10월, 11월 매출', '2026-09-01', '2026-11-30'],
])('%s is of those days', async (text, from, to) => {
  expect((await read(text)).query?.period).toMatchObject({ from, to })
})

test.each([
  '2월 30일 매출',
  '0000년 3월 매출',
  '이번 달 31일 매출',
  '며칠 전 매출',
  '내년 초 납기 수주',
  '영업일 기준 3일 전 매출',
  '이번 달부터 지난달까지 매출',
  '9월이랑 11월 매출',
  '한두 개 남은 재고',
])('%s is not answered with days or amounts that were not said', async (text) => {
  expect((await read(text)).intent).toBe('out_of_scope')
})
