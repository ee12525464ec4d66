import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LaunchError } from './launch-error.ts'
import type { LogFile } from './log-file.ts'
import type { Running } from './roster.ts'

export type ChildOptions = {
  name: string
  /** A TypeScript file of the repository that sends `{ready: true, url}` when it serves. */
  entry: string
  env: Record<string, string | undefined>
  log: LogFile
  /** Stops it while it starts. */
  signal?: AbortSignal
  readyWithinMs?: number
}

const repository = join(import.meta.dirname, '../..')
const exitWithParent = join(import.meta.dirname, 'exit-with-parent.ts')
const stopWithinMs = 10_000

/** Starts a program of this repository as a process and waits until it is ready. Throws one sentence with the end of its log. */
export async function startChild(options: ChildOptions): Promise<Running> {
  const { entry, env, log, signal } = options
  // Its own process group: Ctrl-C reaches only us, and we stop the parts in order.
  const child = spawn(process.execPath, ['--import', exitWithParent, entry], {
    cwd: repository,
    env: { ...env, NODE_ENV: env.NODE_ENV ?? 'production' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', log.write)
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message))
    child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`))
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined
  const stop = () => stopChild(child, ended, isRunning)
  const abandon = () => void stop()
  signal?.addEventListener('abort', abandon, { once: true })
  try {
    const url = await waitUntilReady(child, ended, options)
    return {
      pid: child.pid ?? 0,
      url,
      ended,
      isRunning,
      stop,
      kill: (signal) => void (isRunning() && child.kill(signal)),
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    signal?.removeEventListener('abort', abandon)
  }
}

async function waitUntilReady(child: ChildProcess, ended: Promise<string>, options: ChildOptions): Promise<string> {
  const { name, log, readyWithinMs = 120_000 } = options
  const ready = new Promise<string>((done) => {
    child.on('message', (message: { ready?: boolean; url?: string }) => message.ready && done(message.url ?? ''))
  })
  const late = new AbortController()
  try {
    return await Promise.race([
      ready,
      ended.then((how) => {
        throw new LaunchError(describeEnd(`${name} did not start (${how}).`, log))
      }),
      pause(readyWithinMs, undefined, { signal: late.signal }).then(() => {
        throw new LaunchError(describeEnd(`${name} was not ready after ${readyWithinMs / 1_000} s.`, log))
      }),
    ])
  } finally {
    late.abort()
  }
}

/** A sentence and the end of the log it comes from. */
export function describeEnd(sentence: string, log: LogFile): string {
  const tail = log.tail(20)
  return tail === '' ? sentence : `${sentence} The end of ${log.path}:\n\n${tail.replaceAll(/^/gm, '    ')}\n`
}

async function stopChild(child: ChildProcess, ended: Promise<string>, isRunning: () => boolean): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning()) return
    child.kill(signal)
    await Promise.race([ended, pause(stopWithinMs, undefined, { ref: false })])
  }
}
