import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, [{ domain: 'customer', name: '한빛상사' }])
const understand = createUnderstanding({ catalog, names: () => index })
const read = async (text: string) =>
  (await understand({ text, today: '2026-11-23', language: 'ko', state: {} })).understanding

const sales = { entity: 'sales', measures: ['amount'] }

test.each([
  '수고 많으십니다. 이번 달 매출 얼마인가요?',
  '신입이라 서툴러서 그런데요 이번 달 매출 얼마예요',
  '발표 자료 만들다가 막혀서 여쭤볼게요 이번 달 매출 얼마예요',
])('%s: what leads up to the question is left out', async (text) => {
  expect((await read(text)).query).toMatchObject({ ...sales, period: { from: '2026-11-01', to: '2026-11-30' } })
})

test('places in the text stay', async () => {
  const text = '수고 많으십니다. 한빛상사 매출 얼마인가요?'
  const { spans } = await read(text)
  expect(spans.map(({ start, end }) => text.slice(start, end))).toContain('한빛상사')
})

test.each([
  ['a word in the question itself', '수고 많으십니다. 이번 달 새한물산 매출'],
  ['a name before it', '새한물산인데 이번 달 매출 얼마야'],
  ['small talk before a time', '수고하셨네요 오늘도'],
])('%s is not left out', async (_, text) => {
  expect((await read(text)).query).toBeUndefined()
})
