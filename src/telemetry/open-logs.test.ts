import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createMetrics } from '#platform/metrics'
import { openLogs } from './open-logs.ts'

test('losses are counted from 0, so that the first one is a rise that an alert sees', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'logs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const metrics = createMetrics()
  const files = { folder, fileBytes: 1_000, streamBytes: 10_000 }
  await using _logs = await openLogs(
    { level: 'info', role: 'test', namespace: 'default', stdout: 'off', queueBytes: 1_000, files },
    metrics,
  )
  const text = await metrics.registry.metrics()
  expect(text).toContain('log_lines_dropped_total{output="files",stream="audit",reason="disk"} 0')
  expect(text).toContain('log_lines_dropped_total{output="files",stream="app",reason="full"} 0')
})
