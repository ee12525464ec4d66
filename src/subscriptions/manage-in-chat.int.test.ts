import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '#auth'
import type { BusinessQuery } from '#catalog'
import type { ManageRequest } from '#nlu'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { createStandingOrders } from './order-in-chat.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'

let open: OpenSubscriptions
let owner: Actor
const ip = '127.0.0.1'

beforeAll(async () => {
  open = await openSubscriptions(async () => {
    throw new Error('nothing is looked up here')
  })
})
afterAll(() => open?.close())
beforeEach(async () => {
  owner = await open.signIn('윤혜림', ['executive'])
})

const sales: BusinessQuery = { entity: 'sales', measures: ['amount'] }
const report = (query: BusinessQuery, cron = '0 9 * * 1'): NewRequest => {
  return { kind: 'report', query, question: '보내줘', language: 'ko', cron }
}
async function add(request: NewRequest) {
  // The list is in the order in which they were made.
  open.clock.now = new Date(open.clock.now.getTime() + 1_000)
  return await addSubscription(open.deps, request, { actor: owner, ip })
}
const say = (request: ManageRequest, question = '그거 바꿔줘') =>
  createStandingOrders(open.deps).manage(request, { actor: owner, ip, language: 'ko', question })
const own = () => open.store.list(owner.userId)

describe('what was done is said as it is afterwards', () => {
  test('with the time that was asked for, not the one before', async () => {
    await add(report(sales))
    const { text } = await say({ act: 'reschedule', kind: 'report', schedule: '30 17 * * 5' })
    expect(text).toContain('매주 금요일 17:30 · ')
    expect(text).not.toContain('월요일')
    expect(await own()).toMatchObject([{ cron: '30 17 * * 5' }])
  })

  test('resumed, it is not called paused', async () => {
    await add(report(sales))
    await say({ act: 'pause', kind: 'report' })
    expect((await say({ act: 'list', kind: 'report' })).text).toContain('(멈춤)')
    const { text } = await say({ act: 'resume', kind: 'report' })
    expect(text).toContain('다시 보내 드릴게요')
    expect(text).not.toContain('멈춤')
  })

  test('a list says why the service stopped something', async () => {
    const { subscription } = await add(report(sales))
    const stopped = { state: 'paused' as const, reason: 'owner-disabled' as const, at: open.clock.now }
    await open.store.change({ owner: owner.userId, subscription }, stopped, open.deps.database.kysely)
    expect((await say({ act: 'list' })).text).toContain('계정 사용 중지')
  })
})

test('what the owner may not see any more cannot be resumed', async () => {
  await add(report(sales))
  await say({ act: 'pause', kind: 'report' })
  owner = { ...owner, roles: ['employee'] }
  expect(await say({ act: 'resume', kind: 'report' })).toMatchObject({
    isDone: false,
    text: expect.stringContaining('권한이 없어'),
  })
  expect(await own()).toMatchObject([{ state: 'paused' }])
})

describe('which is meant', () => {
  const stockOf = (item: string): NewRequest => ({
    ...{ kind: 'alert', question: '알려줘', language: 'ko' },
    query: {
      entity: 'stock',
      measures: ['quantity'],
      where: [
        ['item', 'eq', item],
        ['quantity', 'lt', 100],
      ],
    },
  })
  const stock = { text: '재고', meanings: [{ entity: 'stock' }, { entity: 'stock', field: 'quantity' }] }
  const bearing = { text: 'a100', meanings: [{ value: '볼베어링 6204' }] }
  const unpaid = { text: '미수금', meanings: [{ entity: 'receivable' }] }
  const titles = async () => (await own()).map(({ query }) => `${query.entity} ${query.where?.[0]?.[2] ?? ''}`.trim())

  test('is told by its subject, though there are others', async () => {
    await add(stockOf('볼베어링 6204'))
    await add(report(sales))
    await add(report({ entity: 'stock', measures: ['quantity'] }))
    expect(await say({ act: 'stop', kind: 'alert', about: [stock] })).toMatchObject({ isDone: true })
    expect(await titles()).toEqual(['sales', 'stock'])
  })

  test('is asked when several fit, and each can be picked with the same words', async () => {
    await add(report(sales))
    await add(stockOf('볼베어링 6204'))
    await add(stockOf('육각볼트 M8'))
    const asked = await say({ act: 'stop', kind: 'alert', about: [stock] }, '재고 알림 꺼줘')
    expect(asked).toMatchObject({ isDone: false, text: '2개 가운데 어느 것인가요?' })
    expect(asked.prompts.map(({ text }) => text)).toEqual(['2번 재고 알림 꺼줘', '3번 재고 알림 꺼줘'])
    expect(await own()).toHaveLength(3)
    await say({ act: 'stop', kind: 'alert', about: [bearing, stock] })
    expect(await titles()).toEqual(['sales', 'stock 육각볼트 M8'])
    await say({ act: 'stop', which: 2, about: [stock] })
    expect(await titles()).toEqual(['sales'])
  })

  test('is asked when none fits: nothing is done to another', async () => {
    await add(stockOf('볼베어링 6204'))
    const strange = { text: 'z999', meanings: [] }
    for (const about of [[unpaid], [strange, stock], [{ text: '육각볼트', meanings: [{ value: '육각볼트 M8' }] }]]) {
      const asked = await say({ act: 'stop', kind: 'alert', about })
      expect(asked).toMatchObject({ isDone: false, text: expect.stringContaining('꼭 맞는 것은 없어요') })
    }
    expect(await own()).toHaveLength(1)
    expect((await say({ act: 'list', kind: 'alert', about: [unpaid] })).text).toContain('**1개**')
  })

  test('is all that fit when all are named', async () => {
    await add(report(sales))
    await add(stockOf('볼베어링 6204'))
    await add(stockOf('육각볼트 M8'))
    expect((await say({ act: 'list', about: [stock] })).text).toContain('**2개**')
    expect((await say({ act: 'pause', which: 'all', about: [stock] })).text).toContain('**2개**')
    expect((await own()).map(({ state }) => state)).toEqual(['active', 'paused', 'paused'])
  })

  test('is given a new day and keeps its time, or a new time and keeps its days', async () => {
    await add(report(sales, '30 8 * * 1'))
    const about = [{ text: '매출', meanings: [{ entity: 'sales' }] }]
    const moved = await say({ act: 'reschedule', kind: 'report', about, schedule: '? ? * * 3' })
    expect(moved.text).toContain('매주 수요일 08:30')
    await say({ act: 'reschedule', kind: 'report', about, schedule: '0 17 ? ? ?' })
    expect(await own()).toMatchObject([{ cron: '0 17 * * 3' }])
  })
})
