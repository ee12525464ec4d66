import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../cli/company-names.ts'
import { createExplainer } from './explain.ts'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })
const explain = createExplainer({ catalog, names: () => index })

async function explained(text: string) {
  const { understanding } = await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })
  return explain(text, '2026-11-23', understanding)
}

test('an answer shows its words, what each grammar read, slots with their places, and the entities’ scores', async () => {
  const { tokens, grammars, slots, entities, confidence } = await explained('지난주 서울 매출 상위 3개')
  expect(tokens.map(({ text }) => text)).toEqual(['지난주', '서울', '매출', '상위', '3개'])
  expect(grammars).toContainEqual({
    grammar: 'period',
    start: 0,
    end: 3,
    text: '지난주',
    reading: '2026-11-16…2026-11-22',
    isUsed: true,
  })
  expect(grammars).toContainEqual(expect.objectContaining({ grammar: 'rank', text: '상위 3개', isUsed: true }))
  expect(slots).toContainEqual(expect.objectContaining({ start: 4, end: 6, kind: 'value', reading: '서울' }))
  expect(entities[0]).toMatchObject({ entity: 'sales', unplaced: [] })
  expect(confidence.ask).toBeGreaterThan(0.5)
})

test.each([
  ['창고별 매출', 'sales is passed over: it has no place for “창고”'],
  ['발주 넣어줘', 'declined: it asks to change the ERP'],
  ['볼베어링 재고', 'asked back: “볼베어링 6204”, “볼베어링 6205” fit item equally well'],
  ['매출 '.repeat(400), 'declined: the text is longer than any question'],
  ['이번 달 메출', '“메출” is taken for a misspelt word (0.5 slips)'],
])('%s: says why', async (text, reason) => {
  expect((await explained(text)).because).toContain(reason)
})
