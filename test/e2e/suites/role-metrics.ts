import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readExposition } from '../../support/exposition.ts'
import type { TestOffice } from '../../support/office.ts'

/** Each role's process shows what is its own, and what every process has. */
export function describeRoleMetrics(office: () => TestOffice): void {
  describe('metrics of each role', () => {
    test.each([
      ['http', ['http_request_duration_seconds', 'chat_answers_total', 'auth_sign_ins_total'], 'nlu_model_in_use'],
      ['nlu', ['nlu_analysis_duration_seconds', 'nlu_model_in_use'], 'copy_records'],
      ['worker', ['copy_records', 'sync_lag_seconds', 'audit_trail_intact'], 'nlu_model_in_use'],
    ] as const)('%s', async (role, own, others) => {
      await (await office().signIn('sanghyun')).ask('이번 달 매출 얼마야?')
      const ports = JSON.parse(readFileSync(join(office().dataDir, 'ports.json'), 'utf8'))
      const url = role === 'http' ? office().url : `http://127.0.0.1:${ports[`${role}Metrics`]}`
      const shown = readExposition(await (await fetch(new URL('/metrics', url))).text())
      for (const name of [
        ...own,
        'process_cpu_seconds_total',
        'database_connections',
        'disk_free_bytes',
        'queue_messages',
      ])
        expect(shown.get(name)?.series.size, name).toBeGreaterThan(0)
      expect(shown.has(others)).toBe(false)
      const ready = await fetch(new URL('/readyz', url))
      expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }])
    })
  })
}
