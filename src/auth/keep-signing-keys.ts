import type { Logger } from '#platform/log'
import type { KeyRotation } from './rotate-signing-keys.ts'

type Deps = { rotation: Pick<KeyRotation, 'keepRotated'>; log: Logger; everyMs?: number }

/** Looks every hour, and at once, whether the signing keys are due to change, until it is closed. Any number may run. */
export function keepSigningKeys({ rotation, log, everyMs = 60 * 60_000 }: Deps): { close(): Promise<void> } {
  const look = () =>
    rotation
      .keepRotated()
      .catch((error: unknown) => log.error({ err: error }, 'The signing keys could not be looked after'))
  let running = look()
  const timer = setInterval(() => {
    running = look()
  }, everyMs).unref()
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
