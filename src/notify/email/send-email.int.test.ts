import { createServer } from 'node:net'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { type Behaviour, openEmail, startSmtp, toAll, until, worstSecond } from './email-fixture.ts'
import { mostAttachmentBytes } from './limits.ts'
import { createSmtpMailer, type SmtpOptions } from './mailer.smtp.ts'

let db: TestDatabase
let email: Awaited<ReturnType<typeof openEmail>>

beforeEach(async () => {
  db = await createTestDatabase()
  email = await openEmail(db.database)
})
afterEach(async () => {
  await email.close()
  await db.drop()
})

const from = 'ERP 챗봇 <bot@hanbit.example>'

async function start(behaviour: Behaviour = {}, options: Parameters<typeof startSmtp>[1] = {}) {
  const smtp = await startSmtp(behaviour, options)
  onTestFinished(() => smtp.close())
  return smtp
}

/** Sends from now on over SMTP. */
async function sendOver(url: string, options: Partial<SmtpOptions> = {}) {
  const mailer = createSmtpMailer({ url, from, deadlineMs: 2_000, ...options })
  const consumer = await email.send(mailer)
  onTestFinished(async () => {
    await consumer.close()
    await mailer.close()
  })
}

const read = async (id: string | undefined) => (await email.store.read(id ?? ''))!
const stateOf = (id: string | undefined, state: string) =>
  until(
    () => read(id),
    (found) => found.state === state,
  )

describe('a mail', () => {
  test('goes out as its template says, with attachments and the headers of SES, and its record says so', async () => {
    const smtp = await start()
    await sendOver(smtp.url, { configurationSet: 'erp-mail' })
    const content = Buffer.from([0, 1, 2, 255])
    const { emails } = await email.request({
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
    const { emails } = await email.request({ recipients: [...toAll(120), doubled] })
    expect(emails).toHaveLength(3)
    await until(
      () => smtp.received.length,
      (count) => count === 3,
    )
    expect(smtp.received.map(({ recipients }) => recipients.length).sort()).toEqual([20, 50, 50])
    expect(new Set(smtp.received.flatMap(({ recipients }) => recipients)).size).toBe(120)
  })

  test('over a limit is refused by its name, and nothing of it is kept', async () => {
    await expect(email.request({ recipients: toAll(1_001) })).rejects.toMatchObject({
      spec: { code: 'MAIL_TOO_MANY_RECIPIENTS' },
      params: { count: 1_001, limit: 1_000 },
    })
    const halves = [mostAttachmentBytes / 2, mostAttachmentBytes / 2 + 1]
    const attachments = halves.map((size) => ({
      name: 'a.bin',
      type: 'application/octet-stream',
      content: Buffer.alloc(size),
    }))
    await expect(email.request({ attachments })).rejects.toMatchObject({
      spec: { code: 'MAIL_ATTACHMENTS_TOO_LARGE' },
      params: { limit: 10 },
    })
    await expect(email.request({ template: 'none' })).rejects.toMatchObject({ spec: { code: 'MAIL_TEMPLATE_UNKNOWN' } })
    expect(await email.store.list({ limit: 10 })).toEqual([])
  })

  test('of ten megabytes of attachments goes out', async () => {
    const smtp = await start()
    await sendOver(smtp.url, { deadlineMs: 20_000 })
    const content = Buffer.alloc(mostAttachmentBytes, 'x')
    const { emails } = await email.request({
      attachments: [{ name: 'a.bin', type: 'application/octet-stream', content }],
    })
    await stateOf(emails[0], 'sent')
    const [mail] = await smtp.parse()
    expect(mail!.attachments[0]!.size).toBe(mostAttachmentBytes)
  })

  test('of one idempotency key is one, and of a transaction that rolls back none', async () => {
    const smtp = await start()
    await sendOver(smtp.url)
    const [first, again] = [await email.request({ idempotencyKey: 'a' }), await email.request({ idempotencyKey: 'a' })]
    expect(again).toEqual({ ...first, isNew: false })
    const failing = db.database.kysely.transaction().execute(async (within) => {
      const { requestEmail } = await import('./request-email.ts')
      await requestEmail(email.requesting, { ...mail, requestedBy: 'rolled back' }, within)
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
    expect(await email.store.list({ limit: 10 })).toHaveLength(1)
  })

  test('leaves nothing readable in the database', async () => {
    await email.request({ attachments: [{ name: 'secret.txt', type: 'text/plain', content: Buffer.from('figures') }] })
    const tables = ['email_requests', 'emails', 'email_recipients', 'pgboss.job']
    for (const table of tables) {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(
        db.database.kysely,
      )
      expect(rows.length).toBeGreaterThan(0)
      const bytes = rows.map(
        ({ row }) => row + Buffer.from(row.match(/[0-9a-f]{20,}/g)?.join('') ?? '', 'hex').toString(),
      )
      expect(bytes.join()).not.toMatch(/minsu|재고|secret\.txt|figures/)
    }
  })
})

describe('what a server says', () => {
  test('not now (4xx) is tried again; never (5xx) is not', async () => {
    let tries = 0
    const smtp = await start({
      onMessage: ([recipient]) => (recipient === 'never@hanbit.example' ? 554 : tries++ === 0 ? 451 : undefined),
    })
    await sendOver(smtp.url)
    const never = await email.request({ recipients: [{ kind: 'to', address: 'never@hanbit.example' }] })
    const later = await email.request()
    expect(await stateOf(never.emails[0], 'failed')).toMatchObject({
      attempts: 1,
      error: 'MAIL_REFUSED',
      reply: '554 5.0.0',
    })
    const deferred = await until(
      () => read(later.emails[0]),
      ({ error }) => error !== null,
    )
    expect(deferred).toMatchObject({ state: 'requested', error: 'MAIL_DEFERRED', reply: '451 4.0.0' })
    expect(await stateOf(later.emails[0], 'sent')).toMatchObject({ attempts: 2 })
    expect(await email.queue.deadLetters.list({ limit: 10 })).toEqual([])
  })

  test('of one recipient leaves the others alone: one is refused, one put off, and the rest get it once', async () => {
    let tries = 0
    const smtp = await start({
      onRecipient: (address) =>
        address.startsWith('person0@') ? 550 : address.startsWith('person1@') && tries++ === 0 ? 450 : undefined,
    })
    await sendOver(smtp.url)
    const { emails } = await email.request({ recipients: toAll(4) })
    const record = await stateOf(emails[0], 'sent')
    expect(record.recipients.map(({ state, reply }) => [state, reply])).toEqual([
      ['failed', '550 5.0.0'],
      ['sent', null],
      ['sent', null],
      ['sent', null],
    ])
    expect(smtp.received.map(({ recipients }) => recipients)).toEqual([
      ['person2@hanbit.example', 'person3@hanbit.example'],
      ['person1@hanbit.example'],
    ])
  })

  test('to a wrong password (535) is for the operator, and the mail waits', async () => {
    const smtp = await start({}, { authOptional: false, allowInsecureAuth: true })
    await sendOver(smtp.url.replace('//', '//bot:wrong@'))
    const { emails } = await email.request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: 'MAIL_SIGN_IN_REFUSED', reply: '535 5.0.0' })
    expect(smtp.received).toEqual([])
  })

  test('is nothing at all: the deadline ends it, and the mail waits', async () => {
    const sockets = new Set<import('node:net').Socket>()
    const mute = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
    await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      mute.close()
    })
    await sendOver(`smtp://127.0.0.1:${(mute.address() as { port: number }).port}`, { deadlineMs: 500 })
    const { emails } = await email.request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: 'MAIL_SERVER_TIMEOUT' })
  })

  test('is nothing at the end of a message: the deadline ends that too', async () => {
    let tries = 0
    const smtp = await start({
      onMessage: () =>
        tries++ === 0 ? new Promise<undefined>((done) => setTimeout(() => done(undefined), 3_000)) : undefined,
    })
    await sendOver(smtp.url, { deadlineMs: 500 })
    const { emails } = await email.request()
    await until(
      () => read(emails[0]),
      ({ error }) => error === 'MAIL_SERVER_TIMEOUT',
    )
    expect(await stateOf(emails[0], 'sent')).toMatchObject({ attempts: 2 })
  })

  test('cannot be heard: nobody listens', async () => {
    const smtp = await startSmtp()
    await smtp.close()
    await sendOver(smtp.url)
    const { emails } = await email.request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: 'MAIL_SERVER_UNREACHABLE' })
  })
})

