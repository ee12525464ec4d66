import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { toAll, until, worstSecond } from './email-fixture.ts'
import { mostAttachmentBytes } from './limits.ts'
import { openEachTime, start } from './send-email-fixture.ts'

const { database, email, sendOver, stateOf } = openEachTime()

describe('a mail', () => {
  test('goes out as its template says, with attachments and the headers of SES, and its record says so', async () => {
    const smtp = await start()
    await sendOver(smtp.url, { configurationSet: 'erp-mail' })
    const content = Buffer.from([0, 1, 2, 255])
    const { emails } = await email().request({
      recipients: [
        { kind: 'to', address: 'minsu@hanbit.example' },
        { kind: 'cc', address: 'somi@hanbit.example' },
        { kind: 'bcc', address: 'hidden@hanbit.example' },
      ],
      attachments: [{ name: '매출.xlsx', type: 'application/octet-stream', content }],
    })
    const record = await stateOf(emails[0], 'sent')
    const [mail] = await smtp.parse()
    expect(smtp.received[0]!.recipients).toEqual([
      'minsu@hanbit.example',
      'somi@hanbit.example',
      'hidden@hanbit.example',
    ])
    expect(mail).toMatchObject({ subject: '재고가 기준 아래로 내려갔어요', messageId: `<${emails[0]}@hanbit.example>` })
    expect(mail!.text).toContain('A-100 재고가 80개예요.')
    expect(mail!.html).toContain('A-100 재고가 80개예요.')
    expect(mail!.attachments.map((one) => [one.filename, one.content])).toEqual([['매출.xlsx', content]])
    expect(mail!.headers.get('x-ses-configuration-set')).toBe('erp-mail')
    expect(mail!.headers.get('x-ses-message-tags')).toBe(`email=${emails[0]}`)
    expect(smtp.received[0]!.raw.toString()).not.toContain('hidden@')
    expect(record).toMatchObject({ attempts: 1, reply: '250', requestedBy: 'test', template: 'notice', version: 1 })
    expect(record.recipients.map(({ kind, state }) => [kind, state])).toEqual([
      ['to', 'sent'],
      ['cc', 'sent'],
      ['bcc', 'sent'],
    ])
  })

  test('to more than fifty is split, each message to at most fifty, and nobody gets two', async () => {
    const smtp = await start()
    await sendOver(smtp.url)
    const doubled = { kind: 'cc' as const, address: 'PERSON3@hanbit.example' }
    const { emails } = await email().request({ recipients: [...toAll(120), doubled] })
    expect(emails).toHaveLength(3)
    await until(
      () => smtp.received.length,
      (count) => count === 3,
    )
    expect(smtp.received.map(({ recipients }) => recipients.length).sort()).toEqual([20, 50, 50])
    expect(new Set(smtp.received.flatMap(({ recipients }) => recipients)).size).toBe(120)
  })

  test('over a limit is refused by its name, and nothing of it is kept', async () => {
    await expect(email().request({ recipients: toAll(1_001) })).rejects.toMatchObject({
      spec: { code: 'MAIL_TOO_MANY_RECIPIENTS' },
      params: { count: 1_001, limit: 1_000 },
    })
    const halves = [mostAttachmentBytes / 2, mostAttachmentBytes / 2 + 1]
    const attachments = halves.map((size) => ({
      name: 'a.bin',
      type: 'application/octet-stream',
      content: Buffer.alloc(size),
    }))
    await expect(email().request({ attachments })).rejects.toMatchObject({
      spec: { code: 'MAIL_ATTACHMENTS_TOO_LARGE' },
      params: { limit: 10 },
    })
    await expect(email().request({ template: 'none' })).rejects.toMatchObject({
      spec: { code: 'MAIL_TEMPLATE_UNKNOWN' },
    })
    expect(await email().store.list({ limit: 10 })).toEqual([])
  })

  test('of ten megabytes of attachments goes out', async () => {
    const smtp = await start()
    await sendOver(smtp.url, { deadlineMs: 20_000 })
    const content = Buffer.alloc(mostAttachmentBytes, 'x')
    const { emails } = await email().request({
      attachments: [{ name: 'a.bin', type: 'application/octet-stream', content }],
    })
    await stateOf(emails[0], 'sent')
    const [mail] = await smtp.parse()
    expect(mail!.attachments[0]!.size).toBe(mostAttachmentBytes)
  })

  test('of one idempotency key is one, and of a transaction that rolls back none', async () => {
    const smtp = await start()
    await sendOver(smtp.url)
    const [first, again] = [
      await email().request({ idempotencyKey: 'a' }),
      await email().request({ idempotencyKey: 'a' }),
    ]
    expect(again).toEqual({ ...first, isNew: false })
    const failing = database()
      .kysely.transaction()
      .execute(async (within) => {
        const { requestEmail } = await import('./request-email.ts')
        await requestEmail(email().requesting, { ...mail, requestedBy: 'rolled back' }, within)
        throw new Error('no')
      })
    const mail = {
      template: 'notice',
      language: 'ko' as const,
      variables: { title: 'x', message: 'y' },
      recipients: toAll(1),
    }
    await expect(failing).rejects.toThrow('no')
    await stateOf(first.emails[0], 'sent')
    expect(smtp.received).toHaveLength(1)
    expect(await email().store.list({ limit: 10 })).toHaveLength(1)
  })

  test('of the same key from another requester is another one, of whom nothing is told', async () => {
    const request = (requestedBy: string) => email().request({ idempotencyKey: 'a', requestedBy })
    const [mine, theirs] = [await request('minsu'), await request('somi')]
    expect(theirs).toMatchObject({ isNew: true })
    expect(theirs.request).not.toBe(mine.request)
    expect(await request('minsu')).toEqual({ ...mine, isNew: false })
    expect(await request('somi')).toEqual({ ...theirs, isNew: false })
  })

  test('leaves nothing readable in the database', async () => {
    await email().request({
      attachments: [{ name: 'secret.txt', type: 'text/plain', content: Buffer.from('figures') }],
    })
    const tables = ['email_requests', 'emails', 'email_recipients', 'pgboss.job']
    for (const table of tables) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(
        database().kysely,
      )
      expect(rows.length).toBeGreaterThan(0)
      const bytes = rows.map(
        ({ row }) => row + Buffer.from(row.match(/[0-9a-f]{20,}/g)?.join('') ?? '', 'hex').toString(),
      )
      expect(bytes.join()).not.toMatch(/minsu|재고|secret\.txt|figures/)
    }
  })
})

test('of three workers together no second sees more than fourteen', async () => {
  const smtp = await start({
    onMessage: () => new Promise<undefined>((done) => setTimeout(() => done(undefined), Math.random() * 60)),
  })
  for (let worker = 0; worker < 3; worker++) await sendOver(smtp.url)
  for (let n = 0; n < 50; n++) await email().request({ idempotencyKey: String(n) })
  await until(
    () => smtp.received.length,
    (count) => count === 50,
  )
  expect(worstSecond(smtp.received.map(({ at }) => at))).toBeLessThanOrEqual(14)
})
