import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { amtool, hasMonitoring, promtool } from './support/monitoring-servers.ts'

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
})
