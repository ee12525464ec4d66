import { describe, expect, test } from 'vitest'
import type { Message, MessageSummary } from '../../../demo/mail/message-store.ts'
import type { SubscriptionBody } from '../../../src/subscriptions/api.ts'
import { createErpFigures } from '../../support/erp-sql.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const ms = 20_000

async function listOf(person: Person): Promise<SubscriptionBody[]> {
  const { body } = await person.call('/api/v1/subscriptions')
  return (body as { body: { subscriptions: SubscriptionBody[] } }).body.subscriptions
}

/** The mails to an address whose subject has a text, opened. */
async function mailsOf(office: TestOffice, address: string, subject: string): Promise<Message[]> {
  const json = async <T>(path: string) => (await (await fetch(new URL(path, office.mailUrl))).json()) as T
  const { messages } = await json<{ messages: MessageSummary[] }>('/messages')
  const found = messages.filter((one) => one.subject.includes(subject) && one.to.includes(address))
  return await Promise.all(found.map(({ id }) => json<Message>(`/messages/${id}`)))
}

/** What is asked for once and sent again and again: from the chat to the demo's mailbox. */
export function describeSubscriptions(office: () => TestOffice): void {
  describe('subscriptions and alerts', () => {
    test('a report made in chat arrives with the right numbers, a picture and a workbook, and ends in chat', async () => {
      const person = await office().signIn('sanghyun')
      const figures = createErpFigures(office())
      const made = await person.ask('매주 월요일 9시에 지난달 거래처별 매출 상위 5개 메일로 보내줘')
      expect(made.turn.answer).toMatchObject({ kind: 'arranged', text: expect.stringContaining('매주 월요일 09:00') })
      const [report] = await listOf(person)
      expect(report).toMatchObject({ kind: 'report', cron: '0 9 * * 1', state: 'active', channel: 'email' })
      const run = await person.call(`/api/v1/subscriptions/${report?.subscription}/run`, { method: 'POST', body: '{}' })
      expect(run.status).toBe(202)
      const address = /(\S+@\S+) 메일로/.exec(made.turn.answer.text)?.[1] ?? ''
      const arrived = () => mailsOf(office(), address, '거래처별 매출')
      await expect.poll(async () => (await arrived()).length, { timeout: ms }).toBe(1)
      const [mail] = await arrived()
      for (const { name, amount } of await figures.topCustomers(5, await figures.month(1))) {
        expect(mail?.text).toContain(name)
        expect(mail?.html).toContain(Math.round(Number(amount)).toLocaleString('en-US'))
      }
      expect(mail?.attachments.map(({ type }) => type)).toEqual([
        'image/png',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      ])

      const { conversationId } = made
      const listed = await person.ask('내 구독 보여줘', conversationId)
      expect(listed.turn.answer.text).toContain('매주 월요일 09:00')
      const moved = await person.ask('그거 매일 8시로 바꿔줘', conversationId)
      expect(moved.turn.answer.kind).toBe('arranged')
      expect(await listOf(person)).toMatchObject([{ cron: '0 8 * * *' }])
      await person.ask('구독 잠깐 멈춰줘', conversationId)
      expect(await listOf(person)).toMatchObject([{ state: 'paused', reason: 'by-owner' }])
      await person.ask('구독 다시 시작해줘', conversationId)
      expect(await listOf(person)).toMatchObject([{ state: 'active' }])
      const stopped = await person.ask('그거 그만 보내', conversationId)
      expect(stopped.turn.answer.text).toContain('이제 보내지 않아요')
      expect(await listOf(person)).toEqual([])
    }, 60_000)

    test('a change of the ERP that crosses a threshold reaches the mailbox of who asked to be told', async () => {
      const person = await office().signIn('hyerim')
      const stock = Number(await createErpFigures(office()).stockOf('A-100'))
      const limit = stock - 1
      const made = await person.ask(`A-100 재고 ${limit}개 밑으로 떨어지면 알려줘`)
      expect(made.turn.answer).toMatchObject({ kind: 'arranged' })
      const [alert] = await listOf(person)
      const address = /(\S+@\S+) 메일로/.exec(made.turn.answer.text)?.[1] ?? ''
      await expect.poll(async () => (await listOf(person))[0]?.lastOutcome, { timeout: ms }).toBe('judged')
      const arrived = () => mailsOf(office(), address, '[ERP 알림]')
      expect(await arrived()).toEqual([])
      const one = `(item_code, warehouse_id) in (select item_code, warehouse_id from erp.stock where item_code = 'A-100' order by quantity desc limit 1)`
      await office().sql(`update erp.stock set quantity = quantity - 5 where ${one}`)
      await expect.poll(async () => (await arrived()).length, { timeout: ms }).toBe(1)
      const [mail] = await arrived()
      expect(mail?.text).toContain(`${(stock - 5).toLocaleString('en-US')}개`)
      await office().sql(`update erp.stock set quantity = quantity + 5 where ${one}`)
      const { status } = await person.call(`/api/v1/subscriptions/${alert?.subscription}`, {
        method: 'DELETE',
        body: '{}',
      })
      expect(status).toBe(200)
    }, 60_000)

    test('are their owner’s alone; who runs the service sees how many there are', async () => {
      const person = await office().signIn('minsu')
      const made = await person.ask('매일 9시에 이번 달 매출 메일로 보내줘')
      expect(made.turn.answer.kind).toBe('arranged')
      const [own] = await listOf(person)
      const admin = await office().signIn('hyerim')
      expect(await listOf(admin)).toEqual([])
      expect((await admin.call(`/api/v1/subscriptions/${own?.subscription}`)).status).toBe(404)
      const counts = await admin.call('/api/v1/admin/subscriptions')
      expect(counts.body).toMatchObject({ body: { counts: [{ kind: 'report', state: 'active', count: 1 }] } })
      expect((await person.call('/api/v1/admin/subscriptions')).status).toBe(403)
      await person.call(`/api/v1/subscriptions/${own?.subscription}`, { method: 'DELETE', body: '{}' })
    }, 60_000)
  })
}
