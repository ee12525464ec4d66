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
  ['which line had the worst defect rate last month', 'defectRate', 'desc'],
  ['지난달 불량률 제일 안 좋은 라인', 'defectRate', 'desc'],
  ['지난달 불량률 제일 낮은 라인', 'defectRate', 'asc'],
  ['worst quarter by profit last year', 'profit', 'asc'],
])('%s: what is bad of a measure is for the catalog to say', async (text, measure, direction) => {
  expect((await read(text))?.query?.orderBy).toEqual([[measure, direction]])
})

test('a plural is none of the names that end like one', async () => {
  expect(await read('how many aluminum housings are in stock')).toMatchObject({
    intent: 'clarify',
    candidates: ['알루미늄 하우징 S', '알루미늄 하우징 L'],
  })
})

test.each([
  ['Leave used by Kim Minsu', [['employee', 'eq', '김민수']]],
  ['취소된 거 빼고 올해 수주 금액 합계', [['status', 'ne', 'cancelled']]],
  ['보름 넘게 연체된 미수금 몇 건', [['overdueDays', 'gt', 15]]],
  ['예산 잔액이 마이너스인 부서', [['remaining', 'lt', 0]]],
  ['미지급 청구서 BL-2026-00419 보여줘', [['billNo', 'eq', 'BL-2026-00419']]],
])('%s narrows what is asked', async (text, where) => {
  expect((await read(text))?.query?.where).toEqual(where)
})

test.each([
  ['매주 금요일 5시에 미수금 현황 보내줘', '0 17 * * 5'],
  ['email overdue receivables by customer on the 1st of every month at 8:30 am', '30 8 1 * *'],
  ['매월 1일 전월 매출 메일로 보내줘', '0 9 1 * *'],
])('%s is sent on schedule', async (text, schedule) => {
  expect(await read(text)).toMatchObject({ intent: 'subscribe', schedule })
})

test('a number of things tests what is counted in them', async () => {
  expect((await read('천 개 이상 팔린 품목 뭐가 있나 10월에'))?.query).toMatchObject({
    measures: ['quantity'],
    where: [['quantity', 'gte', 1000]],
  })
})
