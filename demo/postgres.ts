import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findPostgresBinaries, type PostgresBinaries } from './postgres/binaries.ts'
import { type Cluster, prepareCluster, prepareFolder, superuser } from './postgres/cluster.ts'
import { findFreePort, probePort } from './postgres/free-port.ts'
import { chooseServerUser, requireReachable, type ServerUser } from './postgres/server-user.ts'

export type PostgresOptions = {
  /** Kept between starts: the cluster and its superuser's password. */
  dataDir: string
  /** On 127.0.0.1; any free one when absent. */
  port?: number
  /** Gets PostgreSQL's own log, a chunk at a time. Statements are never in it. */
  log?: (text: string) => void
  /** More server settings, such as `{ fsync: 'off' }` for a database that will be thrown away. */
  settings?: Record<string, string>
}

export type PostgresServer = {
  port: number
  pid: number
  /** Connection URL of a database, as the superuser. */
  url: (database: string) => string
  /** Settles when the server is gone, by itself or by `stop()`. */
  exited: Promise<void>
  isRunning: () => boolean
  kill: (signal: NodeJS.Signals) => void
  /** Fast shutdown: open connections are ended. */
  stop: () => Promise<void>
}

const defaultSettings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
  max_replication_slots: '8',
  max_wal_senders: '8',
  // A slot that nobody follows any more must not fill the disk.
  max_slot_wal_keep_size: '2GB',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Statements hold personal data: none of them reaches the log, not even failing ones.
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
}

/** Starts PostgreSQL on loopback with its files in `dataDir`. Stops by itself when this process ends, however it ends. Throws one sentence on failure. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir)
  const [binaries, user] = await Promise.all([findPostgresBinaries(), chooseServerUser()])
  if (user) for (const path of [dataDir, binaries.postgres]) await requireReachable(path, user)
  await prepareFolder(dataDir, user)
  const cluster = await prepareCluster(dataDir, binaries, user)
  await waitForEarlierServer(cluster.folder)
  if (options.port !== undefined && (await probePort(options.port)) === undefined) {
    throw new Error(`Port ${options.port} on 127.0.0.1 is taken, so PostgreSQL cannot listen there.`)
  }
  const port = options.port ?? (await findFreePort())
  const child = launch({ binaries, cluster, port, user, settings: { ...defaultSettings, ...options.settings } })
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  await waitUntilReady(child, options.log)
  const url = (database: string) => `postgres://${superuser}:${cluster.password}@127.0.0.1:${port}/${database}`
  return {
    port,
    pid: child.pid ?? 0,
    url,
    exited,
    isRunning: () => isRunning(child),
    kill: (signal) => void (isRunning(child) && child.kill(signal)),
    stop: () => stop(child, exited),
  }
}

type Launch = {
  binaries: PostgresBinaries
  cluster: Cluster
  port: number
  user: ServerUser | undefined
  settings: Record<string, string>
}

function launch({ binaries, cluster, port, user, settings }: Launch): ChildProcess {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Its own process group: Ctrl-C in the terminal must not stop it before the services that use it.
  const child = spawn(binaries.postgres, ['-D', cluster.folder, '-p', String(port), ...flags], {
    ...(user && { uid: user.uid, gid: user.gid }),
    cwd: cluster.folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
  })
  if (child.pid !== undefined && process.platform !== 'win32') stopWithUs(child, child.pid)
  return child
}

/**
 * A shell that waits for the end of our pipe: when this process dies, even by SIGKILL, it asks PostgreSQL to stop. As whoever uses it
 * may be ending, too, and has things to write down, it lets their sessions end by themselves first, for as long as
 * `exit-with-parent.ts` gives them.
 */
function stopWithUs(child: ChildProcess, pid: number): void {
  const script =
    'read _; kill -TERM "$1"; for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$1" || exit; done; kill -INT "$1"'
  const watcher = spawn('/bin/sh', ['-c', script, 'stop-postgres', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.once('error', () => undefined)
  watcher.unref()
  child.once('exit', () => watcher.kill('SIGKILL'))
}

async function waitUntilReady(child: ChildProcess, log: PostgresOptions['log']): Promise<void> {
  let text = ''
  await new Promise<void>((done, fail) => {
    const onText = (chunk: string) => {
      log?.(chunk)
      if (text.length > 20_000) return
      text += chunk
      if (text.includes('ready to accept connections')) done()
    }
    child.stderr?.setEncoding('utf8').on('data', onText)
    child.once('error', (error) => fail(new Error(`PostgreSQL did not start: ${error.message}`)))
    child.once('exit', () => fail(new Error(`PostgreSQL did not start: ${explain(text)}`)))
  })
}

function explain(text: string): string {
  const fatal = /FATAL: +(.*)/.exec(text)?.[1]
  return fatal ?? text.trim().split('\n').at(-1) ?? 'it gave no reason'
}

/** A server whose launcher was killed needs a moment to leave the same folder: 10 s for its sessions, and its own end. */
async function waitForEarlierServer(folder: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    const pid = Number((await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
    if (!pid || !isAlive(pid)) return
    await pause(100)
  }
  throw new Error(`Another PostgreSQL is already running in ${folder}.`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Fast shutdown, which ends connections; harder when that takes more than 10 s. */
async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isRunning(child)) return
    child.kill(signal)
    await Promise.race([exited, pause(10_000, undefined, { ref: false })])
  }
}
