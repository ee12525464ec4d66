import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { countEntries } from './count-entries.ts'

const entry = { actorId: null, action: 'sign-in', outcome: 'ok', ip: null, details: {} } as const

test('counts what was written and what was not, and lets failures through', async () => {
  const registry = new Registry()
  let isAway = false
  const write = async () => {
    if (isAway) throw new Error('away')
  }
  const log = countEntries({ record: write, recordWith: write }, { registry })
  await log.record(entry)
  isAway = true
  await expect(log.record(entry, 'call')).rejects.toThrow('away')
  await expect(log.recordWith({} as never, entry)).rejects.toThrow('away')
  const text = await registry.metrics()
  expect(text).toContain('audit_entries_total{outcome="ok"} 1')
  expect(text).toContain('audit_entries_total{outcome="failed"} 2')
})
