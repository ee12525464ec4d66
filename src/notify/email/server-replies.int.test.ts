import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSmtp, toAll, until } from './email-fixture.ts'
import { openEachTime, start } from './send-email-fixture.ts'

const { email, read, sendOver, stateOf } = openEachTime()

describe('what a server says', () => {
  test('not now (4xx) is tried again; never (5xx) is not', async () => {
    let tries = 0
    const smtp = await start({
      onMessage: ([recipient]) => (recipient === 'never@hanbit.example' ? 554 : tries++ === 0 ? 451 : undefined),
    })
    await sendOver(smtp.url)
    const never = await email().request({ recipients: [{ kind: 'to', address: 'never@hanbit.example' }] })
    const later = await email().request()
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
    expect(await email().queue.deadLetters.list({ limit: 10 })).toEqual([])
  })

  test('of one recipient leaves the others alone: one is refused, one put off, and the rest get it once', async () => {
    let tries = 0
    const smtp = await start({
      onRecipient: (address) =>
        address.startsWith('person0@') ? 550 : address.startsWith('person1@') && tries++ === 0 ? 450 : undefined,
    })
    await sendOver(smtp.url)
    const { emails } = await email().request({ recipients: toAll(4) })
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
    const { emails } = await email().request()
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
    const { emails } = await email().request()
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
    const { emails } = await email().request()
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
    const { emails } = await email().request()
    const record = await until(
      () => read(emails[0]),
      ({ error }) => error !== null,
    )
    expect(record).toMatchObject({ state: 'requested', error: 'MAIL_SERVER_UNREACHABLE' })
  })
})
