import { describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { CallError, type HttpReply } from './call-server.ts'
import { openRetryBudget } from './retry-budget.ts'
import { RetryableReply, type RetryPolicy, retryCall, ServerLost } from './retry-call.ts'

const signal = new AbortController().signal
const reply = (status: number, headers = {}): HttpReply => ({ status, headers, text: `${status}` })

const budget = () => openRetryBudget({ retries: 3, budgetMs: 60_000 })

/** Plays one outcome an attempt, the last one for ever. */
function play(...outcomes: (HttpReply | Error)[]) {
  let tries = 0
  const attempt = async () => {
    const outcome = outcomes[Math.min(tries, outcomes.length - 1)]
    tries += 1
    if (outcome instanceof Error) throw outcome
    return outcome as HttpReply
  }
  const run = (accept = (r: HttpReply) => r.text, timeLeftMs = 60_000, more: Partial<RetryPolicy> = {}) =>
    retryCall(
      attempt,
      accept,
      { retries: budget(), baseDelayMs: 1, endsAt: performance.now() + timeLeftMs, ...more },
      signal,
    ).then(
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
    const policy = { retries: budget(), baseDelayMs: 1, endsAt: performance.now() + 60_000, judge }
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

  test('reads a date by the clock of the server, which may be hours from ours', async () => {
    const at = Date.UTC(2026, 10, 23, 4)
    const date = (ms: number) => new Date(at + ms).toUTCString()
    const waits = { date: date(0), 'retry-after': date(120_000) }
    expect(await play(reply(429, waits)).run()).toBe('ERP_RATE_LIMITED')
    const ready = { date: date(0), 'retry-after': date(0) }
    expect(await play(reply(429, ready), reply(200)).run()).toBe('200')
  })

  test('goes to another server rather than wait for one that wants seconds of quiet', async () => {
    const { run, tries } = play(reply(503, { 'retry-after': '3' }))
    expect(await run()).toMatchObject({ name: 'ServerLost', retryAfterMs: 3_000 })
    expect(tries()).toBe(1)
  })

  test('shares its retries with the other calls of an answer', async () => {
    const retries = openRetryBudget({ retries: 3, budgetMs: 60_000 })
    let tries = 0
    const call = () =>
      retryCall(
        async () => {
          tries += 1
          return reply(500)
        },
        String,
        { retries, baseDelayMs: 1, endsAt: performance.now() + 60_000 },
        signal,
      )
    const all = await Promise.allSettled([call(), call(), call()])
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(tries).toBe(3 + 3)
  })

  test('begins no retry after the time of the answer', async () => {
    const retries = openRetryBudget({ retries: 3, budgetMs: 0 })
    const { run, tries } = play(reply(500))
    expect(await run(undefined, 60_000, { retries })).toBe('ERP_UNAVAILABLE')
    expect(tries()).toBe(1)
  })

  test.each<[string, HttpReply | CallError, number]>([
    ['broken off', new CallError('broken'), 1],
    ['an error', reply(500), 1],
    ['busy', reply(503), 4],
    ['limited', reply(429), 4],
  ])('that counts once is not repeated when it may have been taken: %s', async (_, outcome, tries) => {
    const played = play(outcome)
    await played.run(undefined, 60_000, { once: true })
    expect(played.tries()).toBe(tries)
  })

  test('passes on what is not about the call', async () => {
    const fault = new TypeError('ours')
    const failed = play(fault).run()
    expect(await failed).toBe(fault)
  })
})
