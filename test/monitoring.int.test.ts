import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { alerts, readNames } from './support/alert-cases.ts'
import { writeAlertmanagerConfig } from './support/monitoring-config.ts'
import { amtool, hasMonitoring, promtool, startAlertmanager, startNodeExporter } from './support/monitoring-servers.ts'

const run = (tool: string, args: string[]) => {
  const { stdout, stderr, status } = spawnSync(tool, args, { encoding: 'utf8' })
  return { said: `${stdout}${stderr}`, status }
}
const list = (folder: string) => readdirSync(folder).map((file) => join(folder, file))

/** What deploy/ ships, held to the tools of Prometheus and Alertmanager themselves. */
describe.skipIf(!hasMonitoring)('deploy/', () => {
  test('has a configuration that Prometheus takes, and rules without complaint', () => {
    const config = run(promtool, ['check', 'config', '--lint-fatal', 'deploy/prometheus/prometheus.yml'])
    expect(config).toMatchObject({ status: 0, said: expect.not.stringMatching(/FAILED/) })
    const text = readFileSync('deploy/prometheus/prometheus.yml', 'utf8')
    expect(text).toMatch(/^ {2}scrape_interval: 1m$/m)
  })

  test.each(list('deploy/prometheus/tests'))(
    '%s: each alert fires when it must, and only then',
    { timeout: 240_000 },
    (file) => {
      expect(run(promtool, ['test', 'rules', file])).toMatchObject({ status: 0 })
    },
  )

  test('has tests of rules that can fail', () => {
    const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-rules-'))
    try {
      const file = 'deploy/prometheus/rules/erp.yml'
      writeFileSync(
        join(folder, 'erp.yml'),
        readFileSync(file, 'utf8').replace('(erp_breaker_state) == 2', '(erp_breaker_state) == 3'),
      )
      const tests = readFileSync('deploy/prometheus/tests/threshold.yml', 'utf8')
      const [head = ''] = tests.split('tests:\n')
      const [, breaker = ''] = /( {2}- name: ErpBreakerOpen fires\n[\s\S]*?)(?= {2}- name: )/.exec(tests) ?? []
      writeFileSync(join(folder, 'test.yml'), `${head.replace('../rules/*.yml', 'erp.yml')}tests:\n${breaker}`)
      expect(run(promtool, ['test', 'rules', join(folder, 'test.yml')])).toMatchObject({
        status: 1,
        said: expect.stringContaining('ErpBreakerOpen'),
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('has a configuration that Alertmanager takes, and sends each alert where it belongs', () => {
    const file = 'deploy/alertmanager/alertmanager.yml'
    expect(run(amtool, ['check-config', file])).toMatchObject({ status: 0 })
    const route = (...labels: string[]) =>
      run(amtool, ['config', 'routes', 'test', `--config.file=${file}`, ...labels]).said.split('\n')[0]
    expect(route('severity=warning', 'area=erp')).toBe('slack')
    expect(route('severity=critical', 'area=erp')).toBe('slack-and-email')
    expect(route('severity=warning', 'area=security')).toBe('security')
    expect(route('severity=critical', 'area=security')).toBe('security')
  })

  test('asks node-exporter for nothing that it does not show', async () => {
    await using node = await startNodeExporter().then((server) => ({ ...server, [Symbol.asyncDispose]: server.stop }))
    const shown = await (await fetch(new URL('/metrics', node.url))).text()
    const asked = new Set(alerts.flatMap((alert) => [...readNames(alert)].filter((name) => name.startsWith('node_'))))
    expect(asked.size).toBeGreaterThan(3)
    for (const name of asked) expect(shown).toContain(`\n${name}`)
  })

  test('holds back what follows from something worse of the same, and nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-held-back-'))
    const config = writeAlertmanagerConfig(folder, { slackUrl: 'http://127.0.0.1:9/', smtpUrl: 'smtp://127.0.0.1:9' })
    const alertmanager = await startAlertmanager(config, join(folder, 'alerts'))
    try {
      const given = [
        ...[
          alertOf('HttpErrorsHigh'),
          alertOf('HttpSlow'),
          alertOf('HttpSlow', { job: 'other' }),
          alertOf('UnderstandingServerDown'),
        ],
        ...[alertOf('ErpUnreachable', { job: 'b' }), alertOf('AnswersFail', { job: 'b' }), alertOf('AnswersFail')],
        ...[alertOf('DiskFull', disk), alertOf('DiskFilling', disk), alertOf('DiskFilling', { ...disk, folder: 'b' })],
        ...[alertOf('CertificateExpiresSoon', certificate), alertOf('CertificateExpires', certificate)],
        ...[alertOf('ServiceMissing', { job: 'c' })],
      ]
      const heldBack = async (more: object[] = []) => {
        await post(alertmanager.url, [...given, ...more])
        const reply = await fetch(new URL('/api/v2/alerts', alertmanager.url))
        const all = (await reply.json()) as { labels: Record<string, string>; status: { state: string } }[]
        return all
          .filter(({ status }) => status.state === 'suppressed')
          .map(({ labels: { alertname, job, folder: where } }) => [alertname, job, where].filter(Boolean).join(' '))
          .sort()
      }
      const expected = ['AnswersFail b', 'CertificateExpires x', 'DiskFilling x a', 'HttpSlow x']
      await expect.poll(() => heldBack(), { timeout: 20_000 }).toEqual(expected)
      // That nothing is watched says that the others are not to be believed.
      const { labels } = alertOf('QueueStuck', { job: 'erp-chatbot' })
      await expect
        .poll(() => heldBack([{ labels }]), { timeout: 20_000 })
        .toEqual([...expected, 'QueueStuck erp-chatbot'].sort())
    } finally {
      await alertmanager.stop()
      rmSync(folder, { recursive: true })
    }
  })
})

const disk = { instance: 'i', folder: 'a' }
const certificate = { certificate: 'http' }

/** As Prometheus sends it, of job `x` unless told. */
function alertOf(alertname: string, labels: Record<string, string> = {}) {
  const alert = alerts.find(({ name }) => name === alertname)
  if (!alert) throw new Error(`no alert ${alertname}`)
  return { labels: { ...alert.labels, alertname, job: 'x', ...labels } }
}

async function post(url: string, alertsSent: object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(new URL('/api/v2/alerts', url), {
    method: 'POST',
    headers,
    body: JSON.stringify(alertsSent),
  })
  expect(reply.status).toBe(200)
}
