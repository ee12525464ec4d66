import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { AuditEntry } from '#audit'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { closeAll, start as startServer } from '../../platform/http/server-fixture.ts'
import { registerNotifyRoutes } from '../routes.ts'
import { registerSummary } from '../summary/routes.ts'
import { openEmail, startSmtp } from './email-fixture.ts'
import type { EmailEvent } from './email-store.ts'
import { createSmtpMailer } from './mailer.smtp.ts'
import { registerEmailAdmin } from './routes.ts'

let db: TestDatabase
let email: Awaited<ReturnType<typeof openEmail>>
let acts: AuditEntry[]
let isConfigured: boolean
let server: Awaited<ReturnType<typeof startServer>>['server']

beforeEach(async () => {
  db = await createTestDatabase()
  email = await openEmail(db.database)
  acts = []
  isConfigured = true
  server = (await startServer({ guard: async () => undefined })).server
  const { store, templates, queue, request: requestEmail } = email
  const actorOf = () => ({ userId: 'hyerim' })
  registerNotifyRoutes(server, { store, templates, requestEmail, actorOf })
  registerEmailAdmin(server, {
    ...{
      database: db.database,
      queue,
      store,
      actorOf,
      audit: { recordWith: async (_, entry) => void acts.push(entry) },
    },
    get isConfigured() {
      return isConfigured
    },
  })
  registerSummary(server, { database: db.database, hasMailer: true, provider: 'sink' })
})
afterEach(async () => {
  await closeAll()
  await email.close()
  await db.drop()
})

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const reply = await server.inject({
    ...{ method, url: `/api/v1/notify${path}` },
    ...(body && { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) }),
  })
  const { body: inner, error } = reply.json()
  return { status: reply.statusCode, body: inner, code: error?.code, text: reply.body }
}

/** Sends from now on to a server that refuses those for whom `refuse` says a code. */
async function send(refuse: (address: string) => number | undefined) {
  const smtp = await startSmtp({ onRecipient: (address) => refuse(address) })
  const mailer = createSmtpMailer({ url: smtp.url, from: 'bot@hanbit.example', deadlineMs: 2_000 })
  const consumer = await email.send(mailer)
  onTestFinished(async () => {
    await consumer.close()
    await mailer.close()
    await smtp.close()
  })
  return smtp
}
const request = async (...addresses: string[]) => {
  const recipients = addresses.map((address) => ({ kind: 'to' as const, address }))
  return (await email.request({ recipients })).emails[0] ?? ''
}
const stateOf = (id: string) =>
  expect.poll(async () => (await call('GET', `/emails/${id}`)).body.state, { timeout: 15_000 })
const report = (change: Partial<EmailEvent>) =>
  email.store.recordEvent({
    ...{ id: randomUUID(), kind: 'bounce', email: undefined, providerId: undefined, isPermanent: true, at: new Date() },
    ...{ addresses: [{ address: 'gone@hanbit.example' }], ...change },
  })

test('mail is found by its recipient, whatever the case, and by its time', async () => {
  const ids = [await request('minsu@hanbit.example'), await request('somi@hanbit.example', 'gaeun@hanbit.example')]
  const find = async (query: Record<string, string>) =>
    (await call('GET', `/emails?${new URLSearchParams(query)}`)).body.emails.map((one: { email: string }) => one.email)
  expect(await find({ recipient: ' Gaeun@Hanbit.example ' })).toEqual([ids[1]])
  expect(await find({ recipient: 'gaeun' })).toEqual([])
  const hour = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()
  expect(await find({ from: hour(-1), to: hour(1) })).toEqual(ids.toReversed())
  expect(await find({ from: hour(1) })).toEqual([])
  expect(await find({ to: hour(-1) })).toEqual([])
  expect(await find({ recipient: 'minsu@hanbit.example', state: 'failed' })).toEqual([])
  expect((await call('GET', '/emails?from=yesterday')).status).toBe(400)
})

test('what was refused is sent again, only to whom it has not reached, and that is on record', async () => {
  let isFull = true
  const smtp = await send((address) => (isFull && address.startsWith('somi') ? 550 : undefined))
  const id = await request('minsu@hanbit.example', 'somi@hanbit.example')
  await stateOf(id).toBe('sent')
  await report({ id: 'e-1', kind: 'delivery', email: id, addresses: [{ address: 'minsu@hanbit.example' }] })
  const shown = (await call('GET', `/emails/${id}`)).body
  expect(shown.recipients.map((one: { state: string }) => one.state)).toEqual(['delivered', 'failed'])
  expect(shown.events).toMatchObject([{ kind: 'delivery', at: expect.stringMatching(/Z$/) }])
  isFull = false
  expect((await call('POST', `/emails/${id}/retry`)).status).toBe(202)
  await expect.poll(() => smtp.received.length, { timeout: 15_000 }).toBe(2)
  expect(smtp.received[1]?.recipients).toEqual(['somi@hanbit.example'])
  expect(acts).toMatchObject([{ actorId: 'hyerim', action: 'email.retry', details: { email: id } }])
  await stateOf(id).toBe('sent')
  expect(await call('POST', `/emails/${id}/retry`)).toMatchObject({ status: 409, code: 'MAIL_NOTHING_TO_RETRY' })
  expect(await call('POST', `/emails/${randomUUID()}/retry`)).toMatchObject({ status: 404, code: 'MAIL_UNKNOWN' })
})

