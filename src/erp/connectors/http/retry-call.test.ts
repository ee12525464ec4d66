import { describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { CallError, type HttpReply } from './call-server.ts'
import { RetryableReply, retryCall, ServerLost } from './retry-call.ts'

const signal = new AbortController().signal
const reply = (status: number, headers = {}): HttpReply => ({ status, headers, text: `${status}` })

/** Plays one outcome an attempt, the last one for ever. */
function play(...outcomes: (HttpReply | Error)[]) {
  let tries = 0
  const attempt = async () => {
    const outcome = outcomes[Math.min(tries, outcomes.length - 1)]
    tries += 1
    if (outcome instanceof Error) throw outcome
    return outcome as HttpReply
  }
  const run = (accept = (r: HttpReply) => r.text, timeLeftMs = 60_000) =>
    retryCall(attempt, accept, { retries: 3, baseDelayMs: 1, endsAt: performance.now() + timeLeftMs }, signal).then(
      (value) => value,
      (error: unknown) => (error instanceof AppError ? error.spec.code : error),
    )
  return { run, tries: () => tries }
}

describe('a call', () => {
  test.each([500, 502, 503, 504, 429])('is repeated after status %i', async (status) => {
    const { run, tries } = play(reply(status), reply(status), reply(status), reply(200))
    expect(await run()).toBe('200')
    expect(tries()).toBe(4)
  })

  test('is repeated at most three times', async () => {
    const { run, tries } = play(reply(500))
    expect(await run()).toBe('ERP_UNAVAILABLE')
    expect(tries()).toBe(4)
  })

  test('that a gateway cannot place is for another server', async () => {
    expect(await play(reply(503)).run()).toBeInstanceOf(ServerLost)
  })

  test('that nobody takes goes to another server at once', async () => {
    const { run, tries } = play(new CallError('connect'))
    expect(await run()).toBeInstanceOf(ServerLost)
    expect(tries()).toBe(1)
  })

  test('that is dropped is repeated, then goes to another server', async () => {
    expect(await play(new CallError('broken'), reply(200)).run()).toBe('200')
    expect(await play(new CallError('broken')).run()).toBeInstanceOf(ServerLost)
  })

  test('that takes too long is not repeated: the reader has waited', async () => {
    const { run, tries } = play(new CallError('timeout'))
    expect(await run()).toBe('ERP_TIMEOUT')
    expect(tries()).toBe(1)
  })

  test('whose reply makes no sense is repeated, then refused', async () => {
    const { run, tries } = play(reply(200))
    expect(
      await run(() => {
        throw new RetryableReply('html')
      }),
    ).toBe('ERP_BAD_REPLY')
    expect(tries()).toBe(4)
    expect(await play(new CallError('too-large')).run()).toBe('ERP_BAD_REPLY')
  })

  test('does not wait longer than its time', async () => {
    const { run, tries } = play(reply(429, { 'retry-after': '120' }))
    expect(await run()).toBe('ERP_RATE_LIMITED')
    expect(tries()).toBe(1)
  })

  test('waits until the window of a rate limit ends where only that is said', async () => {
    const { run, tries } = play(reply(429, { 'x-ratelimit-reset': '0' }), reply(429, { 'x-ratelimit-reset': '120' }))
    expect(await run()).toBe('ERP_RATE_LIMITED')
    expect(tries()).toBe(2)
  })

  test('is over at once when the reply says more than its status', async () => {
    let tries = 0
    const attempt = async () => {
      tries += 1
      return reply(500)
    }
    const judge = () => {
      throw new AppError(erpErrors.badReply)
    }
    const policy = { retries: 3, baseDelayMs: 1, endsAt: performance.now() + 60_000, judge }
    await expect(retryCall(attempt, String, policy, signal)).rejects.toMatchObject({ spec: { code: 'ERP_BAD_REPLY' } })
    expect(tries).toBe(1)
  })

  test('waits as long as it is told when that fits', async () => {
    const { run, tries } = play(
      reply(429, { 'retry-after': '0' }),
      reply(429, { 'retry-after': new Date().toUTCString() }),
      reply(200),
    )
    expect(await run()).toBe('200')
    expect(tries()).toBe(3)
  })

  test('passes on what is not about the call', async () => {
    const fault = new TypeError('ours')
    const failed = play(fault).run()
    expect(await failed).toBe(fault)
  })
})
