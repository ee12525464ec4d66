import { startFullSync, startNameRefresh } from '#sync'
import type { App } from '../wiring.ts'
import type { RunningRole } from './running-role.ts'

const cleanUpEveryMs = 60 * 60_000

/** Before a page that the ERP did not give is asked for again. */
const retryWaitsMs = [2_000, 15_000, 60_000]

/** The worker role: keeps the copy of the ERP and its names fresh and clears away what has expired. Any number may run; each job runs once. */
export async function startWorker({
  auth,
  config,
  copy,
  erp,
  catalog,
  names,
  database,
  log,
}: App): Promise<RunningRole> {
  const refresh = startNameRefresh({ listGroups: erp.listGroups, catalog, names, database, log })
  const { records } = erp
  const fullSync =
    records &&
    startFullSync({
      ...{ records, copy, catalog, database, log, schedule: config.sync },
      pace: { ...config.sync, retryWaitsMs },
      onEnd: refresh.now,
    })
  const cleanUp = () =>
    auth.removeExpired().then(
      (removed) => log.info({ removed }, 'Expired sign-ins and sessions were removed'),
      (error: unknown) => log.error({ err: error }, 'Expired sign-ins and sessions could not be removed'),
    )
  const timer = setInterval(() => void cleanUp(), cleanUpEveryMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await fullSync?.close()
      await refresh.close()
    },
  }
}
