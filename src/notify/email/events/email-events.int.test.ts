import { createSign, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestAuthority, hasOpenssl } from '../../../../test/support/test-certificates.ts'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts'
import { closeAll, start as startServer } from '../../../platform/http/server-fixture.ts'
import { openEmail, toAll } from '../email-fixture.ts'
import { createMailMetrics } from '../mail-metrics.ts'
import { receiveEvent } from './receive-event.ts'
import { registerEmailEvents } from './routes.ts'
import { type SnsMessage, signedTextOf } from './sns-message.ts'
import { createSnsCheck } from './verify-sns.ts'

const topicArn = 'arn:aws:sns:ap-northeast-2:123456789012:mail'
const certUrl = 'https://sns.ap-northeast-2.amazonaws.com/SimpleNotificationService-1.pem'

describe.skipIf(!hasOpenssl)('events of Amazon SES', () => {
  const authority = createTestAuthority()
  const { key, cert } = authority.issue('sns.amazonaws.com')
  let db: TestDatabase
  let email: Awaited<ReturnType<typeof openEmail>>
  let fetched: string[]
  let post: (
    message: object,
    type?: string,
  ) => Promise<{ statusCode: number; json: () => { error?: { code: string } } }>
  let now: Date

  beforeEach(async () => {
    db = await createTestDatabase()
    email = await openEmail(db.database)
    fetched = []
    now = new Date()
    const fetchText = async (url: string) => {
      fetched.push(url)
      return url.endsWith('.pem') ? cert : '<ok/>'
    }
    const { server } = await startServer()
    const check = createSnsCheck({ topicArn, fetchText, now: () => now })
    const log = createLogger({ level: 'silent', role: 'test' })
    const metrics = createMailMetrics(createMetrics())
    registerEmailEvents(server, (message) =>
      receiveEvent({ check, fetchText, store: email.store, metrics, log }, message),
    )
    post = (message, type = 'text/plain; charset=UTF-8') =>
      server.inject({
        method: 'POST',
        url: '/api/v1/notify/email-events',
        headers: { 'content-type': type },
        payload: JSON.stringify(message),
      })
  })
  afterEach(async () => {
    await closeAll()
    await email.close()
    await db.drop()
  })

  const sign = (fields: Partial<SnsMessage> & { Message: string }, version: '1' | '2' = '2'): SnsMessage => {
    const message = {
      ...{ Type: 'Notification', MessageId: randomUUID(), TopicArn: topicArn, Timestamp: new Date().toISOString() },
      ...{ SignatureVersion: version, SigningCertURL: certUrl, Signature: '' },
      ...fields,
    } as SnsMessage
    const Signature = createSign(version === '2' ? 'RSA-SHA256' : 'RSA-SHA1')
      .update(signedTextOf(message))
      .sign(key, 'base64')
    return { ...message, Signature }
  }
  const timestamp = '2026-11-23T05:00:00.000Z'
  const eventOf = (id: string | undefined, event: object) =>
    JSON.stringify({ mail: { messageId: 'ses-1', ...(id && { tags: { email: [id] } }) }, ...event })
  const bounce = (type: string, ...addresses: string[]) => ({
    eventType: 'Bounce',
    bounce: {
      timestamp,
      bounceType: type,
      bouncedRecipients: addresses.map((emailAddress) => ({ emailAddress, status: '5.1.1' })),
    },
  })
  const delivery = (...recipients: string[]) => ({ eventType: 'Delivery', delivery: { timestamp, recipients } })
  const complaint = (...addresses: string[]) => ({
    eventType: 'Complaint',
    complaint: { timestamp, complainedRecipients: addresses.map((emailAddress) => ({ emailAddress })) },
  })
  const [first, second] = toAll(2).map(({ address }) => address) as [string, string]

  /** A message to two that has been sent. */
  const requestSent = async () => {
    const { emails } = await email.request({ recipients: toAll(2) })
    await email.store.claim(emails[0]!, 1_000)
    const sent = { accepted: [first, second], refused: [], providerId: 'ses-1', reply: '250' }
    await email.store.recordSent(emails[0]!, sent, false)
    return emails[0]!
  }
  const read = async (id: string) => {
    const { state, recipients, opens, clicks } = (await email.store.read(id))!
    return { state, recipients: recipients.map((one) => one.state), opens, clicks }
  }
  const tell = async (id: string | undefined, event: object) => {
    const reply = await post(sign({ Message: eventOf(id, event) }))
    expect(reply.statusCode).toBe(200)
  }

  test('are noted of the recipient they are about; the graver one stays, whatever comes first', async () => {
    const id = await requestSent()
    await tell(id, delivery(first))
    expect(await read(id)).toMatchObject({ state: 'sent', recipients: ['delivered', 'sent'] })
    await tell(id, delivery(second.toUpperCase()))
    expect(await read(id)).toMatchObject({ state: 'delivered' })
    await tell(id, complaint(second))
    await tell(id, delivery(second))
    expect(await read(id)).toMatchObject({ state: 'complained', recipients: ['delivered', 'complained'] })
    await tell(id, { eventType: 'Open', open: { timestamp } })
    await tell(id, { eventType: 'Click', click: { timestamp, link: 'https://x.example' } })
    await tell(id, { eventType: 'Send', send: {} })
    expect(await read(id)).toMatchObject({ opens: 1, clicks: 1 })
  })

  test('find their message by the provider’s id too', async () => {
    const id = await requestSent()
    await tell(undefined, delivery(first, second))
    expect(await read(id)).toMatchObject({ state: 'delivered' })
  })

  test('of a hard bounce or a complaint suppress the address, of a soft bounce do not', async () => {
    const id = await requestSent()
    await tell(id, bounce('Permanent', `Person <${first}>`))
    await tell(id, bounce('Transient', second))
    expect(await read(id)).toMatchObject({ state: 'bounced', recipients: ['bounced', 'bounced'] })
    const { emails } = await email.request({ recipients: toAll(2) })
    const claim = await email.store.claim(emails[0]!, 1_000)
    expect(claim).toMatchObject({ pending: [second] })
    const alone = await email.request({ recipients: toAll(1) })
    expect(await email.store.claim(alone.emails[0]!, 1_000)).toBe('done')
    expect(await read(alone.emails[0]!)).toMatchObject({ state: 'suppressed' })
    const { rows } = await sql<{ row: string }>`select t::text as row from email_suppressions t`.execute(
      db.database.kysely,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]!.row).not.toContain('person')
  })

  test('of another shape are left alone', async () => {
    for (const Message of ['not JSON', '{}', '{"mail":{"messageId":5}}'])
      expect((await post(sign({ Message }))).statusCode).toBe(200)
  })

  test('that come again change nothing', async () => {
    const id = await requestSent()
    const opened = sign({ Message: eventOf(id, { eventType: 'Open', open: { timestamp } }) })
    for (let n = 0; n < 3; n++) expect((await post(opened)).statusCode).toBe(200)
    expect(await read(id)).toMatchObject({ opens: 1 })
  })

  test('that overtake the note of the sending leave the message with who sends it', async () => {
    const { emails } = await email.request({ recipients: toAll(2) })
    await email.store.claim(emails[0]!, 60_000)
    await tell(emails[0], delivery(first))
    expect(await email.store.claim(emails[0]!, 1_000)).toBe('busy')
    const sent = { accepted: [first, second], refused: [], providerId: 'ses-1', reply: '250' }
    await email.store.recordSent(emails[0]!, sent, false)
    expect(await read(emails[0]!)).toMatchObject({ state: 'sent', recipients: ['delivered', 'sent'] })
  })

  test('signed with SHA-1 are taken, as topics send them unless told otherwise', async () => {
    const id = await requestSent()
    expect((await post(sign({ Message: eventOf(id, delivery(first)) }, '1'))).statusCode).toBe(200)
    expect(await read(id)).toMatchObject({ recipients: ['delivered', 'sent'] })
  })

  test('a subscription is confirmed at Amazon, and nowhere else', async () => {
    const confirm = (SubscribeURL: string) =>
      sign({
        Type: 'SubscriptionConfirmation',
        Token: 't',
        SubscribeURL,
        Message: 'You have chosen to subscribe',
      } as never)
    const url = 'https://sns.ap-northeast-2.amazonaws.com/?Action=ConfirmSubscription&Token=t'
    expect((await post(confirm(url))).statusCode).toBe(200)
    expect(fetched).toContain(url)
    await post(confirm('https://internal.example/'))
    expect(fetched).not.toContain('https://internal.example/')
  })

  test('are refused when they are not what they say they are', async () => {
    const id = await requestSent()
    const good = sign({ Message: eventOf(id, complaint(first)) })
    const old = new Date(Date.now() - 25 * 3_600_000).toISOString()
    const bad: Record<string, object> = {
      'altered message': { ...good, Message: eventOf(id, complaint(second)) },
      'altered id': { ...good, MessageId: randomUUID() },
      'other topic': sign({ Message: good.Message, TopicArn: `${topicArn}2` }),
      'other topic, unsigned': { ...good, TopicArn: `${topicArn}2` },
      'certificate from elsewhere': sign({ Message: good.Message, SigningCertURL: 'https://evil.example/a.pem' }),
      'certificate from a look-alike': sign({
        Message: good.Message,
        SigningCertURL: 'https://sns.ap-northeast-2.amazonaws.com.evil.example/a.pem',
      }),
      'certificate over http': sign({ Message: good.Message, SigningCertURL: certUrl.replace('https', 'http') }),
      'certificate from a bucket': sign({
        Message: good.Message,
        SigningCertURL: 'https://s3.amazonaws.com/evil/a.pem',
      }),
      'no signature': { ...good, Signature: '' },
      'too old': sign({ Message: good.Message, Timestamp: old }),
    }
    for (const [what, message] of Object.entries(bad)) {
      const reply = await post(message)
      expect([what, reply.statusCode, reply.json().error?.code]).toEqual([what, 403, 'MAIL_EVENT_REFUSED'])
    }
    expect(fetched.every((url) => url === certUrl)).toBe(true)
    expect(await read(id)).toMatchObject({ state: 'sent' })
    expect((await post({ Type: 'Other' })).statusCode).toBe(400)
    expect((await post(good)).statusCode).toBe(200)
    now = new Date('2100-01-01T00:00:00Z')
    const late = sign({ Message: good.Message, Timestamp: now.toISOString() })
    expect((await post(late)).statusCode).toBe(403)
  })
})
