import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LaunchError } from './launch-error.ts'
import type { LogFile } from './log-file.ts'
import type { Steps } from './steps.ts'

const run = promisify(execFile)
const repository = join(import.meta.dirname, '../..')
const web = join(repository, 'web')
const built = join(web, 'dist')
const stamp = '.built-from'
const notSources = new Set(['dist', 'node_modules'])

/** Builds the web UI when it is not what the sources say. A build that fails leaves the old one in place. */
export async function prepareWeb(steps: Steps, log: LogFile, signal?: AbortSignal): Promise<void> {
  const web = await checkWeb()
  if (web.state === 'missing') return steps.say('  - This checkout has no web UI; the API works without it.')
  if (web.state === 'stale') await steps.step('Web UI, built from its sources', () => buildWeb(web.hash, log, signal))
}

/** Whether web/dist was made from the sources as they are: `missing` when this checkout has no web UI. */
async function checkWeb(): Promise<{ state: 'fresh' | 'missing' } | { state: 'stale'; hash: string }> {
  if (!existsSync(join(web, 'index.html'))) return { state: 'missing' }
  const hash = await hashSources()
  const builtFrom = await readFile(join(built, stamp), 'utf8').catch(() => '')
  return builtFrom === hash ? { state: 'fresh' } : { state: 'stale', hash }
}

async function buildWeb(hash: string, log: LogFile, signal?: AbortSignal): Promise<void> {
  // Out of the sources' sight, on the same disk: a build that is killed leaves nothing that counts.
  const fresh = join(repository, 'node_modules', `.web-${process.pid}`)
  const old = `${fresh}.old`
  try {
    const vite = join(createRequire(join(web, 'package.json')).resolve('vite/package.json'), '../bin/vite.js')
    const { stdout, stderr } = await run(process.execPath, [vite, 'build', '--outDir', fresh, '--emptyOutDir'], {
      cwd: web,
      timeout: 300_000,
      ...(signal && { signal }),
    })
    log.write(stdout + stderr)
    await writeFile(join(fresh, stamp), hash)
    if (existsSync(built)) await rename(built, old)
    await rename(fresh, built)
  } catch (error) {
    // Another launch from this checkout may have been quicker.
    if ((await checkWeb()).state === 'fresh') return
    log.write(String(error instanceof Error && 'stderr' in error ? error.stderr : error))
    throw new LaunchError(`The web UI could not be built; ${log.path} says why.`, { cause: error })
  } finally {
    for (const folder of [fresh, old]) await rm(folder, { recursive: true, force: true })
  }
}

/** Over names and contents, so that a checkout or a copy with other times is still fresh. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = await listFiles(web)
  for (const path of [...files.sort(), join(repository, 'package-lock.json')]) {
    hash.update(path.slice(repository.length)).update(await readFile(path))
  }
  return hash.digest('hex')
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lists = entries
    .filter(({ name }) => !notSources.has(name) && !/\.test\.tsx?$/.test(name))
    .map((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
  return (await Promise.all(lists)).flat()
}
