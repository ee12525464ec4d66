import type { AddressInfo } from 'node:net'
import { describeCall } from '#audit'
import { registerDeadLetters } from '#dead-letters'
import { createHttpServer } from '#platform/http-server'
import { serveStaticFiles } from '#platform/static-files'
import { receiveChanges, registerSyncAdmin, startSourceReports } from '#sync'
import { registerStatus, watchDependencies } from '#telemetry'
import { registerTrainingAdmin } from '#training'
import type { App } from '../wiring.ts'
import { registerAbout } from './about.ts'
import { listDependencies } from './dependencies.ts'
import type { RunningRole } from './running-role.ts'

/** The http role: API, WebSocket chat, web UI and probes. `ownNlu` is the address of this process's own nlu role, if it runs. */
export async function startHttp(app: App, ownNlu?: string): Promise<RunningRole> {
  const { config, auth, audit, catalog, copy, database, erp, testConnection } = app
  const addresses = config.nlu.addresses ?? (ownNlu ? [ownNlu] : [])
  const nlu = app.connectUnderstanding(addresses)
  const chat = app.openChat(nlu)
  const readiness = {
    'signing keys': auth.checkReady,
    sessions: auth.checkTokenStore,
    understanding: nlu.checkReady,
    queue: app.queue.checkReady,
  }
  const server = await createHttpServer({
    log: app.log,
    metrics: app.metrics,
    publicUrl: app.publicUrl,
    https: app.watchCertificates('http'),
    guard: auth.guard,
    ...{ counters: app.counters, limits: config.limits.http, ...config.limits.from },
    onCall: (call) => audit.record(describeCall(call), 'call'),
    readiness: { database: database.check, ...readiness },
    callsTo: app.push.callsOfBrowsers,
  })
  registerAbout(server, config)
  auth.registerRoutes(server)
  chat.registerRoutes(server)
  app.auditTrail.registerRoutes(server, auth.actorOf)
  registerSyncAdmin(server, {
    ...{ audit, catalog, copy, database, erp, testConnection },
    schedule: config.sync,
    actorOf: auth.actorOf,
  })
  app.notify.registerRoutes(server, { actorOf: auth.actorOf, provider: app.push.provider })
  app.push.registerRoutes(server, { actorOf: auth.actorOf })
  registerDeadLetters(server, { database, audit, deadLetters: app.queue.deadLetters, actorOf: auth.actorOf })
  app.subscriptions.registerRoutes(server, { actorOf: auth.actorOf })
  const { topicArn } = config.mail
  if (topicArn !== undefined) app.notify.registerEvents(server, { topicArn })
  const { understand } = nlu
  registerTrainingAdmin(server, app.training, { queue: app.queue, actorOf: auth.actorOf, understand })
  const { names, metrics, log } = app
  const { records } = erp
  const { secret } = config.changes
  const changes = receiveChanges(server, {
    ...{ catalog, copy, database, records, names, metrics, log, secret },
    onTouched: app.subscriptions.noteChanges,
  })
  const reports = changes && startSourceReports({ database, status: changes.status, log })
  const watch = watchDependencies({ dependencies: listDependencies(app, nlu), log: app.logs.system, metrics })
  registerStatus(server, watch)
  await serveStaticFiles(server, config.http.webDir, app.publicUrl)
  await server.listen({ host: config.http.host, port: config.http.port })
  const { port } = server.server.address() as AddressInfo
  return {
    readiness,
    url: `${config.http.tls ? 'https' : 'http'}://${config.http.host}:${port}`,
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]()
      await server.close()
      await reports?.close()
      await changes?.close()
      nlu.close()
    },
  }
}
