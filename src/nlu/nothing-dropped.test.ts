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
  ['several times that are no stretch', '9월이랑 11월 매출'],
  ['several times that are no stretch', 'sales in September and November'],
  ['a sum of times that are no stretch', '7월 9월 매출 합계'],
  ['where I stand', '나는 몇 등이야'],
  ['where I stand', '내 매출 순위'],
  ['half a document number', 'SO--'],
  ['half a document number', 'SO-2026- 수주'],
  ['half a document number', 'SO-2026-0012A'],
  ['the first none', '상위 0개 거래처 매출'],
  ['fewer than none', '상위 -5개 거래처 매출'],
  ['the first none', 'top 0 customers'],
  ['a mark of ours', '@me 매출'],
  ['a mark of ours', 'sales where salesperson is @me'],
  ['what was not done', '안 팔린 품목'],
  ['what was not done', '안팔린 품목'],
  ['short of a budget', '예산 부족한 부서'],
  ['compared with a plan', '계획 대비 실적'],
])('%s: %s is not answered without it', async (_, text) => {
  expect(await read(text)).toMatchObject({ intent: 'out_of_scope', reason: 'unknown' })
})

test.each([
  ['취소된 수주', '그럼 생산은?'],
  ['출하된 수주', '발주는?'],
  ['이번 달 한빛상사 매출', '발주는?'],
])('%s, %s: what the new subject has no place for is not left out', async (first, then) => {
  expect(await read(first, then)).toMatchObject({ intent: 'out_of_scope', reason: 'unknown' })
})

test.each([
  ['9월 10월 11월 매출', { from: '2026-09-01', to: '2026-11-30' }],
  ['9월 10월 매출 합계', { from: '2026-09-01', to: '2026-10-31' }],
  ['10월, 9월 매출', { from: '2026-10-01', to: '2026-10-31' }],
])('%s: times that follow one another', async (text, period) => {
  expect((await read(text))?.query?.period).toMatchObject(period)
})

test.each([
  ['이서연이랑 내 매출 합계', [['salesperson', 'in', ['이서연', '@me']]]],
  ['나랑 김민수 매출', [['salesperson', 'in', ['김민수', '@me']]]],
  ['sales not from Seoul', [['region', 'ne', '서울']]],
  ['orders that are not cancelled', [['status', 'ne', 'cancelled']]],
  ["orders that aren't cancelled", [['status', 'ne', 'cancelled']]],
  ['non-Seoul sales', [['region', 'ne', '서울']]],
  ['sales besides Hanbit Electronics', [['customer', 'ne', '한빛전자']]],
  ['나 사원 몇 명이야', undefined],
])('%s', async (text, where) => {
  const understanding = await read(text)
  expect(understanding?.intent).toBe('query')
  expect(understanding?.query?.where).toEqual(where)
})

test.each([
  ['이번 달 매출', '이서연은?', '국내영업팀은?', [['department', 'eq', '국내영업팀']]],
  ['이번 달 매출', '한빛상사는?', '서울은?', [['region', 'eq', '서울']]],
  [
    '이번 달 매출',
    '국내영업팀은?',
    '이서연만',
    [
      ['department', 'eq', '국내영업팀'],
      ['salesperson', 'eq', '이서연'],
    ],
  ],
])('%s, %s, %s: a subject of its own replaces what it is a fact of', async (first, second, third, where) => {
  expect((await read(first, second, third))?.query?.where).toEqual(where)
})

// A letter above U+FFFF is two places of a text: what was read of it must not be looked for one place off.
test.each([
  '안 팔린 품목',
  '돈 제일 많이 안 준 거래처',
  '아직 못 받은 돈이 다 해서 얼마야',
  '구매품의서 승인 안 된 거 보여줘',
])('%s: the same after any signs', async (text) => {
  const [first, second] = [await read(`😀😀😀😀 ${text}`), await read(`⚠⚠⚠⚠⚠⚠⚠⚠ ${text}`)]
  expect([first?.intent, first?.query]).toEqual([second?.intent, second?.query])
})