describe.skipIf(!hasOpenssl)('TLS', () => {
  const authority = createTestAuthority()
  const certificate = authority.issue('127.0.0.1')
  const trusted = { ca: authority.ca }
  const required = (url: string) => `${url.replace('127.0.0.1', 'localhost')}?tls=required`
  const forLocalhost = authority.issue('localhost')

  test('is begun with STARTTLS, and the password goes through it', async () => {
    const smtp = await start({}, { ...forLocalhost, authOptional: false })
    await sendOver(required(smtp.url.replace('//', '//bot:right@')), trusted)
    const { emails } = await email.request()
    await stateOf(emails[0], 'sent')
    expect(smtp.received[0]).toMatchObject({ isSecure: true, user: 'bot' })
  })

  test('from the start is what smtps means', async () => {
    const smtp = await start({}, { ...forLocalhost, secure: true })
    await sendOver(smtp.url.replace('smtp:', 'smtps:').replace('127.0.0.1', 'localhost'), trusted)
    const { emails } = await email.request()
    await stateOf(emails[0], 'sent')
    expect(smtp.received[0]).toMatchObject({ isSecure: true })
  })

  test.each([
    ['without STARTTLS', () => ({}), 'MAIL_TLS_UNAVAILABLE'],
    ['with a certificate of another name', () => ({ ...certificate }), 'MAIL_CERTIFICATE_INVALID'],
    [
      'with a certificate of nobody we trust',
      () => ({ ...authority.issue('localhost', { selfSigned: true }) }),
      'MAIL_CERTIFICATE_INVALID',
    ],
    [
      'with a certificate that has expired',
      () => ({ ...authority.issue('localhost', { endsAt: '20210101000000Z' }) }),
      'MAIL_CERTIFICATE_INVALID',
    ],
  ])('%s nothing is sent, neither mail nor password', async (_, options, code) => {
    const smtp = await start({}, { allowInsecureAuth: true, ...options() })
    await sendOver(required(smtp.url.replace('//', '//bot:right@')), trusted)
    const { emails } = await email.request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: code })
    expect(smtp.received).toEqual([])
  })
})

test('of three workers together no second sees more than fourteen', async () => {
  const smtp = await start({
    onMessage: () => new Promise<undefined>((done) => setTimeout(() => done(undefined), Math.random() * 60)),
  })
  for (let worker = 0; worker < 3; worker++) await sendOver(smtp.url)
  for (let n = 0; n < 50; n++) await email.request({ idempotencyKey: String(n) })
  await until(
    () => smtp.received.length,
    (count) => count === 50,
  )
  expect(worstSecond(smtp.received.map(({ at }) => at))).toBeLessThanOrEqual(14)
})
