import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Connection } from 'rabbitmq-client'
import { findFreePort } from '../../demo/postgres/free-port.ts'

// Debian's own start script changes user; this one of the same package runs as whoever calls it.
const script = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const epmdPath = '/usr/bin/epmd'
const startMs = 60_000

/** Whether RabbitMQ and Erlang of Debian are there. */
export const hasRabbitmq = existsSync(script) && existsSync(epmdPath)
if (!hasRabbitmq) {
  if (process.env.CI) throw new Error('rabbitmq-server is not installed')
  console.warn('rabbitmq-server is not installed: the tests of RabbitMQ are skipped')
}

export type TestRabbitmq = { url: string; kill(): Promise<void>; start(): Promise<void>; stop(): Promise<void> }

/** A RabbitMQ node of the test's own on free loopback ports: its own folder, cookie and port mapper. */
export async function startRabbitmq(): Promise<TestRabbitmq> {
  const folder = await mkdtemp(join(tmpdir(), 'erp-rabbitmq-'))
  const [port, distPort, epmdPort] = [await findFreePort(), await findFreePort(), await findFreePort()]
  await writeFile(join(folder, '.erlang.cookie'), randomBytes(20).toString('hex'), { mode: 0o400 })
  await writeFile(join(folder, 'enabled_plugins'), '[].')
  await writeFile(join(folder, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${port}\nlog.console = false\n`)
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `test-${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    // Else the shell stays as a parent, which a kill would end in place of the server.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}',
  }
  const epmd = spawn(epmdPath, ['-port', String(epmdPort), '-address', '127.0.0.1'], { stdio: 'ignore' })
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const start = async () => {
    server = spawn(script, { env, stdio: 'ignore' })
    await answer(url, server)
  }
  const end = async (child: ChildProcess | undefined) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const stop = async () => {
    await end(server)
    await end(epmd)
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return { url, start, kill: () => end(server), stop }
}

async function answer(url: string, server: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + startMs
  while (Date.now() < giveUpAt) {
    if (server.exitCode !== null) throw new Error(`rabbitmq-server has ended with ${server.exitCode}`)
    const connection = new Connection({ url, retryLow: 60_000 })
    connection.on('error', () => undefined)
    try {
      await connection.onConnect(2_000, true)
      return await connection.close()
    } catch {
      connection.unsafeDestroy()
      await wait(200)
    }
  }
  throw new Error(`rabbitmq-server has not started in ${startMs / 1000} s`)
}