test('what was given up after its last try is sent again, and its dead letter is gone', async () => {
  const id = await request('minsu@hanbit.example')
  expect(await call('POST', `/emails/${id}/retry`)).toMatchObject({ status: 409, code: 'MAIL_STILL_SENDING' })
  await sql`update emails set state = 'failed' where email = ${id}`.execute(db.database.kysely)
  await sql`delete from pgboss.job`.execute(db.database.kysely)
  for (const about of [id, randomUUID()])
    await sql`insert into queue_dead_letters (queue, message_id, message, reason, deliveries)
      values ('notify.email', ${about}, ${JSON.stringify({ body: { email: about } })}, 'x', 13)`.execute(
      db.database.kysely,
    )
  isConfigured = false
  expect((await call('POST', `/emails/${id}/retry`)).code).toBe('MAIL_NOT_CONFIGURED')
  isConfigured = true
  expect((await call('POST', `/emails/${id}/retry`)).status).toBe(202)
  const smtp = await send(() => undefined)
  await stateOf(id).toBe('sent')
  expect(smtp.received).toHaveLength(1)
  expect((await email.queue.deadLetters.counts()).map(({ count }) => count)).toEqual([1])
})

test('suppressed addresses are listed and lifted for a reason, and then get mail again', async () => {
  await report({})
  await report({ kind: 'complaint', isPermanent: false, addresses: [{ address: 'angry@hanbit.example' }] })
  const smtp = await send(() => undefined)
  const id = await request('gone@hanbit.example')
  await stateOf(id).toBe('suppressed')
  expect((await call('POST', `/emails/${id}/retry`)).code).toBe('MAIL_NOTHING_TO_RETRY')
  const first = (await call('GET', '/suppressions?limit=1')).body
  expect(first.suppressions).toMatchObject([{ address: 'angry@hanbit.example', reason: 'complaint' }])
  expect((await call('GET', `/suppressions?limit=1&after=${first.next}`)).body.suppressions).toHaveLength(1)
  const [{ suppression }] = (await call('GET', '/suppressions?address=GONE@hanbit.example')).body.suppressions
  expect((await call('POST', `/suppressions/${suppression}/lift`, {})).status).toBe(400)
  const lifted = await call('POST', `/suppressions/${suppression}/lift`, { reason: '주소를 다시 만들었어요' })
  expect(lifted.body).toMatchObject({ address: 'gone@hanbit.example', reason: 'bounce' })
  const again = await call('POST', `/suppressions/${suppression}/lift`, { reason: '한 번 더' })
  expect(again).toMatchObject({ status: 404, code: 'MAIL_SUPPRESSION_UNKNOWN' })
  expect(acts).toEqual([
    {
      ...{ actorId: 'hyerim', action: 'email.suppression-lift', outcome: 'ok', ip: expect.any(String) },
      details: { suppressedFor: 'bounce' },
      personal: { address: 'gone@hanbit.example', reason: '주소를 다시 만들었어요' },
    },
  ])
  expect((await call('POST', `/emails/${id}/retry`)).status).toBe(202)
  await stateOf(id).toBe('sent')
  expect(smtp.received).toHaveLength(1)
})

test('the summary counts a day and a week by what became of messages', async () => {
  const ids = [await request('a@hanbit.example'), await request('b@hanbit.example'), await request('c@hanbit.example')]
  const { kysely } = db.database
  await sql`update emails set state = 'bounced', requested_at = now() - interval '2 days' where email = ${ids[0]}`.execute(
    kysely,
  )
  await sql`update emails set state = 'delivered', requested_at = now() - interval '8 days' where email = ${ids[1]}`.execute(
    kysely,
  )
  await sql`insert into push_messages (push, requested_by, kind, content, state, due_at)
    values (gen_random_uuid(), 'x', 'data', '', 'cancelled', now())`.execute(kysely)
  await report({})
  const none = { pending: 0, sent: 0, failed: 0, held: 0 }
  expect((await call('GET', '/summary')).body).toEqual({
    mail: {
      ...{ isConfigured: true, suppressedAddresses: 1 },
      ...{ day: { ...none, pending: 1 }, week: { ...none, pending: 1, failed: 1 } },
    },
    push: { provider: 'sink', devices: 0, day: { ...none, held: 1 }, week: { ...none, held: 1 } },
  })
})
