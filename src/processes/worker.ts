import { startNameRefresh } from '#sync'
import type { App } from '../wiring.ts'
import type { RunningRole } from './running-role.ts'

const cleanUpEveryMs = 60 * 60_000

/** The worker role: keeps the ERP's names fresh and clears away what has expired. Any number may run; each job runs once. */
export async function startWorker({ auth, erp, catalog, names, database, log }: App): Promise<RunningRole> {
  const refresh = startNameRefresh({ listGroups: erp.listGroups, catalog, names, database, log })
  const cleanUp = () =>
    auth.removeExpired().then(
      (removed) => log.info({ removed }, 'Expired sign-ins and sessions were removed'),
      (error: unknown) => log.error({ err: error }, 'Expired sign-ins and sessions could not be removed'),
    )
  const timer = setInterval(() => void cleanUp(), cleanUpEveryMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await refresh.close()
    },
  }
}
