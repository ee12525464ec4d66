import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../../cli/company-names.ts'
import { buildNameIndex } from '../names/name-index.ts'
import { createUnderstanding } from '../understand.ts'
import type { DialogueState } from '../understanding.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })

async function read(text: string, state: DialogueState = {}) {
  const { understanding } = await understand({ text, today: '2026-11-23', state, language: 'ko' })
  const { intent, reason, field, candidates, query } = understanding
  expect([intent, query]).toEqual(['out_of_scope', undefined])
  return [reason, field, candidates?.[0]]
}

test.each([
  ['새한물산 이번 달 매출 얼마야', 'customer', '새한물산'],
  ['금강정밀한테 줄 돈 얼마 남았어', 'vendor', '금강정밀'],
  ['윤태호가 이번 달 올린 경비', 'employee', '윤태호'],
  ['서지안 씨 연차 며칠 남았어', 'employee', '서지안'],
  ['광주창고 재고 알려줘', 'warehouse', '광주창고'],
  ['홍보팀 예산 얼마 남았어', 'department', '홍보팀'],
  ['6라인 불량률', 'line', '6라인'],
  ['K-777 재고 몇 개 남았어', 'item', 'K-777'],
  ['Vandelay Industries sales this year', 'customer', 'Vandelay Industries'],
])('%s: the %s is not known', async (text, domain, name) => {
  expect(await read(text)).toEqual(['unknown_name', domain, name])
})

test('a follow-up may name someone nobody knows', async () => {
  const lastQuery = { entity: 'sales', measures: ['amount'] }
  expect(await read('그럼 새한물산은?', { lastQuery })).toEqual(['unknown_name', 'customer', '새한물산'])
})

test.each(['매출 세무조사', '재고 날씨', '연차 파이팅', '새한물산', '새한물산 점심 메뉴'])(
  '%s is about nothing that we know with a name left out',
  async (text) => {
    expect((await read(text))[0]).toBe('unknown')
  },
)
