import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readExposition, type ShownMetric } from '../../support/exposition.ts'
import { promtool } from '../../support/monitoring-servers.ts'
import type { Person, TestOffice } from '../../support/office.ts'
import { loadOffice } from '../../support/office-load.ts'
import { waitForCopy } from './faults.ts'

const mostSeries = 150
const personal = /[가-힣@]|[\da-f]{8}-[\da-f]{4}-|[\da-f]{32}/i

/** What of the process itself comes and goes, whatever is asked. */
const isOfProcess = ({ name }: ShownMetric) => /^(nodejs|process)_/.test(name)

/** What /metrics shows of a product under load: names, labels, how many series, and the page that lists them. */
export function describeMetrics(office: () => TestOffice, person: () => Person, listener: () => string): void {
  const read = async (url: string) => await (await fetch(new URL('/metrics', url))).text()

  describe('metrics', () => {
    test('keep to the conventions of Prometheus', async () => {
      const text = await read(office().url)
      const { stdout, stderr, status } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' })
      expect({ said: `${stdout}${stderr}`, status }).toEqual({ said: '', status: 0 })
    })

    test('get no new series from new names, and hold nothing personal', async () => {
      // Entities show their first full sync when it has ended.
      await waitForCopy(office())
      await loadOffice(office(), person())
      const seriesOf = async () => {
        const shown = [...readExposition(await read(office().url)).values()]
        return shown.filter((metric) => !isOfProcess(metric)).map(({ name, series }) => [name, [...series].sort()])
      }
      const before = await seriesOf()
      await loadOffice(office(), person())
      expect(await seriesOf()).toEqual(before)
      const shown = readExposition(await read(office().url))
      for (const { name, series } of shown.values()) {
        expect(series.size, name).toBeLessThanOrEqual(mostSeries)
        for (const labels of series) expect(labels).not.toMatch(personal)
      }
    })

    test('are all in docs/monitoring.md, as they are', async () => {
      const shown = [...readExposition(await read(office().url)).values()]
      const listed = listDocumented()
      const rows = shown
        .filter((metric) => !isOfProcess(metric))
        .map(({ name, type, labels }) => `${name} ${type} ${[...labels].sort().join(', ')}`.trim())
      // A label shows only once there is a series; those that had none are listed with theirs.
      const known = new Set(listed.flatMap(({ row, bare }) => [row, bare]))
      expect(rows.filter((row) => !known.has(row))).toEqual([])
      const names = new Set(shown.map(({ name }) => name))
      expect(listed.filter(({ name, later }) => !later && !names.has(name)).map(({ name }) => name)).toEqual([])
    })

    test('are the same at METRICS_LISTEN, beside the probes', async () => {
      const names = (text: string) => [...readExposition(text).keys()].sort()
      expect(names(await read(listener()))).toEqual(names(await read(office().url)))
      for (const [path, status, body] of [
        ['/healthz', 200, { status: 'ok' }],
        ['/readyz', 200, { status: 'ready', details: [] }],
        ['/secrets', 404, { status: 'not found' }],
      ] as const) {
        const reply = await fetch(new URL(path, listener()))
        expect([reply.status, await reply.json()]).toEqual([status, body])
      }
      const forwarded = await fetch(new URL('/metrics', listener()), { headers: { 'x-forwarded-for': '127.0.0.1' } })
      expect(forwarded.status).toBe(403)
    })
  })
}

type Documented = { name: string; row: string; bare: string; later: boolean }

/** The rows of the tables: | `name` | type | labels | …; those below “Later” show only when what they belong to is used. */
function listDocumented(): Documented[] {
  const page = readFileSync('docs/monitoring.md', 'utf8')
  const laterAt = page.indexOf('### Later')
  return [...page.matchAll(/^\| `([a-z_]+)` \| (\w+) \| ([^|]*) \|/gm)].map(
    ({ 1: name = '', 2: type, 3: labels = '', index }) => {
      const sorted = labels
        .replaceAll('`', '')
        .split(',')
        .map((label) => label.trim())
        .sort()
        .join(', ')
      return { name, row: `${name} ${type} ${sorted}`.trim(), bare: `${name} ${type}`, later: index > laterAt }
    },
  )
}
