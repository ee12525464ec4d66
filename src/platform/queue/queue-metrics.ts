import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { QueueDepth } from './message-queue.ts'

export type QueueMetrics = {
  published(topic: string): void
  consumed(queue: string, outcome: 'ack' | 'retry' | 'dead', seconds: number): void
  /** `depths` is asked when the metrics are read. */
  watchDepths(depths: () => Promise<QueueDepth[]>, log: Logger): void
}

/** The instruments of a process's queues; made once a registry. */
export function createQueueMetrics({ registry }: Metrics): QueueMetrics {
  const known = made.get(registry) ?? makeInstruments(registry)
  made.set(registry, known)
  return known
}

const made = new WeakMap<Registry, QueueMetrics>()

function makeInstruments(registry: Registry): QueueMetrics {
  const registers = [registry]
  const published = new Counter({
    name: 'queue_published_total',
    help: 'Messages that were stored for delivery',
    labelNames: ['topic'],
    registers,
  })
  const consumed = new Counter({
    name: 'queue_consumed_total',
    help: 'Deliveries by what became of them',
    labelNames: ['queue', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'queue_handling_duration_seconds',
    help: 'How long handlers took',
    labelNames: ['queue'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600],
    registers,
  })
  return {
    published: (topic) => published.inc({ topic }),
    consumed: (queue, outcome, took) => {
      consumed.inc({ queue, outcome })
      seconds.observe({ queue }, took)
    },
    watchDepths: (depths, log) => showDepths(registry, depths, log),
  }
}

/** Both gauges are shown at once, and each waits for the one reading, so that they are of the same moment. */
function showDepths(registry: Registry, depths: () => Promise<QueueDepth[]>, log: Logger): void {
  const read = async () => {
    try {
      for (const { queue, ready, delayed, dead, oldestSeconds } of await depths()) {
        messages.set({ queue, state: 'ready' }, ready)
        messages.set({ queue, state: 'delayed' }, delayed)
        messages.set({ queue, state: 'dead' }, dead)
        oldest.set({ queue }, oldestSeconds ?? 0)
      }
    } catch (error) {
      // No figure rather than an old one.
      messages.reset()
      oldest.reset()
      log.warn({ err: error }, 'The depth of the queues could not be read')
    }
  }
  let reading: Promise<void> | undefined
  const collect = async () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    await reading
  }
  const registers = [registry]
  const messages = new Gauge({
    name: 'queue_messages',
    help: 'Messages by what they wait for: ready for a consumer, delayed, dead',
    labelNames: ['queue', 'state'],
    registers,
    collect,
  })
  const oldest = new Gauge({
    name: 'queue_oldest_message_seconds',
    help: 'Age of the oldest message that is ready for a consumer; 0 when there is none',
    labelNames: ['queue'],
    registers,
    collect,
  })
}
