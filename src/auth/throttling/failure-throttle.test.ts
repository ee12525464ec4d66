import { beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { createMemoryRateCounters } from '#platform/rate-counters.memory'
import { authErrors } from '../errors.ts'
import type { SignIn } from '../sign-in.ts'
import { createFailureThrottle, type FailureThrottle } from './failure-throttle.ts'
import { throttleSignIn } from './throttle-sign-in.ts'

let time = 0
let throttle: FailureThrottle
const make = (limits: { perAddress: number; overall: number }) =>
  createFailureThrottle({ counters: createMemoryRateCounters({ now: () => time }), limits, name: 'test' })
/** Seconds that the address has to wait; 0 when it need not. */
const waitOf = async (address: string) =>
  await throttle.check(address).then(
    () => 0,
    (error: AppError) => error.retryAfterS,
  )
const fail = async (address: string, times: number) => {
  for (let n = 0; n < times; n++) await throttle.fail(address)
}

beforeEach(() => {
  time = 0
  throttle = make({ perAddress: 3, overall: 1_000 })
})

describe('failures', () => {
  test('up to the limit cost nothing, then 30 s, then twice as long each time', async () => {
    await fail('203.0.113.7', 2)
    expect(await waitOf('203.0.113.7')).toBe(0)
    const waits: (number | undefined)[] = []
    for (let n = 0; n < 4; n++) {
      await fail('203.0.113.7', 1)
      waits.push(await waitOf('203.0.113.7'))
      time += (waits.at(-1) ?? 0) * 1_000
      expect(await waitOf('203.0.113.7')).toBe(0)
    }
    expect(waits).toEqual([30, 60, 120, 240])
  })

  test('of one address hold up no other, and are forgotten', async () => {
    await fail('203.0.113.7', 3)
    expect(await waitOf('203.0.113.8')).toBe(0)
    expect(await waitOf('::ffff:203.0.113.7')).toBe(30)
    time += 15 * 60_000
    expect(await waitOf('203.0.113.7')).toBe(0)
    await fail('203.0.113.7', 2)
    expect(await waitOf('203.0.113.7')).toBe(0)
  })

  test('from everywhere make each address wait sooner, and shut out nobody who has not failed', async () => {
    throttle = make({ perAddress: 20, overall: 50 })
    for (let n = 0; n < 51; n++) await throttle.fail(`198.51.100.${n}`)
    expect(await waitOf('203.0.113.7')).toBe(0)
    await fail('203.0.113.7', 1)
    expect(await waitOf('203.0.113.7')).toBe(0)
    await fail('203.0.113.7', 1)
    expect(await waitOf('203.0.113.7')).toBe(30)
  })

  test('never make anyone wait longer than a quarter of an hour', async () => {
    await fail('203.0.113.7', 40)
    time += 30_000
    await fail('203.0.113.7', 1)
    expect(await waitOf('203.0.113.7')).toBeLessThanOrEqual(15 * 60)
  })
})

describe('sign-in', () => {
  const signIn = (refusal: AppError | undefined, code = 'SIGN_IN_FAILED') =>
    throttleSignIn(
      {
        start: async () => ({ kind: 'started', url: '', browserMark: '' }),
        finish: async () => ({ kind: 'failed', code }),
        refresh: async () => {
          throw refusal
        },
        end: async () => ({}),
      } as unknown as SignIn,
      throttle,
    )
  const callback = { query: new URLSearchParams(), browserMark: undefined, userAgent: undefined }
  const codeOf = async (work: Promise<unknown>) =>
    await work.then(
      () => 'ok',
      (error: AppError) => error.spec.code,
    )

  test('callbacks and refreshes that fail count together, and then the sign-in page waits too', async () => {
    const throttled = signIn(new AppError(authErrors.sessionEnded))
    await throttled.finish(callback, '203.0.113.7')
    expect(await codeOf(throttled.refresh('x', '203.0.113.7'))).toBe('SESSION_ENDED')
    await throttled.finish(callback, '203.0.113.7')
    expect(await codeOf(throttled.refresh('x', '203.0.113.7'))).toBe('RATE_LIMITED')
    expect(
      await codeOf(
        throttled.start({ returnPath: '/', browserMark: undefined, refreshToken: undefined }, '203.0.113.7'),
      ),
    ).toBe('RATE_LIMITED')
    expect(
      await codeOf(
        throttled.start({ returnPath: '/', browserMark: undefined, refreshToken: undefined }, '203.0.113.8'),
      ),
    ).toBe('ok')
    expect(await codeOf(throttled.end({ refreshToken: undefined, accessToken: undefined }, '203.0.113.7'))).toBe('ok')
  })

  test('what a server that is away fails of counts for nothing', async () => {
    const throttled = signIn(new AppError(authErrors.unavailable), 'SIGN_IN_UNAVAILABLE')
    for (let n = 0; n < 5; n++) {
      await throttled.finish(callback, '203.0.113.7')
      await codeOf(throttled.refresh('x', '203.0.113.7'))
    }
    expect(await waitOf('203.0.113.7')).toBe(0)
  })
})
