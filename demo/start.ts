import { parseArgs } from 'node:util'
import { showOffice } from './launch/announce.ts'
import { removeDataDir } from './launch/data-dir.ts'
import { LaunchError } from './launch/launch-error.ts'
import { launchOffice, type Office } from './launch/office.ts'
import { readSettings, type Settings } from './launch/settings.ts'

const usage = `npm start [-- --reset]

Starts the ERP chatbot and, beside it, whatever is not configured: PostgreSQL, a demo ERP, a sign-in server, a mail sink.
  --reset    start over: remove DATA_DIR first
  PORT       of the web UI and API, default 3000
  DATA_DIR   where everything is kept, default .data
  DATABASE_URL, OIDC_ISSUER, ERP_URLS and the other variables of the program: what they name is used, not started.
`

/** Several signals of one Ctrl-C: the terminal sends one to every process of the group, and npm passes its own on. */
const sameKeyMs = 500

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { reset: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const settings = readSettings(process.env)
  if (values.reset) await removeDataDir(settings.dataDir)
  return await run(settings)
}

async function run(settings: Settings): Promise<number> {
  const startedMs = performance.now()
  const interruption = new AbortController()
  let office: Office | undefined
  let firstSignalMs: number | undefined
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (firstSignalMs !== undefined && performance.now() - firstSignalMs > sameKeyMs) {
          office?.killAll()
          process.exit(1)
        }
        if (firstSignalMs === undefined) process.stdout.write('\nStopping. Press Ctrl-C again to stop at once.\n')
        firstSignalMs ??= performance.now()
        interruption.abort()
        done()
      })
    }
  })
  const screen = {
    write: (text: string) => void process.stdout.write(text),
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns || 80,
  }
  try {
    office = await launchOffice({ ...settings, screen, signal: interruption.signal })
  } catch (error) {
    if (interruption.signal.aborted) return 0
    throw error
  }
  screen.write(showOffice(office, performance.now() - startedMs))
  const lost = await Promise.race([interrupted, office.lost])
  if (lost) process.stderr.write(`\n${lost}\n`)
  await office.stop()
  return lost ? 1 : 0
}

/** A LaunchError is a sentence for its reader; anything else is a fault of ours and shows where it happened. */
function explain(error: unknown): string {
  if (error instanceof LaunchError || (error instanceof TypeError && 'code' in error)) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

// A closed terminal or pipe: there is nobody to tell, and stopping goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
// Nothing is left to do; a part's open pipe must not keep the terminal waiting.
process.exit()
