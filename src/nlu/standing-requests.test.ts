import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadCatalog } from '#catalog'
import { companyNames } from '../cli/company-names.ts'
import { buildNameIndex } from './names/name-index.ts'
import { createUnderstanding } from './understand.ts'

const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, companyNames(JSON.parse(readFileSync('demo/company.json', 'utf8'))))
const understand = createUnderstanding({ catalog, names: () => index })

async function read(text: string) {
  return (await understand({ text, today: '2026-11-23', state: {}, language: 'ko' })).understanding
}

describe('to be told of what appears', () => {
  test.each([
    ['새 결재 올라오면 알려줘', { entity: 'approval', measures: [] }],
    ['신규 주문 들어오면 알려줘', { entity: 'salesOrder', measures: [] }],
    ['let me know whenever a new customer is added', { entity: 'customer', measures: [] }],
    ['나한테 결재 올라오면 알려줘', { entity: 'approval', measures: [], where: [['approver', 'eq', '@me']] }],
    [
      '1억 넘는 발주 들어오면 알려줘',
      { entity: 'purchaseOrder', measures: [], where: [['amount', 'gt', 100_000_000]] },
    ],
  ])('%s', async (text, query) => {
    expect(await read(text)).toMatchObject({ intent: 'alert', onlyNew: true, query })
  })

  test('is by push and at set times where that is said', async () => {
    expect(await read('새 발주가 등록되면 푸시로 알려줘')).toMatchObject({ onlyNew: true, channel: 'push' })
  })

  test('is nothing that only stands at a value, and no number of them', async () => {
    const shortage = await read('부족한 재고 생기면 알려줘')
    expect(shortage).toMatchObject({ intent: 'alert', query: { entity: 'stock' } })
    expect(shortage.onlyNew).toBeUndefined()
    expect((await read('주문 100건 들어오면 알려줘')).onlyNew).toBeUndefined()
    expect((await read('새 결재 보여줘')).intent).toBe('out_of_scope')
  })
})

describe('which of those that there are', () => {
  const textsOf = async (text: string) => (await read(text)).manage?.about?.map((mention) => mention.text)

  test.each([
    ['재고 알림 꺼줘', { act: 'stop', kind: 'alert' }, ['재고']],
    ['A-100 재고 알림 잠깐 꺼줘', { act: 'pause', kind: 'alert' }, ['a100', '재고']],
    ['매출 보고서 수요일로 바꿔줘', { act: 'reschedule', kind: 'report', schedule: '? ? * * 3' }, ['매출']],
    ['제발 매출 메일 그만 보내줘', { act: 'stop' }, ['매출']],
    ['stop the stock alert', { act: 'stop', kind: 'alert' }, ['stock']],
    ['2번 재고 알림 꺼줘', { act: 'stop', kind: 'alert', which: 2 }, ['재고']],
  ])('%s', async (text, manage, about) => {
    expect(await read(text)).toMatchObject({ intent: 'manage', manage })
    expect(await textsOf(text)).toEqual(about)
  })

  test('a word that nobody knows is among what tells', async () => {
    const { manage } = await read('삼성 매출 보고서 취소해줘')
    expect(manage?.about?.[0]).toEqual({ text: '삼성', meanings: [] })
  })

  test.each([
    '그거 그만 보내',
    '알림 전부 삭제해줘',
    '더 이상 알려주지 마',
    '구독 당분간 멈춰줘',
    'cancel all my alerts',
  ])('nothing tells: %s', async (text) => {
    expect(await textsOf(text)).toBeUndefined()
  })
})
