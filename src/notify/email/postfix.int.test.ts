import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostfix, startPostfix } from '../../../test/support/postfix.ts'
import { createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { openEmail, toAll, until } from './email-fixture.ts'
import { createSmtpMailer } from './mailer.smtp.ts'

describe.skipIf(!hasPostfix || !hasOpenssl)('Postfix', () => {
  const authority = createTestAuthority()
  let postfix: Awaited<ReturnType<typeof startPostfix>>
  beforeAll(async () => {
    postfix = await startPostfix(authority.issue('localhost'))
  })
  afterAll(async () => {
    await postfix?.stop()
    authority.close()
  })

  const open = async (password: string) => {
    const db = await createTestDatabase()
    const email = await openEmail(db.database)
    const url = `smtp://bot%40mail.test:${password}@localhost:${postfix.port}?tls=required`
    const mailer = createSmtpMailer({
      url,
      from: 'ERP 챗봇 <bot@hanbit.example>',
      ca: authority.ca,
      deadlineMs: 10_000,
    })
    await email.send(mailer)
    const close = async () => {
      await email.close()
      await mailer.close()
      await db.drop()
    }
    return { ...email, [Symbol.asyncDispose]: close }
  }

  test('takes mail over STARTTLS from who has signed in, and delivers it', async () => {
    await using email = await open('right')
    const content = Buffer.from('품목,수량\nA-100,80\n')
    for (let number = 0; number < 20; number++)
      await email.request({
        variables: { title: `알림 ${number}`, message: 'A-100 재고가 80개예요.' },
        recipients: toAll(2),
        attachments: [{ name: '재고.csv', type: 'text/csv', content }],
      })
    const texts = await until(
      () => postfix.read(),
      (mails) => mails.length === 40,
    )
    const mails = await Promise.all(texts.map((text) => simpleParser(text)))
    const numbers = Array.from({ length: 20 }, (_, number) => `알림 ${number}`)
    expect(new Set(mails.map(({ subject }) => subject))).toEqual(new Set(numbers))
    expect(mails.every(({ attachments }) => attachments[0]?.content.equals(content))).toBe(true)
    expect(texts.every((text) => /using TLSv1\.3.*\n.*(\n.*)*Authenticated sender|with ESMTPSA/.test(text))).toBe(true)
    const records = await email.store.list({ limit: 100 })
    expect(records.map(({ state, attempts }) => [state, attempts])).toEqual(records.map(() => ['sent', 1]))
  }, 60_000)

  test('takes nothing from who shows a wrong password', async () => {
    await using email = await open('wrong')
    const { emails } = await email.request()
    const record = await until(
      () => email.store.read(emails[0]!),
      (found) => found?.error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: 'MAIL_SIGN_IN_REFUSED', reply: '535 5.7.8' })
  })
})
