import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Chromium of the machine: CHROMIUM, or the first one on the PATH. Throws a sentence when there is none. */
function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const folders = (environment.PATH ?? '').split(delimiter)
  const found =
    environment.CHROMIUM ?? folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync)
  if (!found) throw new Error('No Chromium found. Install one, or name it: CHROMIUM=/path/to/chromium npm run shots')
  return found
}

/** A browser that shows nothing; containers have no sandbox for it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
}
