import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Alert, type AlertCase, alerts, readNames } from './alert-cases.ts'

type Inhibition = { source_matchers: string[]; target_matchers: string[]; equal?: string[] }
const repository = join(import.meta.dirname, '../..')
const alertmanager = parse(readFileSync(join(repository, 'deploy/alertmanager/alertmanager.yml'), 'utf8'))
const inhibitions: Inhibition[] = alertmanager.inhibit_rules

/** Cases that do not disturb each other, together: no series of one is read by another's alert, and none may hold back another's. */
export function groupCases(cases: AlertCase[]): AlertCase[][] {
  const groups: AlertCase[][] = []
  for (const each of cases) {
    const group = groups.find((others) => !others.some((other) => disturbs(each, other) || disturbs(other, each)))
    if (group) group.push(each)
    else groups.push([each])
  }
  return groups
}

function disturbs(one: AlertCase, other: AlertCase): boolean {
  if (one.looksDaysBack !== other.looksDaysBack) return true
  const played = namesOf(one)
  if (intersects(played, other.reads) || intersects(played, namesOf(other))) return true
  // Its series may fire other alerts than its own as well.
  return readsOfAll.some(({ alert, reads }) => intersects(played, reads) && mayInhibit(alert, other.alert))
}

const readsOfAll = alerts.map((alert) => ({ alert, reads: readNames(alert) }))
const intersects = (one: Set<string>, other: Set<string>) => !one.isDisjointFrom(other)

function namesOf({ fires, quiet }: AlertCase): Set<string> {
  return new Set([...fires.series, ...quiet.series].map(({ name }) => name))
}

/** By the labels that rules give; those of series are taken to be equal. */
function mayInhibit(source: Alert, target: Alert): boolean {
  if (source.name === target.name) return false
  return inhibitions.some(
    ({ source_matchers, target_matchers, equal = [] }) =>
      source_matchers.every((matcher) => mayMatch(matcher, source)) &&
      target_matchers.every((matcher) => mayMatch(matcher, target)) &&
      equal.every((label) => source.labels[label] === target.labels[label]),
  )
}

function mayMatch(matcher: string, { name, labels }: Alert): boolean {
  const [, label = '', operator, value = ''] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher) ?? []
  if (!operator) throw new Error(`a matcher that is not known here: ${matcher}`)
  const own = { ...labels, alertname: name }[label]
  return own === undefined || (operator === '=' ? own === value : new RegExp(`^(?:${value})$`).test(own))
}

/** The mail address that an alert goes to besides Slack, by what amtool said of its receiver. */
export function readMailAddress(receiver: string): string | undefined {
  const found = alertmanager.receivers.find(({ name }: { name: string }) => name === receiver)
  if (!found?.slack_configs) throw new Error(`receiver ${receiver} tells nobody at Slack`)
  return found.email_configs?.[0]?.to
}
