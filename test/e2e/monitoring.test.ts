import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../demo/postgres/free-port.ts'
import { openSlackInbox } from '../support/alert-inbox.ts'
import { readPrometheusFlags, writeAlertmanagerConfig, writePrometheusConfig } from '../support/monitoring-config.ts'
import { hasMonitoring, startAlertmanager, startNodeExporter, startPrometheus } from '../support/monitoring-servers.ts'
import { openOffice, type Person, type TestOffice } from '../support/office.ts'
import { loadOffice } from '../support/office-load.ts'
import { describeAlerts } from './suites/alerts.ts'
import { describeMetrics } from './suites/metrics.ts'
import { describePanels } from './suites/panels.ts'

/** The product in one process, watched by Prometheus, Alertmanager and node-exporter of Debian with what deploy/ ships. */
describe.skipIf(!hasMonitoring)('the product, watched', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-monitoring-'))
  const stack = new AsyncDisposableStack()
  let office: TestOffice
  let person: Person
  let inbox: Awaited<ReturnType<typeof openSlackInbox>>
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>
  let listener = ''
  let load: Promise<void>

  beforeAll(async () => {
    const listen = `127.0.0.1:${await findFreePort()}`
    listener = `http://${listen}`
    // Sign-ins, questions and guesses of minutes come within seconds here.
    const given = { METRICS_LISTEN: listen, LIMIT_PERSON_CALLS: '100000', LIMIT_ADDRESS_CALLS: '100000' }
    office = await openOffice('one', { given })
    stack.defer(() => office.close())
    inbox = await openSlackInbox()
    stack.defer(inbox.close)
    const node = await startNodeExporter()
    stack.defer(node.stop)
    const alertmanagerFile = writeAlertmanagerConfig(folder, { slackUrl: inbox.url, smtpUrl: office.smtpUrl })
    const alertmanager = await startAlertmanager(alertmanagerFile, join(folder, 'alerts'))
    stack.defer(alertmanager.stop)
    const targets = { service: new URL(office.url).host, node: node.address, alertmanager: alertmanager.address }
    prometheus = await startPrometheus(
      writePrometheusConfig(folder, targets),
      join(folder, 'series'),
      readPrometheusFlags(),
    )
    stack.defer(prometheus.stop)
    person = await office.signIn('sanghyun')
    await loadOffice(office, person)
  })
  afterAll(async () => {
    await load
    await stack.disposeAsync()
    rmSync(folder, { recursive: true, force: true })
  })

  describeMetrics(
    () => office,
    () => person,
    () => listener,
  )

  describe('under load', () => {
    let isLoading = true
    beforeAll(() => {
      load = keepLoading(office, person, () => isLoading)
    })
    afterAll(async () => {
      isLoading = false
      await load
    })
    describePanels(() => prometheus.url)
  })

  describeAlerts(
    () => office,
    () => person,
    () => inbox.messages,
  )

  test('Prometheus keeps 15 days', async () => {
    const reply = await fetch(new URL('/api/v1/status/flags', prometheus.url))
    const { data } = (await reply.json()) as { data: Record<string, string> }
    expect(data['storage.tsdb.retention.time']).toBe('15d')
  })
})

/** Rounds of load, and with each a change in the ERP and a mail. */
async function keepLoading(office: TestOffice, person: Person, isLoading: () => boolean): Promise<void> {
  const administrator = await office.signIn('hyerim')
  const mail = {
    template: 'notice',
    language: 'ko',
    variables: { title: '알림', message: '확인해 주세요.' },
    to: ['minsu@hanbit.example'],
  }
  while (isLoading()) {
    const { status } = await administrator.call('/api/v1/notify/emails', { method: 'POST', body: JSON.stringify(mail) })
    expect(status).toBe(202)
    await loadOffice(office, person)
    await office.sql(
      'update erp.customers set name = name where customer_id = (select min(customer_id) from erp.customers)',
    )
  }
}
