import { keepSigningKeys } from '#auth'
import {
  measureCopy,
  openChangeSource,
  startFollowing,
  startFullSync,
  startNameRefresh,
  startSourceReports,
} from '#sync'
import { startKeepingLogs } from '#telemetry'
import { startTraining } from '#training'
import type { App } from '../wiring.ts'
import type { RunningRole } from './running-role.ts'

const cleanUpEveryMs = 60 * 60_000
/** How long what was sent, and to whom, can be looked up. */
const mailDays = 90

/** Before a page that the ERP did not give is asked for again. */
const retryWaitsMs = [2_000, 15_000, 60_000]

/** The worker role: keeps the copy of the ERP and its names fresh and clears away what has expired. Any number may run; each job runs once. */
export async function startWorker(app: App): Promise<RunningRole> {
  const { auth, config, copy, erp, catalog, names, database, log, metrics } = app
  measureCopy(metrics, copy, log)
  const refresh = startNameRefresh({ listGroups: erp.listGroups, catalog, names, database, log })
  const { records } = erp
  const fullSync =
    records &&
    startFullSync({
      ...{ records, copy, catalog, database, log, schedule: config.sync },
      pace: { ...config.sync, retryWaitsMs },
      onEnd: refresh.now,
    })
  const changes = followErp(app)
  const signingKeys = keepSigningKeys({ rotation: app.signingKeys, log })
  const sending = await app.notify.startSending()
  const pushing = await app.push.startSending()
  const training = await startTraining(app.training, app.queue)
  const subscriptions = await app.subscriptions.startWork()
  const cleanUp = () =>
    auth.removeExpired().then(
      (removed) => log.info({ removed }, 'Expired sign-ins and sessions were removed'),
      (error: unknown) => log.error({ err: error }, 'Expired sign-ins and sessions could not be removed'),
    )
  const upkeep = app.auditTrail.startUpkeep()
  const keeping = startKeepingLogs({ database, logs: app.logs, metrics: app.metrics })
  const forgetMails = () =>
    Promise.all([app.notify.removeOlderThan(mailDays), app.push.removeOlderThan(mailDays)]).then(
      ([mails, pushes]) => log.info({ mails, pushes }, 'Records of old mails and push messages were removed'),
      (error: unknown) => log.error({ err: error }, 'Records of old mails and push messages could not be removed'),
    )
  const timer = setInterval(() => {
    void cleanUp()
    void forgetMails()
  }, cleanUpEveryMs)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await upkeep[Symbol.asyncDispose]()
      await signingKeys.close()
      await pushing.close()
      await subscriptions.close()
      await sending?.close()
      await training.close()
      await changes?.close()
      await fullSync?.close()
      await refresh.close()
      // Last: what the others put on record while they close is sent, too.
      await keeping[Symbol.asyncDispose]()
    },
  }
}

/** Follows the ERP's changes where the mapping says how and the configuration from where. */
function followErp({ config, catalog, copy, database, erp, names, metrics, log, subscriptions }: App) {
  const { records } = erp
  const source = openChangeSource({ ...config.changes, catalog, records, log })
  if (!source) return undefined
  const following = startFollowing({
    ...{ source, catalog, copy, database, records, names, metrics, log },
    onTouched: subscriptions.noteChanges,
  })
  const reports = startSourceReports({ database, status: following.status, log })
  return {
    async close() {
      await reports.close()
      await following.close()
    },
  }
}
