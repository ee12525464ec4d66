import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The Chromium of this machine: CHROMIUM, or the first on the PATH under its usual names; undefined when there is none. */
function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return process.env.CHROMIUM ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
}

/** Whether tests in a browser can run. Without one they are skipped loudly, and in CI fail. */
export function hasChromium(tests: string): boolean {
  const isThere = findChromium() !== undefined
  if (!isThere && process.env.CI) throw new Error(`CI needs Chromium for ${tests}`)
  if (!isThere) console.warn(`SKIPPED: ${tests}, because no Chromium is installed`)
  return isThere
}

/** A browser that shows nothing; containers have no sandbox for it. Throws a sentence when there is none. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium found. Install one, or name it: CHROMIUM=/path/to/chromium')
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
