import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { probePort } from '../postgres/free-port.ts'
import { prepareWeb } from './build-web.ts'
import { describeEnd } from './child.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import { LaunchError } from './launch-error.ts'
import { startDatabases, startErp, startOfficeServers, startServices } from './office-parts.ts'
import { createRoster, type Part, type Roster } from './roster.ts'
import { createSteps, type Screen, type Steps, silentScreen } from './steps.ts'

export type PartName = 'postgres' | 'sign-in' | 'erp-primary' | 'erp-standby' | 'service' | 'http' | 'nlu' | 'worker'

export type OfficeOptions = {
  dataDir: string
  /** Of the web UI and API; 0 for any free one. */
  port: number
  /** One process with all roles (the default), or one process for each. */
  roles?: 'one' | 'three'
  /** Where to show the steps; nowhere when absent. */
  screen?: Screen
  /** The program's own variables: each wins over the demo's, and the part it names is not started. */
  given?: Record<string, string>
  /** Lets tests order faults from the demo ERP. */
  erpFaults?: boolean
  /** Stops a launch that is under way. */
  signal?: AbortSignal
}

type OfficeUrls = {
  url: string
  databaseUrl: string
  identityUrl: string
  mailUrl: string
  smtpUrl: string
  erpUrls: string[]
  /** Absent when the ERP is not ours. */
  erpDatabaseUrl?: string
}

export type Office = OfficeUrls & {
  logsDir: string
  parts: Partial<Record<PartName, Part>>
  /** Resolves with a sentence when a part the product cannot do without has ended by itself. */
  lost: Promise<string>
  stop: () => Promise<void>
  killAll: () => void
}

/** What the rest of a launch works with. */
export type Launch = OfficeOptions & {
  directory: DataDirectory
  roster: Roster<PartName>
  steps: Steps
  publicPort: number
  given: Record<string, string>
  signal: AbortSignal
}

const spare: Partial<Record<PartName, string>> = {
  'erp-primary': 'The primary demo ERP has ended; the standby answers from now on.',
  'erp-standby': 'The standby demo ERP has ended; the primary goes on alone.',
}

/** Starts everything that is not configured, and the product. Throws LaunchError, with nothing left running. */
export async function launchOffice(options: OfficeOptions): Promise<Office> {
  const steps = createSteps(options.screen ?? silentScreen)
  const directory = await openDataDirectory(options.dataDir)
  const losses = Promise.withResolvers<string>()
  const roster = createRoster<PartName>((name, how) => {
    const notice = spare[name]
    if (notice) steps.say(`  ! ${notice} Log: ${directory.logOf(name).path}`)
    else losses.resolve(describeEnd(`${name} has ended (${how}), and nothing works without it.`, directory.logOf(name)))
  })
  const stop = async () => {
    steps.close()
    await roster.stopAll()
    rmSync(join(directory.path, 'office.json'), { force: true })
    directory.release()
  }
  const failing = new AbortController()
  const signal = AbortSignal.any([failing.signal, ...(options.signal ? [options.signal] : [])])
  signal.addEventListener('abort', () => void roster.stopAll())
  try {
    if (options.port !== 0) await requireFree(options.port)
    const publicPort = options.port || directory.ports.http
    const launch = { ...options, given: options.given ?? {}, directory, roster, steps, publicPort, signal }
    const urls = await startAll(launch, () => failing.abort())
    signal.throwIfAborted()
    const known = { pid: process.pid, ...urls, logsDir: directory.logsDir }
    await writeFile(join(directory.path, 'office.json'), JSON.stringify(known, null, 2), { mode: 0o600 })
    return {
      ...urls,
      logsDir: directory.logsDir,
      parts: roster.parts,
      lost: losses.promise,
      stop,
      killAll: roster.killAll,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startAll(launch: Launch, onFailure: () => void): Promise<OfficeUrls> {
  const { steps, directory, signal } = launch
  const web = prepareWeb(steps, directory.logOf('web'), signal)
  const [databases, servers] = await settle([startDatabases(launch), startOfficeServers(launch), web], onFailure)
  const erp = await startErp(launch, databases)
  const url = await startServices(launch, { ...databases, ...servers, ...erp })
  return { url, databaseUrl: databases.databaseUrl, ...servers, ...erp }
}

/** Like Promise.all, but leaves none of them running behind our back when one fails. */
async function settle<T extends unknown[]>(
  work: [...{ [K in keyof T]: Promise<T[K]> }],
  onFailure: () => void,
): Promise<T> {
  try {
    return (await Promise.all(work as Promise<T[number]>[])) as T
  } catch (error) {
    onFailure()
    await Promise.allSettled(work)
    throw error
  }
}

async function requireFree(port: number): Promise<void> {
  if ((await probePort(port)) !== undefined) return
  throw new LaunchError(
    `Port ${port} on 127.0.0.1 is taken by another program. Choose another: PORT=${port + 1} npm start`,
  )
}
