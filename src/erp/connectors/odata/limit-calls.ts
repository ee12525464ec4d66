import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import { untilAborted } from '../http/until-aborted.ts'

/** Runs calls, so many at a time; the others wait in turn. */
export type CallLimit = { run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> }

/** Throws ERP_RATE_LIMITED when `mostWaiting` calls wait already: a queue that long is not answered in time anyway. */
export function limitCalls(mostRunning: number, mostWaiting: number): CallLimit {
  const waiting: (() => void)[] = []
  let running = 0

  async function enter(signal: AbortSignal): Promise<void> {
    if (running < mostRunning) {
      running += 1
      return
    }
    if (waiting.length >= mostWaiting) throw new AppError(erpErrors.rateLimited, { retryAfterS: 10 })
    let wake: () => void = () => undefined
    // Whoever leaves passes its place on, so `running` stays as it is.
    const turn = new Promise<void>((resolve) => {
      wake = resolve
    })
    waiting.push(wake)
    try {
      await untilAborted(turn, signal)
    } catch (error) {
      const index = waiting.indexOf(wake)
      if (index >= 0) waiting.splice(index, 1)
      else leave()
      throw error
    }
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return {
    run: async (call, signal) => {
      await enter(signal)
      try {
        return await call()
      } finally {
        leave()
      }
    },
  }
}
