import { expect, test } from 'vitest'
import { createMetrics } from '#platform/metrics'
import { measureAccuracy } from './measure-accuracy.ts'
import type { ModelVersion } from './model-store.ts'

const found = (accuracy: number | null, exact: number | null) =>
  ({ heldOut: { accuracy }, golden: { exact } }) as ModelVersion['metrics']

async function shown(work: (note: ReturnType<typeof measureAccuracy>) => void): Promise<string[]> {
  const metrics = createMetrics()
  work(measureAccuracy(metrics))
  const text = await metrics.registry.getSingleMetricAsString('nlu_model_accuracy_ratio')
  return text.split('\n').filter((line) => line.startsWith('nlu_model_accuracy_ratio{'))
}

test('what an evaluation found is shown by model and set; what it had no rows for is not', async () => {
  expect(
    await shown((note) => {
      note('m1', found(0.9, 0.8))
      note('m2', found(null, 0.7))
      note('m3', null)
    }),
  ).toEqual([
    'nlu_model_accuracy_ratio{model="m1",set="held-out"} 0.9',
    'nlu_model_accuracy_ratio{model="m1",set="golden"} 0.8',
    'nlu_model_accuracy_ratio{model="m2",set="golden"} 0.7',
  ])
})

test('daily models pile up no series', async () => {
  const lines = await shown((note) => {
    for (let day = 0; day < 30; day++) note(`m${day}`, found(0.9, 0.9))
  })
  expect(lines).toHaveLength(8)
  expect(lines.at(-1)).toContain('m29')
})
