import { describe, expect, test } from 'vitest'
import type { Message, MessageSummary } from '../../../demo/mail/message-store.ts'
import type { TestOffice } from '../../support/office.ts'

type Requested = { body: { request: string; emails: string[] } }
type Detail = { body: { state: string; subject: string; recipients: { address: string; state: string }[] } }

const mail = {
  template: 'notice',
  language: 'ko',
  variables: { title: '재고가 기준 아래로 <b>내려갔어요', message: 'A-100 재고가 80개예요.' },
  to: ['minsu@hanbit.example'],
  attachments: [{ name: '재고.csv', type: 'text/csv', content: Buffer.from('a,b').toString('base64') }],
}
const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) })

/** Mail, from the API through queue and worker to the demo's mailbox. */
export function describeMail(office: () => TestOffice): void {
  describe('mail', () => {
    test('that an administrator requests arrives in the mailbox, and its record says so', async () => {
      const person = await office().signIn('hyerim')
      const { status, body } = await person.call('/api/v1/notify/emails', post(mail))
      expect(status).toBe(202)
      const [email] = (body as Requested).body.emails
      const read = async () => ((await person.call(`/api/v1/notify/emails/${email}`)).body as Detail).body
      await expect.poll(async () => (await read()).state, { timeout: 15_000 }).toBe('sent')
      expect(await read()).toMatchObject({
        subject: mail.variables.title,
        recipients: [{ address: 'minsu@hanbit.example', state: 'sent' }],
      })
      const json = async <T>(path: string) => (await (await fetch(new URL(path, office().mailUrl))).json()) as T
      const { messages } = await json<{ messages: MessageSummary[] }>('/messages')
      const found = messages.find(({ subject }) => subject === mail.variables.title)
      const message = await json<Message>(`/messages/${found?.id}`)
      expect(message).toMatchObject({ to: mail.to, from: expect.stringContaining('chatbot@hanbit.example') })
      expect(message.html).toContain('재고가 기준 아래로 &lt;b&gt;내려갔어요')
      expect(message.attachments).toEqual([{ name: '재고.csv', type: 'text/csv', bytes: 3 }])
    })

    test('is listed page by page, and templates can be looked at', async () => {
      const person = await office().signIn('hyerim')
      await person.call('/api/v1/notify/emails', post(mail))
      const list = async (query: string) =>
        ((await person.call(`/api/v1/notify/emails${query}`)).body as { body: { emails: object[]; next?: string } })
          .body
      const first = await list('?limit=1')
      expect(first.emails).toHaveLength(1)
      const second = await list(`?limit=1&after=${first.next}`)
      expect(second.emails).toHaveLength(1)
      expect(second.emails).not.toEqual(first.emails)
      const preview = await person.call('/api/v1/notify/templates/report/preview?language=en')
      expect(preview.body).toMatchObject({ body: { subject: expect.stringContaining('Top five customers') } })
      expect((await person.call('/api/v1/notify/templates/none/preview')).status).toBe(404)
    })

    test('over a limit or malformed is refused by name; and nobody else may', async () => {
      const person = await office().signIn('hyerim')
      const refuse = async (change: object) => {
        const { status, body } = await person.call('/api/v1/notify/emails', post({ ...mail, ...change }))
        const { error } = body as { error: { code: string; message: string } }
        return [status, error.code, error.message]
      }
      const crowd = Array.from({ length: 1_001 }, (_, index) => `p${index}@hanbit.example`)
      expect(await refuse({ to: crowd })).toEqual([400, 'MAIL_TOO_MANY_RECIPIENTS', expect.stringContaining('1000')])
      const content = Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64')
      const large = [{ name: 'a.bin', type: 'application/octet-stream', content }]
      expect(await refuse({ attachments: large })).toEqual([
        400,
        'MAIL_ATTACHMENTS_TOO_LARGE',
        expect.stringContaining('10'),
      ])
      for (const to of ['a@b.example\r\nBcc: x@y.example', 'a b@c.example', 'x'])
        expect((await refuse({ to: [to] }))[1]).toBe('BAD_REQUEST')
      const named = (name: string) => ({ attachments: [{ name, type: 'text/csv', content: '' }] })
      for (const name of ['../a', 'a\r\nX: y', 'a"b']) expect((await refuse(named(name)))[1]).toBe('BAD_REQUEST')
      const minsu = await office().signIn('minsu')
      for (const [path, init] of [
        ['/api/v1/notify/emails', {}],
        ['/api/v1/notify/emails', post(mail)],
        ['/api/v1/notify/templates', {}],
      ] as const)
        expect((await minsu.call(path, init)).status).toBe(403)
    })
  })
}
