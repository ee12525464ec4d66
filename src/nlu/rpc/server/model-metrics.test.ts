import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createModelMetrics } from './model-metrics.ts'

const reading = { intent: 'query', confidence: 0.93 }

test('tells models apart, and which one is in use', async () => {
  const registry = new Registry()
  const metrics = createModelMetrics(registry)
  for (const model of ['a', 'b', 'a']) {
    metrics.noteAnalysis(model, 'ok', 0.001)
    metrics.noteReading(model, reading)
  }
  const text = await registry.metrics()
  expect(text).toContain('nlu_analysis_duration_seconds_count{model="a",outcome="ok"} 2')
  expect(text).toContain('nlu_readings_total{model="b",intent="query"} 1')
  expect(text).toContain('nlu_readings_total{model="b",intent="out_of_scope"} 0')
  expect(text).toContain('nlu_reading_confidence_ratio_sum{model="a"} 1.86')
  expect(text).toContain('nlu_model_in_use{model="a"} 1')
  expect(text).toContain('nlu_model_in_use{model="b"} 0')
})

test('keeps the series of four models, however often one is exchanged', async () => {
  const registry = new Registry()
  const metrics = createModelMetrics(registry)
  for (let n = 1; n <= 20; n += 1) {
    metrics.noteAnalysis(`m${n}`, n % 2 ? 'ok' : 'NLU_FAULT', 0.001)
    metrics.noteReading(`m${n}`, reading)
  }
  const models = new Set([...(await registry.metrics()).matchAll(/model="(\w+)"/g)].map(([, model]) => model))
  expect([...models].sort()).toEqual(['m17', 'm18', 'm19', 'm20'])
})

test('makes no series of an intent that it does not know', async () => {
  const registry = new Registry()
  createModelMetrics(registry).noteReading('a', { intent: 'x'.repeat(100), confidence: 1 })
  expect(await registry.metrics()).not.toContain('xxx')
})
