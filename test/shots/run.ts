import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import type { Conversation } from '../../src/chat/api.ts'
import { openBrowser } from '../support/chromium.ts'
import { adminScenes } from './admin-scenes.ts'
import { type Cookies, type Language, type Look, lookName, looks, openLook } from './looks.ts'
import { findAccessFaults, settle, watchPage } from './page-check.ts'
import { clear, hold, openProduct, signIn } from './product.ts'
import { rareScenes } from './rare-scenes.ts'
import { type Scene, scenes } from './scenes.ts'
import { talks } from './talks.ts'

const usage = `npm run shots [-- --only NAME,… --look ko-light-laptop,…]

Starts the product with its demo office, opens every page and state in Chromium and writes pictures into shots/.
Fails when a page throws, breaks its security policy, calls another host, or has a serious accessibility fault.
  SHOTS_URL   a running product to take pictures of instead
  CHROMIUM    the browser, when it is not on the PATH
`
const folder = 'shots'

type People = Record<NonNullable<Scene['as']>, Cookies>
type Talks = Map<string, Conversation>
type Cast = { cookies: People; talks: Talks }
type Report = { faults: string[]; notes: string[]; count: number }

/** Asks every question anew in one language. */
async function prepare(url: string, cookies: People, language: Language, report: Report): Promise<Talks> {
  for (const person of Object.values(cookies)) await clear(url, person)
  const held: Talks = new Map()
  for (const talk of talks) {
    const conversation = await hold(url, cookies[talk.as], { language, questions: talk.questions[language] })
    held.set(talk.name, conversation)
    const { kind } = conversation.turns.at(-1)?.answer ?? {}
    if (kind !== talk.expects) report.notes.push(`${talk.name} in ${language}: ${kind} instead of ${talk.expects}`)
  }
  return held
}

async function shoot(
  browser: Browser,
  url: string,
  cast: Cast,
  take: { scene: Scene; look: Look; report: Report },
): Promise<void> {
  const { scene, look, report } = take
  const name = `${scene.name}-${lookName(look)}`
  const context = await openLook(browser, look, scene.as ? cast.cookies[scene.as] : [])
  try {
    const page = await context.newPage()
    const faults = watchPage(page, [new URL(url).host])
    await scene.play({ page, look, url, talks: cast.talks })
    await settle(page)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    const { serious, minor } = await findAccessFaults(page)
    report.count += 1
    report.faults.push(...[...faults, ...serious].map((fault) => `${name}: ${fault}`))
    report.notes.push(...minor.map((fault) => `${name}: ${fault}`))
  } catch (error) {
    report.faults.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  } finally {
    await context.close()
  }
}

type Wanted = { scenes: string | undefined; looks: string | undefined }

/** Takes every picture that is wanted, one language after the other. */
async function shootAll(browser: Browser, url: string, wanted: Wanted): Promise<Report> {
  const report: Report = { faults: [], notes: [], count: 0 }
  const isIn = (list: string | undefined, name: string) => list === undefined || list.split(',').includes(name)
  const cookies = {
    sanghyun: await signIn(browser, url, 'sanghyun'),
    somi: await signIn(browser, url, 'somi'),
    hyerim: await signIn(browser, url, 'hyerim'),
    bonseok: await signIn(browser, url, 'bonseok'),
  }
  // Somebody for the console to shut out.
  await signIn(browser, url, 'eunbi').catch(() => undefined)
  const cast = [...scenes, ...rareScenes, ...adminScenes].filter(({ name }) => isIn(wanted.scenes, name))
  for (const language of ['ko', 'en'] as const) {
    const chosen = looks.filter((look) => look.language === language && isIn(wanted.looks, lookName(look)))
    if (chosen.length === 0) continue
    // Asking takes a while and is for nothing when only the console is wanted.
    const needsTalks = cast.some((scene) => !adminScenes.includes(scene))
    const talks = !needsTalks ? new Map() : await prepare(url, cookies, language, report)
    for (const look of chosen) {
      for (const scene of cast.filter(({ device }) => !device || device === look.device)) {
        await shoot(browser, url, { cookies, talks }, { scene, look, report })
      }
    }
  }
  return report
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, look: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (!values.only && !values.look) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const product = await openProduct()
  const browser = await openBrowser()
  try {
    const { notes, faults, count } = await shootAll(browser, product.url, { scenes: values.only, looks: values.look })
    for (const note of notes) console.log(`note   ${note}`)
    for (const fault of faults) console.log(`fault  ${fault}`)
    console.log(`${count} pictures in ${folder}/, ${faults.length} faults, ${notes.length} notes`)
    return faults.length > 0 ? 1 : 0
  } finally {
    await browser.close()
    await product.stop()
  }
}

process.exitCode = await main()
process.exit()
