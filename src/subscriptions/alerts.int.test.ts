import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#auth'
import { openDemoErp } from '../erp/demo-erp-fixture.ts'
import { until } from '../notify/email/email-fixture.ts'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { changeSubscription, removeSubscription } from './change-subscription.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'
import { tellNotices } from './tell-notices.ts'

let office: Awaited<ReturnType<typeof openDemoErp>>
let erp: pg.Client
let open: OpenSubscriptions
let worker: { close(): Promise<void> }
const ip = '127.0.0.1'

const lowStock: NewRequest = {
  kind: 'alert',
  language: 'ko',
  question: 'A-100 재고 100개 밑으로 떨어지면 알려줘',
  query: {
    entity: 'stock',
    measures: ['quantity'],
    where: [
      ['item', 'eq', '볼베어링 6204'],
      ['quantity', 'lt', 100],
    ],
  },
}

beforeAll(async () => {
  office = await openDemoErp()
  const { url } = await office.serve()
  erp = new pg.Client({ connectionString: office.databaseUrl })
  await erp.connect()
  open = await openSubscriptions(office.connect([url]).erp.answerQuery)
  open.clock.now = new Date('2026-11-23T03:00:00Z')
  worker = await open.work()
})
afterAll(async () => {
  await worker?.close()
  await erp?.end()
  await open?.close()
  await office?.close()
})

/** What is in stock in all warehouses. */
async function setStock(total: number): Promise<void> {
  await erp.query(`update erp.stock set quantity = 0 where item_code = 'A-100'`)
  await erp.query(
    `update erp.stock set quantity = $1 where (item_code, warehouse_id) in
      (select item_code, warehouse_id from erp.stock where item_code = 'A-100' limit 1)`,
    [total],
  )
}

/** The ERP has told of a change; afterwards every alert about it has been judged. */
async function change(): Promise<void> {
  open.clock.now = new Date(open.clock.now.getTime() + 60_000)
  await open.store.markChanged(['stock'], open.clock.now)
  await judge()
}
async function judge(): Promise<void> {
  const alerts = (await open.store.list(owner.userId)).filter(({ state }) => state === 'active')
  const countOf = async (id: string) => (await open.store.readMemory(id)).judged
  const before = new Map(
    await Promise.all(alerts.map(async ({ subscription: id }): Promise<[string, number]> => [id, await countOf(id)])),
  )
  await open.publish()
  for (const [id, count] of before)
    await until(
      () => countOf(id),
      (judged) => judged > count,
    )
  await tellNotices(open.deps)
  // The worker may be at the same ones.
  await until(
    async () => {
      const { rows } = await sql`select 1 from subscription_notices where deliver_at <= ${open.clock.now}`.execute(
        open.deps.database.kysely,
      )
      return rows.length
    },
    (count) => count === 0,
  )
}
let owner: Actor
const subjects = async () =>
  (await open.readMails()).filter(({ to }) => to.includes(owner.email)).map(({ subject }) => subject)

test('an alert tells once a crossing, with the value of now, and again after it was clearly back', async () => {
  owner = await open.signIn('이서준', ['executive'], randomUUID())
  await setStock(150)
  const { subscription } = await addSubscription(open.deps, lowStock, { actor: owner, ip })
  await judge()
  expect(await subjects()).toEqual([])

  await setStock(80)
  await change()
  await change()
  const [mail, ...more] = (await open.readMails()).filter(({ to }) => to.includes(owner.email))
  expect(more).toEqual([])
  expect(mail?.subject).toContain('볼베어링 6204')
  expect(mail?.text).toContain('80개')
  expect(mail?.text).toContain('100개 미만')

  await setStock(101)
  await change()
  await setStock(70)
  await change()
  expect(await subjects()).toHaveLength(1)
  await setStock(110)
  await change()
  await setStock(60)
  await change()
  expect(await subjects()).toHaveLength(2)
  await removeSubscription(open.deps, { subscription, actor: owner, ip })
})

test('quiet hours keep what happens in them back, and then tell it in one message', async () => {
  owner = await open.signIn('이서준', ['executive'], randomUUID())
  await setStock(150)
  const quietHours = { from: '22:00', to: '07:00' }
  const first = await addSubscription(open.deps, { ...lowStock, quietHours }, { actor: owner, ip })
  const where: NonNullable<NewRequest['query']['where']> = [
    ['item', 'eq', '볼베어링 6204'],
    ['quantity', 'lt', 50],
  ]
  const query = { ...lowStock.query, where }
  await addSubscription(open.deps, { ...lowStock, query, quietHours }, { actor: owner, ip })
  await judge()
  // 23:00 in Seoul.
  open.clock.now = new Date('2026-11-24T14:00:00Z')
  await setStock(40)
  await change()
  expect(await subjects()).toEqual([])
  open.clock.now = new Date('2026-11-24T22:00:30Z')
  await tellNotices(open.deps)
  expect(await subjects()).toEqual([expect.stringContaining('외 1건')])
  await tellNotices(open.deps)
  expect(await subjects()).toHaveLength(1)
  await removeSubscription(open.deps, { subscription: first.subscription, actor: owner, ip })
})

test('an alert that is paused is not judged, and one that goes on looks at what is so now', async () => {
  owner = await open.signIn('이서준', ['executive'], randomUUID())
  await setStock(150)
  const { subscription } = await addSubscription(open.deps, lowStock, { actor: owner, ip })
  await judge()
  const place = { subscription, actor: owner, ip }
  await changeSubscription(open.deps, place, { state: 'paused' })
  await setStock(10)
  await open.store.markChanged(['stock'], open.clock.now)
  await open.publish()
  await tellNotices(open.deps)
  expect(await subjects()).toEqual([])
  open.clock.now = new Date(open.clock.now.getTime() + 60_000)
  await changeSubscription(open.deps, place, { state: 'active', channel: 'push' })
  await judge()
  expect(await subjects()).toEqual([])
  expect(open.pushed.filter(({ userId }) => userId === owner.userId)).toMatchObject([
    { title: expect.stringContaining('볼베어링 6204'), text: expect.stringContaining('10개') },
  ])
})

test('what an ERP record is called stays text in every part of a mail', async () => {
  owner = await open.signIn('이서준', ['executive'], randomUUID())
  const nasty = `=HYPERLINK("http://x")<img src=x onerror=alert(1)>{{= it.link }}\r\nBcc: a@b.example`
  await erp.query(
    `update erp.customers set name = $1 where customer_id = (select customer_id from erp.customers order by 1 limit 1)`,
    [nasty],
  )
  const query: NewRequest['query'] = { entity: 'customer', measures: [], where: [['name', 'contains', 'HYPERLINK']] }
  await addSubscription(
    open.deps,
    { ...lowStock, query, question: nasty.replaceAll('\r\n', ' ') },
    { actor: owner, ip },
  )
  await judge()
  const [mail] = (await open.readMails()).filter(({ to }) => to.includes(owner.email))
  expect(mail?.html).not.toContain('<img src=x')
  expect(mail?.html).toContain('&lt;img src=x')
  expect(mail?.text).toContain('{{= it.link }}')
  expect(mail?.subject).not.toMatch(/[\r\n]/)
  expect(mail?.to).toEqual([owner.email])
})
