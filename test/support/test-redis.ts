import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import type { Certificate } from './test-certificates.ts'

/** Whether `redis-server` is there; its tests are skipped without, which in CI is a failure. */
export const hasRedis = canRun()
if (!hasRedis) {
  if (process.env.CI) throw new Error('redis-server is not installed')
  console.warn('redis-server is not installed: its tests are skipped')
}

type Options = { isCluster?: boolean; tls?: Certificate & { ca: string }; port?: number }

export type TestRedis = AsyncDisposable & {
  url: string
  port: number
  /** The server stops answering, and goes on where it was. */
  pause(): void
  resume(): void
  close(): Promise<void>
}

/** A Redis of a test's own on loopback that keeps nothing. With `tls` it speaks nothing else. A cluster is one node with every slot. */
export async function startTestRedis({ isCluster, tls, port: wanted }: Options = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'erp-redis-'))
  const port = wanted ?? (await findFreePort())
  const settings = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--databases', '1']
  const ports = tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)]
  if (tls) {
    for (const [name, text] of Object.entries(tls)) await writeFile(join(folder, `${name}.pem`), text)
    const file = (name: string) => join(folder, `${name}.pem`)
    settings.push('--tls-cert-file', file('cert'), '--tls-key-file', file('key'), '--tls-ca-cert-file', file('ca'))
    settings.push('--tls-auth-clients', 'no')
  }
  if (isCluster) {
    const own = ['--cluster-port', String(await findFreePort()), '--cluster-announce-ip', '127.0.0.1']
    settings.push('--cluster-enabled', 'yes', ...own)
  }
  const server = spawn('redis-server', [...ports, ...settings], { stdio: 'ignore' })
  await untilListening(server, port, tls?.ca)
  if (isCluster) await giveAllSlots(port)
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  return {
    url: `${tls ? 'rediss' : 'redis'}://${tls ? 'localhost' : '127.0.0.1'}:${port}`,
    port,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function untilListening(server: ChildProcess, port: number, ca: string | undefined): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`)
    const probe = openProbe(port, ca)
    try {
      await probe.connect()
      return
    } catch {
      await wait(25)
    } finally {
      probe.disconnect()
    }
  }
  throw new Error('redis-server does not answer')
}

async function giveAllSlots(port: number): Promise<void> {
  const probe = openProbe(port)
  await probe.connect()
  await probe.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  while (!String(await probe.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await wait(25)
  probe.disconnect()
}

function openProbe(port: number, ca?: string): Redis {
  const tls = ca === undefined ? {} : { tls: { ca, servername: 'localhost' } }
  const probe = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null, ...tls })
  probe.on('error', () => undefined)
  return probe
}

function canRun(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}
