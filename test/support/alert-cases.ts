import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/**
 * Every alert of deploy/prometheus/rules with the series that must fire it and those that must not, as its two promtool tests
 * ("NAME fires", "NAME stays quiet") give them. A new alert with its tests is covered by being there.
 */
const repository = join(import.meta.dirname, '../..')

export type Alert = { name: string; expr: string; labels: Record<string, string>; annotations: Record<string, string> }

/** `values`: undefined where there is no sample. `growth`: what each step after the last adds. */
type Series = { name: string; labels: Record<string, string>; values: (number | undefined)[]; growth: number }

/** Series by steps of `stepSeconds`; `from`: the step to begin with. */
export type Play = { series: Series[]; stepSeconds: number; from: number }

export type AlertCase = { alert: Alert; fires: Play; quiet: Play; looksDaysBack: boolean; reads: Set<string> }

type Rule = { alert?: string; record?: string; expr: string }
type RuleGroup = { name: string; rules: Rule[] }
type PromtoolTest = {
  name: string
  interval: string
  input_series: { series: string; values: string }[]
  promql_expr_test: { eval_time: string }[]
}

const parseFolder = (folder: string) =>
  readdirSync(join(repository, folder)).map((file) => parse(readFileSync(join(repository, folder, file), 'utf8')))

const ruleGroups: RuleGroup[] = parseFolder('deploy/prometheus/rules').flatMap(({ groups }) => groups)
const rules = ruleGroups.flatMap((group) => group.rules)
const promtoolTests = new Map<string, PromtoolTest>(
  parseFolder('deploy/prometheus/tests').flatMap(({ tests }) => tests.map((test: PromtoolTest) => [test.name, test])),
)

export const alerts: Alert[] = rules.flatMap((rule) =>
  rule.alert ? [{ ...rule, name: rule.alert } as Rule & Alert] : [],
)

/** The case of an alert. Throws when one of its two tests is missing. */
export function readCase(alert: Alert): AlertCase {
  return {
    alert,
    fires: readPlay(`${alert.name} fires`),
    quiet: readPlay(`${alert.name} stays quiet`),
    looksDaysBack: [...collectExprs(alert.expr)].some((expr) => /offset \d+d/.test(expr)),
    reads: readNames(alert),
  }
}

/** The names of series that an alert looks at, itself or through what is recorded. */
export function readNames({ expr }: Alert): Set<string> {
  return new Set([...collectExprs(expr)].flatMap((each) => each.match(word) ?? []))
}

/** Groups that record what others look at days later: they have to be worked out for the past. */
export function readGroupsOfPast(): RuleGroup[] {
  const past = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/([\w:]+)(?:\{[^}]*\})? offset \d+d/g)].map(([, name]) => name),
  )
  return ruleGroups.filter((group) => group.rules.some(({ record }) => past.includes(record)))
}

const word = /[a-zA-Z_:][\w:]*/g

/** An expression and those of the rules whose records it reads, however far back. */
function collectExprs(expr: string, found = new Set<string>()): Set<string> {
  if (found.has(expr)) return found
  found.add(expr)
  const words = new Set(expr.match(word))
  for (const rule of rules) if (rule.record && words.has(rule.record)) collectExprs(rule.expr, found)
  return found
}

/** What a test needs to come to its point: the longest wait and window of the alerts that are not about days. */
const leadSeconds = 100 * 60

function readPlay(name: string): Play {
  const found = promtoolTests.get(name)
  const [look] = found?.promql_expr_test ?? []
  if (!found || !look) throw new Error(`deploy/prometheus/tests has no test "${name}"`)
  const stepSeconds = readSeconds(found.interval)
  const from = Math.max(0, Math.floor((readSeconds(look.eval_time) - leadSeconds) / stepSeconds))
  return { series: found.input_series.map(readSeries), stepSeconds, from }
}

function readSeries({ series, values }: { series: string; values: string }): Series {
  const [, name = '', labels = ''] = /^([\w:]+)(?:\{(.*)\})?$/.exec(series) ?? []
  if (!name) throw new Error(`not a series: ${series}`)
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value])
  return { name, labels: Object.fromEntries(pairs), ...expandValues(values) }
}

/** Promtool's notation: `0+2x60` is 61 samples, `5x2` three, `_x2` two gaps. Throws on what it does not know. */
export function expandValues(notation: string): Pick<Series, 'values' | 'growth'> {
  let growth = 0
  const values = notation.split(/\s+/).flatMap((part) => {
    const [isGap, gaps = '1'] = /^_(?:x(\d+))?$/.exec(part) ?? []
    if (isGap) return Array<undefined>(Number(gaps)).fill(undefined)
    const number = String.raw`[\d.]+(?:e[+-]?\d+)?`
    const [isKnown, first, step = '0', times = '0'] =
      new RegExp(`^(-?(?:${number}|NaN))(?:([+-]${number})?x(\\d+))?$`).exec(part) ?? []
    if (!isKnown) throw new Error(`not in the notation of promtool that is known here: ${part}`)
    growth = Number(step)
    return Array.from({ length: Number(times) + 1 }, (_, n) => Number(first) + n * Number(step))
  })
  return { values, growth }
}

/** `1d2h30m` in seconds. */
export function readSeconds(duration: string): number {
  const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
  return [...duration.matchAll(/(\d+)([smhdw])/g)].reduce(
    (sum, [, n, unit = '']) => sum + Number(n) * (units[unit] ?? 0),
    0,
  )
}
