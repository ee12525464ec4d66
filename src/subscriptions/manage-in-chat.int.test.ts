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
const add = (request: NewRequest) => addSubscription(open.deps, request, { actor: owner, ip })
const say = (request: ManageRequest) =>
  createStandingOrders(open.deps).manage(request, { actor: owner, ip, language: 'ko', question: '' })
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
