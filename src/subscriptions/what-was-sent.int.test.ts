import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditEntry } from '#audit'
import type { Actor } from '#auth'
import type { QueryAnswer } from '#erp'
import { wrapMessage } from '#platform/envelope'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { doDue } from './follow-due.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'
import { tellNotices } from './tell-notices.ts'

let open: OpenSubscriptions
let owner: Actor
let acts: AuditEntry[]
let deps: SubscriptionDeps
let stock: string
const ip = '127.0.0.1'

const answer = (): QueryAnswer => ({
  ...{ columns: [{ name: 'quantity', role: 'measure', type: 'quantity' }], rows: [{ quantity: stock }] },
  ...{ totals: { quantity: stock }, source: 'live', asOf: '2026-11-23T00:00:00.000Z' },
  completeness: { kind: 'complete' },
  timing: { planMs: 0, erpMs: 0, workMs: 0, calls: 1 },
})

beforeAll(async () => {
  open = await openSubscriptions(async () => answer())
})
afterAll(() => open?.close())
beforeEach(async () => {
  owner = await open.signIn('윤혜림', ['executive'])
  acts = []
  stock = '80'
  deps = { ...open.deps, audit: { recordWith: async (_, entry) => void acts.push(entry) } }
})

const report: NewRequest = {
  ...{ kind: 'report', language: 'ko', cron: '0 9 * * 1', question: '매주 재고' },
  query: { entity: 'stock', measures: ['quantity'] },
}
const alert: NewRequest = {
  ...{ kind: 'alert', language: 'ko', question: '재고 100개 밑으로 떨어지면 알려줘' },
  query: { entity: 'stock', measures: ['quantity'], where: [['quantity', 'lt', 100]] },
}
const add = (request: NewRequest) => addSubscription(open.deps, request, { actor: owner, ip })
const actions = () => acts.map(({ action }) => action)
const stateOf = async (id: string) => await open.store.read(id)
const mails = async () => (await open.readMails()).filter(({ to }) => to.includes(owner.email))

/** Does it as the queue would; `isRepeated`: the message has been consumed before. */
const deliver = (id: string, { using = deps, isRepeated = false } = {}) => {
  const at = open.clock.now.toISOString()
  return doDue(using, {
    message: wrapMessage({ subscription: id, dueAt: at, at }, { destination: 'subscriptions.due' }),
    ...{ deliveryCount: 1, isLast: false, signal: AbortSignal.timeout(10_000) },
    runOnce: async (work) => {
      if (!isRepeated) await open.deps.database.kysely.transaction().execute(work)
      return !isRepeated
    },
  })
}
/** While the ERP is asked, the owner pauses it. */
const pausing = (id: string): SubscriptionDeps => ({
  ...deps,
  answerQuery: async () => {
    await changeSubscription(open.deps, { subscription: id, actor: owner, ip }, { state: 'paused' })
    return answer()
  },
})

describe('what is on record as sent was sent', () => {
  test('a report, once, with the mail', async () => {
    const { subscription } = await add(report)
    await deliver(subscription)
    await deliver(subscription, { isRepeated: true })
    expect(actions()).toEqual(['subscription.send'])
    expect(await mails()).toHaveLength(1)
  })

  test('no report that was paused while it was looked up', async () => {
    const { subscription } = await add(report)
    await deliver(subscription, { using: pausing(subscription) })
    expect(actions()).toEqual([])
    expect(await mails()).toEqual([])
  })

  test('no report whose mail could not be requested', async () => {
    const { subscription } = await add(report)
    const mail = async () => {
      throw new Error('no')
    }
    await expect(deliver(subscription, { using: { ...deps, outbox: { ...deps.outbox, mail } } })).rejects.toThrow('no')
    expect(actions()).toEqual([])
  })

  test('an alert, crossed and told', async () => {
    const { subscription } = await add(alert)
    await deliver(subscription)
    await deliver(subscription)
    expect(actions()).toEqual(['alert.crossed', 'alert.send'])
    expect(await stateOf(subscription)).toMatchObject({ lastOutcome: 'judged' })
    expect(await mails()).toHaveLength(1)
  })

  test('no alert that was paused while it was judged', async () => {
    const { subscription } = await add(alert)
    await deliver(subscription, { using: pausing(subscription) })
    expect(actions()).toEqual([])
    expect(await mails()).toEqual([])
  })

  test('no alert whose owner nobody can reach: the list says that it failed, and why', async () => {
    const { subscription } = await add(alert)
    await deliver(subscription, { using: { ...deps, outbox: { mail: undefined, push: undefined } } })
    expect(actions()).toEqual(['alert.crossed'])
    expect(await stateOf(subscription)).toMatchObject({ lastOutcome: 'failed', lastCode: 'SUBSCRIPTION_CHANNEL_OFF' })
  })
})

