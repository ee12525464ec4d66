import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type Intent, intents } from '../../understanding.ts'

/** Where readings are cut by how sure they are: below 0.5 people are asked back, at 0.9 nine in ten are right. */
const confidenceBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]

/** Models whose series are kept: the one in use, and those before it that a graph still compares it with. */
const mostModels = 4

/** What the understanding server shows of its models, by their version: how long a reading takes, as what texts are read, and how surely. */
export function createModelMetrics(registry: Registry) {
  const registers = [registry]
  const duration = new Histogram({
    name: 'nlu_analysis_duration_seconds',
    help: 'Time to read one question in the understanding server, by model version and outcome',
    labelNames: ['model', 'outcome'],
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2, 1],
    registers,
  })
  const readings = new Counter({
    name: 'nlu_readings_total',
    help: 'Whole questions read, by model version and what they were read as; texts still being typed do not count',
    labelNames: ['model', 'intent'],
    registers,
  })
  const confidence = new Histogram({
    name: 'nlu_reading_confidence_ratio',
    help: 'How sure readings of whole questions were, 0 to 1 and calibrated, by model version',
    labelNames: ['model'],
    buckets: confidenceBuckets,
    registers,
  })
  const inUse = new Gauge({
    name: 'nlu_model_in_use',
    help: '1 for the version of the model that reads questions now, 0 for those before it',
    labelNames: ['model'],
    registers,
  })
  const known: string[] = []
  const outcomes = new Set<string>()
  // Looked up once a model: a label look-up at each observation costs more than the observation.
  let ok: { model: string; series: { observe(value: number): void } } | undefined
  /** Each version's series are there from its first reading; those of the oldest go, so that reloads never pile up series. */
  const meet = (model: string) => {
    if (known.at(-1) === model) return
    const previous = known.at(-1)
    if (previous !== undefined) inUse.set({ model: previous }, 0)
    inUse.set({ model }, 1)
    if (known.includes(model)) known.splice(known.indexOf(model), 1)
    known.push(model)
    for (const intent of intents) readings.inc({ model, intent }, 0)
    if (known.length > mostModels) forget(known.shift() ?? '')
  }
  const forget = (model: string) => {
    inUse.remove({ model })
    confidence.remove({ model })
    for (const intent of intents) readings.remove({ model, intent })
    for (const outcome of outcomes) duration.remove({ model, outcome })
  }
  return {
    noteAnalysis(model: string, outcome: string, seconds: number) {
      meet(model)
      outcomes.add(outcome)
      if (outcome === 'ok' && ok?.model === model) return ok.series.observe(seconds)
      duration.observe({ model, outcome }, seconds)
      if (outcome === 'ok') ok = { model, series: duration.labels({ model, outcome }) }
    },
    noteReading(model: string, reading: { intent: string; confidence: number }) {
      meet(model)
      const intent: Intent | undefined = intents.find((one) => one === reading.intent)
      if (!intent) return
      readings.inc({ model, intent })
      confidence.observe({ model }, reading.confidence)
    },
  }
}
