import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Alert, alerts, expandValues, readCase } from './support/alert-cases.ts'
import { playCases, type Told, type ToldCase } from './support/alert-stack.ts'
import { groupCases, readMailAddress } from './support/group-cases.ts'
import { amtool, hasMonitoring } from './support/monitoring-servers.ts'

test('the notation of promtool is read as promtool reads it', () => {
  expect(expandValues('0+2x2 9 _ 1x1 _x2 5-0.5x2')).toEqual({
    values: [0, 2, 4, 9, undefined, 1, 1, undefined, undefined, 5, 4.5, 4],
    growth: -0.5,
  })
  expect(() => expandValues('stale')).toThrow()
})

test.each(alerts)('$name has series that fire it and series that do not', (alert) => {
  expect(readCase(alert).fires.series).not.toEqual(readCase(alert).quiet.series)
})

/**
 * Every alert of the shipped rules, fired and resolved by a real Prometheus and Alertmanager, as it arrives at Slack and in mailboxes.
 * The series are those of its own promtool tests, a minute a second; past days are in the store where an alert compares with them.
 */
describe.skipIf(!hasMonitoring)('alerts, for real', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-alerts-'))
  const told = new Map<string, Told>()

  beforeAll(async () => {
    const waiting = groupCases(alerts.flatMap(findCase)).entries()
    const playNext = async () => {
      for (const [n, cases] of waiting) {
        const toldCases: ToldCase[] = cases.map((each) => ({ ...each, mailAddress: findMailAddress(each.alert) }))
        for (const [name, what] of await playCases(toldCases, join(folder, `${n}`))) told.set(name, what)
      }
    }
    // Servers are to be stopped, also those of the others when one has not started.
    const ended = await Promise.allSettled(Array.from({ length: stacksAtOnce }, playNext))
    for (const each of ended) if (each.status === 'rejected') throw each.reason
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(alerts)('$name fires and is resolved', (alert) => {
    const { slack, mail } = told.get(alert.name) ?? { slack: {}, mail: {} }
    const isCritical = alert.labels.severity === 'critical'
    const state = isCritical ? '긴급 · Critical' : '주의 · Warning'
    expect(slack.fired).toMatchObject({
      title: expect.stringMatching(titleOf(alert, state)),
      text: expect.stringMatching(textOf(alert)),
      color: isCritical ? 'danger' : 'warning',
    })
    expect(slack.resolved).toMatchObject({
      title: expect.stringMatching(titleOf(alert, '해결 · Resolved')),
      text: expect.stringMatching(textOf(alert)),
      color: 'good',
    })
    const isMailed = findMailAddress(alert) !== undefined
    expect(isMailed).toBe(isCritical || alert.labels.area === 'security')
    if (!isMailed) return
    expect(mail.fired?.subject).toMatch(titleOf(alert, state))
    expect(mail.resolved?.subject).toMatch(titleOf(alert, '해결 · Resolved'))
    for (const { text, html } of [mail.fired, mail.resolved].filter((each) => each !== undefined)) {
      expect(text).toMatch(textOf(alert))
      expect(html).toMatch(textOf(alert))
    }
  })
})

/** Each is a Prometheus and an Alertmanager; the machine may have two cores. */
const stacksAtOnce = 10

/** None where there is none, so that the others are tried all the same. */
function findCase(alert: Alert) {
  try {
    return [readCase(alert)]
  } catch {
    return []
  }
}

function findMailAddress({ labels }: Alert): string | undefined {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  const config = '--config.file=deploy/alertmanager/alertmanager.yml'
  const { stdout } = spawnSync(amtool, ['config', 'routes', 'test', config, ...pairs], { encoding: 'utf8' })
  return readMailAddress(stdout.trim())
}

/** A sentence of the rules with anything where a value or a label belongs, but nothing that templates leave when they fail. */
const asPattern = (sentence = '') => {
  const parts = sentence.split(/\{\{.*?\}\}/s).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return parts.join(String.raw`(?:(?!<no value>|%!|\{\{|NaN).)*`)
}
const titleOf = ({ annotations }: Alert, state: string) =>
  new RegExp(`^\\[${state}\\] ${asPattern(annotations.summary_ko)} · ${asPattern(annotations.summary_en)}`)
const textOf = ({ annotations: { summary_ko, description_ko, summary_en, description_en } }: Alert) =>
  new RegExp([summary_ko, description_ko, summary_en, description_en].map(asPattern).join('[^]*?'))
