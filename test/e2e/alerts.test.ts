import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message, MessageSummary } from '../../demo/mail/message-store.ts'
import { createErpFigures } from '../support/erp-sql.ts'
import type { Person } from '../support/office.ts'
import { openPushOffice, type PushOffice } from '../support/push-office.ts'

const ms = 20_000
let open: PushOffice
let person: Person
let token: string

beforeAll(async () => {
  open = await openPushOffice()
  person = await open.office.signIn('hyerim')
  token = await open.addDevice(person)
})
afterAll(() => open?.close())

type Own = { subscription: string; channel: string; lastOutcome?: string }

const own = async () =>
  ((await person.call('/api/v1/subscriptions')).body as { body: { subscriptions: Own[] } }).body.subscriptions

/** Asks for an alert, which has been looked at once by then. */
async function watch(text: string): Promise<void> {
  const made = await person.ask(text)
  expect(made.turn.answer, text).toMatchObject({ kind: 'arranged' })
  await expect.poll(async () => (await own()).at(-1)?.lastOutcome, { timeout: ms }).toBe('judged')
}

async function alertMails(): Promise<Message[]> {
  const json = async <T>(path: string) => (await (await fetch(new URL(path, open.office.mailUrl))).json()) as T
  const { messages } = await json<{ messages: MessageSummary[] }>('/messages')
  const found = messages.filter(({ subject }) => subject.includes('[ERP 알림]'))
  return await Promise.all(found.map(({ id }) => json<Message>(`/messages/${id}`)))
}

/** A document that waits for `approver`, from somebody who is neither of those here. */
const raise = (docNo: string, approver: string) =>
  open.office.sql(
    `insert into erp.approval_documents (doc_no, document_date, doc_type, title, requester_no, approver_no, status)
     select $1, max(d.document_date), max(d.doc_type), '새 노트북',
       (select min(employee_no) from erp.employees where name not in ('우혜림', '구본석')),
       (select min(employee_no) from erp.employees where name = $2), 'pending'
     from erp.approval_documents d`,
    [docNo, approver],
  )

describe('a change in the ERP', () => {
  test('that crosses a threshold reaches the mailbox and the push peer, once each', async () => {
    const stock = Number(await createErpFigures(open.office).stockOf('A-100'))
    await watch(`A-100 재고 ${stock - 1}개 밑으로 떨어지면 알려줘`)
    await watch(`A-100 재고 ${stock - 1}개 밑으로 떨어지면 푸시로 알려줘`)
    expect((await own()).map(({ channel }) => channel)).toEqual(['email', 'push'])
    expect(await alertMails()).toEqual([])
    expect(open.reached(token)).toEqual([])

    await open.office.sql(
      `update erp.stock set quantity = quantity - 5 where (item_code, warehouse_id) in
        (select item_code, warehouse_id from erp.stock where item_code = 'A-100' order by quantity desc limit 1)`,
    )
    const now = `${(stock - 5).toLocaleString('en-US')}개`
    await expect.poll(async () => (await alertMails()).length, { timeout: ms }).toBe(1)
    await expect.poll(() => open.reached(token).length, { timeout: ms }).toBe(1)
    const [mail] = await alertMails()
    expect(mail?.text).toContain(now)
    expect(open.reached(token)).toEqual([
      { title: expect.stringContaining('볼베어링 6204'), body: expect.stringContaining(now) },
    ])
  }, 90_000)

  test('that adds a record reaches who asked to be told of new ones, once', async () => {
    await watch('새 결재 올라오면 푸시로 알려줘')
    const before = open.reached(token).length
    // One for somebody else, who alone may see it; then one for the person.
    await raise('AP-2026-99001', '구본석')
    await raise('AP-2026-99002', '우혜림')
    await expect.poll(() => open.reached(token).length, { timeout: ms }).toBe(before + 1)
    expect(open.reached(token).at(-1)).toEqual({ title: '새 결재', body: expect.stringContaining('AP-2026-99002') })
    expect(open.reached(token).at(-1)?.body).not.toContain('AP-2026-99001')
  }, 90_000)

  test('tells nothing any more of what was stopped by its subject', async () => {
    const before = open.reached(token).length
    const stopped = await person.ask('결재 알림 꺼줘')
    expect(stopped.turn.answer).toMatchObject({ kind: 'arranged', text: expect.stringContaining('이제 보내지 않아요') })
    const asked = await person.ask('재고 알림 꺼줘')
    expect(asked.turn.answer).toMatchObject({ kind: 'clarify', text: expect.stringContaining('어느 것인가요') })
    const [pick] = asked.turn.answer.prompts
    expect((await person.ask(pick?.text ?? '')).turn.answer.kind).toBe('arranged')
    expect(await own()).toHaveLength(1)
    expect(open.reached(token)).toHaveLength(before)
  }, 90_000)
})
