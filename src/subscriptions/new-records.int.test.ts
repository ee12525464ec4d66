import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#auth'
import { wrapMessage } from '#platform/envelope'
import { openDemoErp } from '../erp/demo-erp-fixture.ts'
import { addSubscription, type NewRequest } from './add-subscription.ts'
import { changeSubscription } from './change-subscription.ts'
import { doDue } from './follow-due.ts'
import { type OpenSubscriptions, openSubscriptions } from './subscriptions-fixture.ts'

let office: Awaited<ReturnType<typeof openDemoErp>>
let erp: pg.Client
let open: OpenSubscriptions
const ip = '127.0.0.1'

const newApprovals: NewRequest = {
  ...{ kind: 'alert', language: 'ko', question: '새 결재 올라오면 알려줘', onlyNew: true },
  query: { entity: 'approval', measures: [] },
}

beforeAll(async () => {
  office = await openDemoErp()
  const { url } = await office.serve()
  erp = new pg.Client({ connectionString: office.databaseUrl })
  await erp.connect()
  open = await openSubscriptions(office.connect([url]).erp.answerQuery)
  open.clock.now = new Date('2026-11-23T03:00:00Z')
})
afterAll(async () => {
  await erp?.end()
  await open?.close()
  await office?.close()
})

/** A document of somebody else, for `approver` to decide on. Answers its number. */
async function raise(docNo: string, approver: string): Promise<string> {
  await erp.query(
    `insert into erp.approval_documents (doc_no, document_date, doc_type, title, requester_no, approver_no, status)
     select $1, '2026-11-23', doc_type, $1, (select min(employee_no) from erp.employees where name not in ($2, '김민수')),
       (select min(employee_no) from erp.employees where name = $2), 'pending'
     from erp.approval_documents limit 1`,
    [docNo, approver],
  )
  return docNo
}

async function judge(subscription: string): Promise<void> {
  open.clock.now = new Date(open.clock.now.getTime() + 60_000)
  const at = open.clock.now.toISOString()
  await doDue(open.deps, {
    message: wrapMessage({ subscription, dueAt: at, at }, { destination: 'subscriptions.due' }),
    ...{ deliveryCount: 1, isLast: false, signal: AbortSignal.timeout(10_000) },
    runOnce: async (work) => {
      await open.deps.database.kysely.transaction().execute(work)
      return true
    },
  })
}
const textsTo = async (owner: Actor) =>
  (await open.readMails())
    .filter(({ to }) => to.includes(owner.email))
    .map(({ subject, text }) => `${subject}\n${text}`)

test('an alert on new records tells each once, and none that was there before', async () => {
  const owner = await open.signIn('윤혜림', ['executive'], randomUUID())
  const { subscription } = await addSubscription(open.deps, newApprovals, { actor: owner, ip })
  await judge(subscription)
  expect(await textsTo(owner)).toEqual([])

  await raise('AP-2026-9001', '주상현')
  await judge(subscription)
  await judge(subscription)
  const [told, ...more] = await textsTo(owner)
  expect(more).toEqual([])
  expect(told).toContain('새 결재')
  expect(told).toContain('AP-2026-9001')

  await erp.query(`update erp.approval_documents set title = 'changed' where doc_no = 'AP-2026-9001'`)
  await judge(subscription)
  expect(await textsTo(owner)).toHaveLength(1)
  await raise('AP-2026-9002', '주상현')
  await raise('AP-2026-9003', '주상현')
  await judge(subscription)
  const last = (await textsTo(owner)).at(-1)
  for (const docNo of ['AP-2026-9002', 'AP-2026-9003']) expect(last).toContain(docNo)
  expect(last).not.toContain('AP-2026-9001')
})

test('what comes while it is paused is none of its news', async () => {
  const owner = await open.signIn('윤혜림', ['executive'], randomUUID())
  const { subscription } = await addSubscription(open.deps, newApprovals, { actor: owner, ip })
  const place = { subscription, actor: owner, ip }
  await judge(subscription)
  await changeSubscription(open.deps, place, { state: 'paused' })
  await raise('AP-2026-9101', '주상현')
  expect(await changeSubscription(open.deps, place, { state: 'active', channel: 'email' })).toMatchObject({
    onlyNew: true,
  })
  await judge(subscription)
  expect(await textsTo(owner)).toEqual([])
  await raise('AP-2026-9102', '주상현')
  await judge(subscription)
  expect(await textsTo(owner)).toEqual([expect.stringContaining('AP-2026-9102')])
})

test('an owner is told only of what they may see, and of nothing old when they may see more', async () => {
  const subject = randomUUID()
  const owner = await open.signIn('김민수', ['employee'], subject)
  const { subscription } = await addSubscription(open.deps, newApprovals, { actor: owner, ip })
  await judge(subscription)
  await raise('AP-2026-9201', '주상현')
  await raise('AP-2026-9202', '김민수')
  await judge(subscription)
  const [told, ...more] = await textsTo(owner)
  expect(more).toEqual([])
  expect(told).toContain('AP-2026-9202')
  expect(told).not.toContain('AP-2026-9201')
  await open.signIn('김민수', ['executive'], subject)
  await judge(subscription)
  expect(await textsTo(owner)).toHaveLength(1)
})

test('is of records, one by one', async () => {
  const owner = await open.signIn('윤혜림', ['executive'], randomUUID())
  const code = (request: Partial<NewRequest>) =>
    addSubscription(open.deps, { ...newApprovals, ...request }, { actor: owner, ip }).then(
      () => 'kept',
      (error: Error) => error.message,
    )
  expect(await code({ query: { entity: 'approval', measures: ['count'] } })).toBe('SUBSCRIPTION_ONLY_NEW')
  expect(await code({ kind: 'report', cron: '0 9 * * 1' })).toBe('SUBSCRIPTION_ONLY_NEW')
  expect(await code({ onlyNew: false })).toBe('SUBSCRIPTION_CONDITION_MISSING')
  expect(await code({ cron: '0 9 * * 1' })).toBe('kept')
})
