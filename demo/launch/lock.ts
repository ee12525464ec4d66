import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from './launch-error.ts'

/** `started` tells a process from a later one with the same number, which containers hand out again at every start. */
type Holder = { pid: number; started: string }
export type Lock = { release: () => void }

/** One launcher per DATA_DIR. A lock whose process is gone is taken over silently. */
export function takeLock(dataDir: string): Lock {
  const path = join(dataDir, 'lock.json')
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) ?? '' }
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 })
      return { release: () => release(path, mine) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = readHolder(path)
    if (holder && startOf(holder.pid) === holder.started) {
      throw new LaunchError(
        `Already running from ${dataDir} (process ${holder.pid}). Stop it first, or choose another DATA_DIR and PORT.`,
      )
    }
    rmSync(path, { force: true })
  }
  throw new LaunchError(`Another start from ${dataDir} is under way.`)
}

function release(path: string, mine: Holder): void {
  const holder = readHolder(path)
  if (holder?.pid === mine.pid && holder.started === mine.started) rmSync(path, { force: true })
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8'))
    return Number.isInteger(holder.pid) && typeof holder.started === 'string' ? holder : undefined
  } catch {
    return undefined
  }
}

/** When a process began, in whatever unit the system gives; `undefined` when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // Field 22; the second one, the name in parentheses, may itself hold spaces.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}
