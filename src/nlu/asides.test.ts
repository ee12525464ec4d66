import { expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, [
  { domain: 'customer', name: '한빛상사' },
  { domain: 'title', name: '부장' },
])
const understand = createUnderstanding({ catalog, names: () => index })
const read = async (text: string) =>
  (await understand({ text, today: '2026-11-23', language: 'ko', state: {} })).understanding

test.each([
  '수고 많으십니다. 이번 달 매출 얼마인가요?',
  '신입이라 서툴러서 그런데요 이번 달 매출 얼마예요',
  '발표 자료 만들다가 막혀서 여쭤볼게요 이번 달 매출 얼마예요',
  '부장님께서 찾으셔서 그런데 이번 달 매출 얼마예요',
  '이번 달 매출 합계요, 자금 맞춰놔야 해서',
  '이번 달 매출 합계 함수 돌리기 귀찮아서',
  'boss is asking sales this month, how much is it',
])('%s: what is said beside the question is left out', async (text) => {
  const period = { from: '2026-11-01', to: '2026-11-30' }
  expect((await read(text)).query).toMatchObject({ entity: 'sales', measures: ['amount'], period })
})

test('places in the text stay', async () => {
  const text = '수고 많으십니다. 한빛상사 매출 얼마인가요?'
  const { spans } = await read(text)
  expect(spans.map(({ start, end }) => text.slice(start, end))).toContain('한빛상사')
})

test.each([
  ['a word in the question itself', '수고 많으십니다. 이번 달 새한물산 매출'],
  ['a name before it', '새한물산인데 이번 달 매출 얼마야'],
  ['what narrows it, after it', '이번 달 매출 얼마야, 온라인몰에서'],
  ['what narrows it, as an afterthought', '재고 보여줘, 유통기한 지난 거'],
  ['what changes the number', '부가세 포함해서 이번 달 매출 얼마야'],
  ['a guess that is asked for', '이번 달 매출 (예상치)'],
  ['a second question', '이번 달 매출 좀. 그리고 날씨도'],
  ['small talk before a time', '수고하셨네요 오늘도'],
])('%s is not left out', async (_, text) => {
  expect((await read(text)).query).toBeUndefined()
})
