import { AppError } from '#platform/errors'
import { readNeighbourhood } from '#platform/networks'
import { platformErrors } from '#platform/platform-errors'
import type { RateCounters } from '#platform/rate-counters'

/** Failures within a quarter of an hour before an address has to wait, and of all addresses before each gets a tenth of that. */
export type FailureLimits = { perAddress: number; overall: number }

export type FailureThrottle = {
  /** Throws RATE_LIMITED, with when to come back, while the address has to wait. */
  check(address: string): Promise<void>
  /** Tells of a failure of whoever calls from the address. */
  fail(address: string): Promise<void>
}

type Deps = { counters: RateCounters; limits: FailureLimits; name: string }

const windowMs = 15 * 60_000
const firstWaitMs = 30_000
const strict = 10

/**
 * Makes whoever fails again and again wait: 30 s, then twice as long each time, a quarter of an hour at most. Many failures from
 * many addresses never shut out those who have not failed: that would let anyone with a few machines end everyone's sign-in.
 * Instead every address is allowed fewer.
 */
export function createFailureThrottle({ counters, limits, name }: Deps): FailureThrottle {
  return {
    async check(address) {
      const { count, resetMs } = await counters.read(`${name} waits ${readNeighbourhood(address)}`)
      if (count === 0) return
      const seconds = Math.max(1, Math.ceil(resetMs / 1_000))
      throw new AppError(platformErrors.rateLimited, { params: { seconds }, retryAfterS: seconds })
    },
    async fail(address) {
      const from = readNeighbourhood(address)
      const [own, all] = await Promise.all([
        counters.add(`${name} failed ${from}`, windowMs),
        counters.add(`${name} failed`, windowMs),
      ])
      const allowed = Math.max(1, Math.floor(limits.perAddress / (all.count > limits.overall ? strict : 1)))
      if (own.count < allowed) return
      await counters.add(`${name} waits ${from}`, Math.min(windowMs, firstWaitMs * 2 ** (own.count - allowed)))
    },
  }
}
