import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { dashboards } from '../tools/dashboards/index.ts'
import { writeDashboard } from '../tools/dashboards/write-dashboard.ts'

type Alert = { alert: string; expr: string; labels: Record<string, string>; annotations: Record<string, string> }
type Rule = Alert | { record: string; expr: string }

const read = (path: string) => readFileSync(join('deploy', path), 'utf8')
const rules: Rule[] = readdirSync('deploy/prometheus/rules').flatMap((file) =>
  (parse(read(`prometheus/rules/${file}`)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
)
const alerts = rules.filter((rule): rule is Alert => 'alert' in rule)
const documented = new Set(
  [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| `([a-z_]+)`/gm)].map(([, name]) => name),
)

/** Names in PromQL that are metrics: neither functions, nor labels, nor what a rule records. */
function metricsIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/(?<![\w:])[a-zA-Z_][\w:]*(?!\s*\(|[\w:])/g)].map(([name]) => name)
  const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'by', 'without'])
  return names.filter((name) => !words.has(name) && !name.includes(':'))
}

const isOfOthers = /^(up$|ALERTS$|node_|nodejs_|process_)/
const findUnknown = (expr: string) =>
  metricsIn(expr)
    .map((name) => (documented.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')))
    .filter((name) => !documented.has(name) && !isOfOthers.test(name))

describe('alerts', () => {
  test.each(alerts)('$alert has a page, both languages, a severity and an area', ({ alert, labels, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbooks/${alert}.md`)
    const page = readFileSync(annotations.runbook ?? '', 'utf8')
    for (const title of ['What it means', 'What still works', 'How to check', 'What to do'])
      expect(page).toMatch(new RegExp(`^## ${title}\n\n\\S`, 'm'))
    const plain = (text = '') => text.replaceAll(/\{\{.*?\}\}/g, '').trim()
    for (const name of ['summary', 'description']) {
      const [ko, en] = [plain(annotations[`${name}_ko`]), plain(annotations[`${name}_en`])]
      // A description may be nothing but a name; then it is the same in both.
      if (ko === '' && en === '' && name === 'description') continue
      expect(ko).toMatch(/[가-힣]/)
      expect(en).toMatch(/^[^가-힣]+$/)
    }
    expect(['critical', 'warning']).toContain(labels.severity)
    expect(labels.area).toMatch(/^[a-z]+$/)
  })

  test('have no page without an alert', () => {
    const names = alerts.map(({ alert }) => `${alert}.md`).sort()
    expect(readdirSync('docs/runbooks').sort()).toEqual(names)
  })

  test('each have a test that fires them and one that does not', () => {
    const files = readdirSync('deploy/prometheus/tests').map((file) => parse(read(`prometheus/tests/${file}`)))
    const tested = files.flatMap(({ tests }) => tests.map(({ name }: { name: string }) => name)).sort()
    expect(tested).toEqual(alerts.flatMap(({ alert }) => [`${alert} fires`, `${alert} stays quiet`]).sort())
  })

  test('and rules look at documented metrics only', () => {
    expect(rules.flatMap(({ expr }) => findUnknown(expr))).toEqual([])
    expect(metricsIn('sum by (job) (rate(a_total{b="c"}[5m])) / on (job) group_left () d:e:f > bool 0')).toEqual([
      'a_total',
    ])
  })
})

describe('dashboards', () => {
  test.each(Object.entries(dashboards))('%s is what its spec says; npm run dashboards writes it', (name, spec) => {
    expect(JSON.parse(read(`grafana/dashboards/${name}.json`))).toEqual(writeDashboard(spec))
  })

  test.each(Object.entries(dashboards))('%s looks at documented metrics only', (_, { rows }) => {
    const queries = rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(([expr]) => expr)))
    expect(queries.flatMap(findUnknown)).toEqual([])
  })

  test.each(Object.entries(dashboards))('%s has the form that Grafana reads', (_, spec) => {
    const { panels, uid } = writeDashboard(spec) as unknown as { uid: string; panels: Drawn[] }
    expect(uid).toMatch(/^[\w-]{1,40}$/)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
    const source = parse(read('grafana/provisioning/datasources/prometheus.yml')).datasources[0].uid
    for (const { type, targets = [], datasource } of panels.filter((panel) => panel.type !== 'row')) {
      expect(['timeseries', 'stat']).toContain(type)
      expect(datasource?.uid).toBe(source)
      expect(targets.length).toBeGreaterThan(0)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    }
  })

  test('are all provisioned, under names of their own', () => {
    expect(readdirSync('deploy/grafana/dashboards').sort()).toEqual(
      Object.keys(dashboards)
        .map((name) => `${name}.json`)
        .sort(),
    )
    expect(new Set(Object.values(dashboards).map(({ uid }) => uid)).size).toBe(Object.keys(dashboards).length)
    expect(existsSync('deploy/grafana/provisioning/dashboards/erp-chatbot.yml')).toBe(true)
  })
})

type Drawn = {
  id: number
  type: string
  gridPos: { x: number; y: number; w: number; h: number }
  datasource?: { uid: string }
  targets?: { refId: string; expr: string }[]
}
