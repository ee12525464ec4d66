import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { LaunchError } from './launch-error.ts'
import { takeLock } from './lock.ts'

const markerName = 'erp-chatbot-data'
const marker = 'Data of the ERP chatbot, made by npm start. Remove it with: npm start -- --reset\n'

/** Makes DATA_DIR ready for use, or says in one sentence why it is not. Refuses a folder that holds something else. */
export async function prepareDataDir(path: string): Promise<string> {
  const dataDir = resolve(path)
  try {
    await makeFolder(join(dataDir, 'logs'))
    if (!(await isOurs(dataDir))) await requireUnused(dataDir)
    await writeFile(join(dataDir, markerName), marker)
    // Passable but not listable: as root, PostgreSQL runs as another user and must get through to its own folder.
    await chmod(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700)
  } catch (error) {
    if (error instanceof LaunchError) throw error
    throw new LaunchError(`${dataDir} cannot be written to (${codeOf(error)}). Choose another folder with DATA_DIR.`, {
      cause: error,
    })
  }
  return dataDir
}

/** Removes DATA_DIR so that the next start begins anew. Only a folder that `prepareDataDir` made, and that is not in use, is removed. */
export async function removeDataDir(path: string): Promise<void> {
  const dataDir = resolve(path)
  const entries = await readdir(dataDir).catch(() => undefined)
  if (entries === undefined) return
  const isTooMuch = dataDir === parse(dataDir).root || dataDir === homedir() || isWithin(process.cwd(), dataDir)
  if (isTooMuch || !(await isOurs(dataDir))) {
    throw new LaunchError(
      `${dataDir} was not made by this program, so --reset leaves it alone. Remove it yourself, or choose another DATA_DIR.`,
    )
  }
  takeLock(dataDir)
  await rm(dataDir, { recursive: true, force: true })
}

/** Not `recursive`: Node then tries for ever where the system lets nobody make folders, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolder(dirname(path))
  await mkdir(path)
}

async function isOurs(dataDir: string): Promise<boolean> {
  const found = await readFile(join(dataDir, markerName), 'utf8').catch(() => '')
  return found === marker
}

async function requireUnused(dataDir: string): Promise<void> {
  const strangers = (await readdir(dataDir)).filter((name) => name !== 'logs')
  if (strangers.length === 0) return
  throw new LaunchError(
    `${dataDir} already holds other files (${strangers.slice(0, 3).join(', ')}). Choose an empty folder with DATA_DIR.`,
  )
}

function isWithin(path: string, folder: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (at === folder) return true
    if (at === dirname(at)) return false
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
