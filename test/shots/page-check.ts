import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

type Violation = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

/** What axe-core finds wrong with the page as it stands: one line for each fault, worst kinds named. */
export async function findAccessFaults(page: Page): Promise<{ serious: string[]; minor: string[] }> {
  // Evaluated rather than added as a script, which the page's policy would refuse.
  await page.evaluate(axeSource)
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target, failureSummary }) => ({ target: target.map(String), failureSummary })) })))`,
  )) as Violation[]
  const lines = (wanted: (impact: string) => boolean) =>
    violations
      .filter(({ impact }) => wanted(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  const isSerious = (impact: string) => impact === 'serious' || impact === 'critical'
  return { serious: lines(isSerious), minor: lines((impact) => !isSerious(impact)) }
}

/** Listens for what a page must never do: throw, break its security policy, or call another host. */
export function watchPage(page: Page, allowed: string[]): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`threw ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|React|Warning/.test(message.text()))
      faults.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (/^https?:$/.test(protocol) && !allowed.includes(host)) faults.push(`called ${host}`)
  })
  return faults
}

/** In the page: a chart that is chosen is there. */
const chartIsDrawn = `[...document.querySelectorAll('[role=tab][aria-selected=true][id$=chart]')].every((tab) =>
  document.getElementById(tab.getAttribute('aria-controls')).querySelector('svg'))`

/** Waits until nothing moves: fonts are there, skeletons that will go are gone, charts are drawn. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  // Asked again and again: the page's policy forbids what waitForFunction would do.
  for (let tries = 0; tries < 50 && !(await page.evaluate(chartIsDrawn)); tries += 1) await page.waitForTimeout(100)
  await page.waitForTimeout(300)
}