describe('what quiet hours keep back', () => {
  const quiet = { ...alert, quietHours: { from: '08:00', to: '20:00' } }
  const ends = new Date('2026-11-23T11:00:30Z')

  /** An alert that has crossed at noon in Seoul. */
  async function crossQuietly() {
    open.clock.now = new Date('2026-11-23T03:00:00Z')
    const { subscription } = await add(quiet)
    await deliver(subscription)
    expect(await mails()).toEqual([])
    open.clock.now = ends
    return subscription
  }

  test('is not told when it has been paused since; going on, it tells what is so', async () => {
    const subscription = await crossQuietly()
    const place = { subscription, actor: owner, ip }
    await changeSubscription(open.deps, place, { state: 'paused' })
    await tellNotices(deps)
    expect(await mails()).toEqual([])
    await changeSubscription(open.deps, place, { state: 'active', quietHours: null })
    await deliver(subscription)
    expect(await mails()).toHaveLength(1)
  })

  test('is not told to an owner whose roles no longer show it: it is paused', async () => {
    const subscription = await crossQuietly()
    const hidden: SubscriptionDeps = {
      ...deps,
      permitRead: () => ({ kind: 'refused', reason: 'entity', ask: '윤혜림' }) as never,
    }
    await tellNotices(hidden)
    expect(await stateOf(subscription)).toMatchObject({ state: 'paused', reason: 'not-allowed' })
    expect((await mails()).map(({ subject }) => subject)).toEqual([expect.stringContaining('멈췄어요')])
    expect(actions()).toEqual(['alert.crossed'])
  })
})

describe('several workers at one person’s notices', () => {
  const notice = { title: '재고', text: '재고 80개', limit: '조건: 100개 미만', at: '' }

  test('take each once, and none waits for another for ever', async () => {
    const { subscription } = await add(alert)
    for (let round = 0; round < 15; round += 1) {
      const at = open.clock.now
      const each = { subscription, owner: owner.userId, content: notice, deliverAt: at, at }
      await open.store.addNotices(
        Array.from({ length: 12 }, () => each),
        open.deps.database.kysely,
      )
      const taken = await Promise.all(
        Array.from({ length: 4 }, () =>
          open.deps.database.kysely
            .transaction()
            .execute((transaction) => open.store.takeNotices(open.clock.now, transaction)),
        ),
      )
      const ids = taken.flat().map(({ notice: id }) => id)
      expect(new Set(ids).size).toBe(12)
      expect(ids).toHaveLength(12)
      expect(taken.filter(({ length }) => length > 0)).toHaveLength(1)
    }
  })

  test('do not wait for ever for an owner who deletes an alert, either', async () => {
    for (let round = 0; round < 15; round += 1) {
      const { subscription } = await add({ ...alert, question: randomUUID() })
      const at = open.clock.now
      const each = { subscription, owner: owner.userId, content: notice, deliverAt: at, at }
      await open.store.addNotices(
        Array.from({ length: 12 }, () => each),
        open.deps.database.kysely,
      )
      await Promise.all([
        tellNotices(deps),
        removeSubscription({ ...open.deps, audit: deps.audit }, { subscription, actor: owner, ip }),
      ])
    }
  })
})
