import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../../demo/postgres/free-port.ts'

const binaries = {
  prometheus: '/usr/bin/prometheus',
  promtool: '/usr/bin/promtool',
  alertmanager: '/usr/bin/prometheus-alertmanager',
  amtool: '/usr/bin/amtool',
  nodeExporter: '/usr/bin/prometheus-node-exporter',
}
const missing = Object.values(binaries).filter((path) => !existsSync(path))

/** Whether Prometheus, Alertmanager and node-exporter of Debian are there. */
export const hasMonitoring = missing.length === 0
if (!hasMonitoring) {
  if (process.env.CI) throw new Error(`${missing.join(', ')}: not installed`)
  console.warn(`${missing.join(', ')}: not installed; the tests of metrics and alerts are skipped`)
}

export const { promtool, amtool } = binaries

/** A server of the test's own on a free port of loopback. */
export type MonitoringServer = { url: string; address: string; stop(): Promise<void> }

const startMs = 60_000

/** Ports that servers of ours were sent to: a free one may be one's that is about to listen. */
const used = new Set<number>()

/** Another may take a free port before the server does; then it tries the next. */
async function start(path: string, args: (address: string) => string[], readyPath: string): Promise<MonitoringServer> {
  for (let tries = 1; ; tries += 1) {
    let port = await findFreePort()
    while (used.has(port)) port = await findFreePort()
    used.add(port)
    const address = `127.0.0.1:${port}`
    const outcome = await startAt(address, path, args(address), readyPath)
    if (typeof outcome !== 'string') return outcome
    if (tries === 5 || !outcome.includes('address already in use'))
      throw new Error(`${path} has not started: ${outcome}`)
  }
}

/** The server, or what it said instead of starting. */
async function startAt(address: string, path: string, args: string[], readyPath: string) {
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000)
  })
  const stop = () => end(child)
  const url = `http://${address}`
  const giveUpAt = Date.now() + startMs
  while (Date.now() < giveUpAt && child.exitCode === null) {
    const reply = await fetch(new URL(readyPath, url)).catch(() => undefined)
    // An answer may be that of another server that was quicker to take the port.
    if (reply?.ok && !said.includes('address already in use')) return { url, address, stop }
    await wait(100)
  }
  await stop()
  return said
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await Promise.race([exited, wait(5_000)])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await exited
}

/** `flags` are those of the unit file; where it keeps data and listens is the test's to say. */
export function startPrometheus(configFile: string, dataDir: string, flags: string[]): Promise<MonitoringServer> {
  const own = [`--config.file=${configFile}`, `--storage.tsdb.path=${dataDir}`, '--log.level=warn']
  return start(binaries.prometheus, (address) => [...flags, ...own, `--web.listen-address=${address}`], '/-/ready')
}

export function startAlertmanager(configFile: string, dataDir: string): Promise<MonitoringServer> {
  const own = [
    `--config.file=${configFile}`,
    `--storage.path=${dataDir}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ]
  return start(binaries.alertmanager, (address) => [...own, `--web.listen-address=${address}`], '/-/ready')
}

export function startNodeExporter(): Promise<MonitoringServer> {
  return start(binaries.nodeExporter, (address) => [`--web.listen-address=${address}`], '/metrics')
}

type Series = { metric: Record<string, string>; value: [number, string] }

/** What an instant query gives. Throws what Prometheus says against it. */
export async function queryPrometheus(url: string, expr: string): Promise<Series[]> {
  const reply = await fetch(new URL('/api/v1/query', url), {
    method: 'POST',
    body: new URLSearchParams({ query: expr }),
  })
  const answer = (await reply.json()) as { status: string; error?: string; data: { result: Series[] } }
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`)
  return answer.data.result
}
