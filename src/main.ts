import { once } from 'node:events'
import { AppError } from '#platform/errors'
import { serveMetrics } from '#platform/metrics-server'
import { requireTls13 } from '#platform/tls-version'
import { watchProcess } from '#telemetry'
import { ConfigError, type ProcessRole, readConfig } from './config.ts'
import { startHttp } from './processes/http.ts'
import { startNlu } from './processes/nlu.ts'
import type { RunningRole } from './processes/running-role.ts'
import { startWorker } from './processes/worker.ts'
import { type App, wire } from './wiring.ts'

// The worker first, because it fetches the names that the nlu role reads; http last, because it needs the nlu role.
const start: [ProcessRole, (app: App, running: Map<ProcessRole, RunningRole>) => Promise<RunningRole>][] = [
  ['worker', startWorker],
  ['nlu', startNlu],
  ['http', (app, running) => startHttp(app, running.get('nlu')?.url)],
]

function describeFault(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  if (error instanceof AppError) return `${error.spec.code}: ${error.sentence('en')}`
  if (isTaken(error))
    return `Port ${error.port} on ${error.address} is taken by another program. Choose another with PORT.`
  return String((error as Error).stack ?? error)
}

function isTaken(error: unknown): error is { address: string; port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error
}

async function run(): Promise<void> {
  requireTls13()
  const stopped = Promise.race([
    once(process, 'SIGINT'),
    once(process, 'SIGTERM'),
    ...(process.send ? [once(process, 'disconnect')] : []),
  ])
  await using app = await wire(readConfig())
  await using stack = new AsyncDisposableStack()
  const running = new Map<ProcessRole, RunningRole>()
  stack.use(watchProcess({ log: app.logs.system, database: app.database, roles: app.config.roles }))
  for (const [role, startRole] of start) {
    if (app.config.roles.includes(role)) running.set(role, stack.use(await startRole(app, running)))
  }
  const { listen } = app.config.metrics
  if (listen) {
    const readiness = Object.assign(
      { database: app.database.check },
      ...[...running.values()].map((role) => role.readiness),
    )
    const from = app.config.limits.from.metricsFrom
    const https = app.watchCertificates('http')
    stack.use(await serveMetrics(listen, { log: app.log, metrics: app.metrics, readiness, from, https }))
  }
  process.send?.({ ready: true, url: running.get('http')?.url ?? running.get('nlu')?.url ?? '' })
  app.log.info({ roles: app.config.roles, url: running.get('http')?.url }, 'ready')
  await stopped
  app.log.info('stopping')
}

try {
  await run()
} catch (error) {
  // No logger yet, or none that can be trusted: the terminal and the launcher read standard error.
  process.stderr.write(`${describeFault(error)}\n`)
  process.exitCode = 1
}
if (process.connected) process.disconnect()
