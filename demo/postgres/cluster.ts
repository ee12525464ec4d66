import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { PostgresBinaries } from './binaries.ts'
import type { ServerUser } from './server-user.ts'

export const superuser = 'postgres'

/** A folder holding a PostgreSQL cluster and, beside it, its superuser's password (0600). */
export type Cluster = { folder: string; password: string }

const run = promisify(execFile)

/** Opens the cluster in `dataDir`, making it first where there is none. A creation that was cut short is started over. */
export async function prepareCluster(dataDir: string, binaries: PostgresBinaries, user?: ServerUser): Promise<Cluster> {
  const folder = join(dataDir, 'cluster')
  const passwordFile = join(dataDir, 'password')
  const existing = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (existing !== undefined) {
    const password = await readFile(passwordFile, 'utf8')
    await requireSameVersion(existing.trim(), binaries, folder)
    return { folder, password }
  }
  const password = randomBytes(24).toString('base64url')
  await writeFile(passwordFile, password, { mode: 0o600 })
  const partial = join(dataDir, 'cluster.partial')
  await rm(partial, { recursive: true, force: true })
  await initialise(partial, password, binaries, user)
  await rename(partial, folder)
  return { folder, password }
}

async function initialise(
  folder: string,
  password: string,
  binaries: PostgresBinaries,
  user?: ServerUser,
): Promise<void> {
  const passwordFile = `${folder}.password`
  await mkdir(folder, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [folder, passwordFile]) await chown(path, user.uid, user.gid)
  // The builtin provider sorts Hangul by code point, which is dictionary order, and needs neither ICU nor a system locale.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const access = [`--username=${superuser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  try {
    await run(binaries.initdb, [`--pgdata=${folder}`, ...access, ...locale, '--no-sync', '--no-instructions'], {
      ...(user && { uid: user.uid, gid: user.gid }),
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      timeout: 60_000,
    })
  } catch (error) {
    throw new Error(`PostgreSQL could not make its files in ${folder}: ${lastLine(error)}`, { cause: error })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

async function requireSameVersion(version: string, binaries: PostgresBinaries, folder: string): Promise<void> {
  const { stdout } = await run(binaries.postgres, ['--version'])
  const program = /(\d+)/.exec(stdout)?.[1]
  if (program !== version) {
    throw new Error(
      `${folder} was made by PostgreSQL ${version}, but PostgreSQL ${program} is installed. Start over with --reset, or use another DATA_DIR.`,
    )
  }
}

/** Makes `dataDir` a folder that only its owner enters: us, or as root the account PostgreSQL runs as. */
export async function prepareFolder(dataDir: string, user?: ServerUser): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o711 })
  if (user) await chown(dataDir, user.uid, user.gid)
  await chmod(dataDir, 0o700)
}

function lastLine(error: unknown): string {
  const text = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : ''
  return text.trim().split('\n').at(-1) || String(error)
}
