import { Gauge } from 'prom-client'
import type { Metrics as Instruments } from '#platform/metrics'
import type { ModelVersion } from './model-store.ts'

/** Shows how well models in service were found to read in their evaluation. Tell it of each that is loaded. */
export function measureAccuracy({ registry }: Instruments) {
  const accuracy = new Gauge({
    name: 'nlu_model_accuracy_ratio',
    help: 'Accuracy of a model in its evaluation, 0 to 1, on the rows held out and on the golden questions',
    labelNames: ['model', 'set'],
    registers: [registry],
  })
  const known: string[] = []
  return (model: string, metrics: ModelVersion['metrics']): void => {
    if (!metrics || known.includes(model)) return
    const { heldOut, golden } = metrics
    if (heldOut.accuracy !== null) accuracy.set({ model, set: 'held-out' }, heldOut.accuracy)
    if (golden.exact !== null) accuracy.set({ model, set: 'golden' }, golden.exact)
    known.push(model)
    // As many as the other series of models: the one in use and those before it that a graph compares it with.
    const oldest = known.length > mostModels ? known.shift() : undefined
    for (const set of ['held-out', 'golden']) if (oldest !== undefined) accuracy.remove({ model: oldest, set })
  }
}

const mostModels = 4
