import type { FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { ActorNames, AuditLog } from '#audit'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { Consumer, MessageQueue } from '#platform/queue'
import { registerDeviceAdmin } from './devices/admin-routes.ts'
import { createPostgresDeviceStore } from './devices/device-store.postgres.ts'
import { registerDeviceRoutes } from './devices/routes.ts'
import type { ServiceAccount } from './fcm/service-account.ts'
import { createPushMetrics } from './push-metrics.ts'
import { batchQueue, pushQueue } from './push-queue.ts'
import { createFcmSender } from './push-sender.fcm.ts'
import { createSinkSender } from './push-sender.sink.ts'
import type { PushSender } from './push-sender.ts'
import { createPostgresPushStore } from './push-store.postgres.ts'
import type { FindPeople } from './push-target.ts'
import { type PushRequest, type RequestedPush, requestPush } from './request-push.ts'
import { registerPushRoutes } from './routes.ts'
import { createBatchSender } from './send-batch.ts'
import { listSink } from './sink-records.ts'
import { createPushSpreader } from './spread-push.ts'
import { type BrowserApp, firebaseOrigins, registerWebPush } from './web-push.ts'

export { readServiceAccount } from './fcm/service-account.ts'
export { pushQueues } from './push-queue.ts'
export { sealedPushColumns } from './sealed-columns.ts'

type Deps = {
  database: Database
  queue: MessageQueue
  cipher: FieldCipher
  audit: AuditLog
  /** Who people are, by their ids. */
  names: ActorNames
  findPeople: FindPeople
  /** Firebase as it is configured; without it messages are recorded and not sent. */
  fcm: FcmAccess | undefined
  log: Logger
  metrics: Metrics
}

/** `endpoint`, `ca`: of a server other than Google's. `web`: the web app that browsers register with, if they are to. */
export type FcmAccess = {
  account: ServiceAccount
  endpoint: string | undefined
  ca: string | undefined
  web?: Omit<BrowserApp, 'projectId'> | undefined
}

/** Push messages as the rest of the product sees them. */
export type Push = {
  /** Firebase, or where messages are recorded instead. */
  provider: 'fcm' | 'sink'
  /** Origins that a browser calls to be registered. */
  callsOfBrowsers: readonly string[]
  /** Has a message sent, in the transaction of what causes it if one is given. Throws AppError naming the limit that it is over. */
  requestPush(request: PushRequest, within?: Kysely<unknown>): Promise<RequestedPush>
  registerRoutes(server: HttpServer, deps: { actorOf: (request: FastifyRequest) => { userId: string } }): void
  /** Sends what is requested from now on. */
  startSending(): Promise<Consumer>
  /** Removes records of messages that are older. Answers how many there were. */
  removeOlderThan(days: number): Promise<number>
}

/** Batches that a worker has under way: while one waits for its last replies another goes on. */
const batchesAtOnce = 2
const drainMs = 10_000

/** Opens push messages over the queue, to Firebase or into the sink. */
export function createPush({ database, queue, cipher, audit, names, findPeople, fcm, ...deps }: Deps): Push {
  const browserApp = fcm?.web && { ...fcm.web, projectId: fcm.account.projectId }
  const log = deps.log.child({ 'event.module': 'push' })
  const metrics = createPushMetrics(deps.metrics)
  const store = createPostgresPushStore({ database, cipher })
  const devices = createPostgresDeviceStore({ database, cipher })
  const requesting = { database, queue, store, now: () => new Date() }
  const request: Push['requestPush'] = (push, within) => requestPush(requesting, push, within)
  const openSender = (): PushSender =>
    fcm ? createFcmSender({ ...fcm, metrics }) : createSinkSender({ database, cipher })
  return {
    provider: fcm ? 'fcm' : 'sink',
    callsOfBrowsers: browserApp ? firebaseOrigins : [],
    requestPush: request,
    registerRoutes: (server, { actorOf }) => {
      registerPushRoutes(server, {
        ...{ database, store, devices, names, audit, actorOf, requestPush: request, deadLetters: queue.deadLetters },
        listSink: (filter) => listSink({ kysely: database.kysely, cipher }, filter),
      })
      registerWebPush(server, browserApp)
      registerDeviceRoutes(server, { database, devices, findPeople, audit, actorOf })
      registerDeviceAdmin(server, { database, devices, findPeople, audit, names, actorOf })
    },
    startSending: async () => {
      const sender = openSender()
      const spread = createPushSpreader({ store, queue, findPeople })
      const send = createBatchSender({ store, sender, metrics, log })
      const spreading = await queue.consume(pushQueue, { prefetch: 2, drainMs }, spread)
      const sending = await queue.consume(batchQueue, { prefetch: batchesAtOnce, drainMs }, send)
      const close = async () => {
        await Promise.all([spreading.close(), sending.close()])
        await sender.close()
      }
      return { close, [Symbol.asyncDispose]: close }
    },
    removeOlderThan: store.removeOlderThan,
  }
}
