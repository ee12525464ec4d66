import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import type { Understand, UnderstandReply, UnderstandRequest } from '../understanding.ts'
import { connectUnderstanding } from './connect-understanding.ts'
import { serveUnderstanding } from './serve-understanding.ts'

// Servers and clients for tests: what they open is closed by `closeAll`.

const log = createLogger({ level: 'silent', role: 'test' })
const opened: { close(): unknown }[] = []

export async function closeAll(): Promise<void> {
  for (const thing of opened.splice(0).reverse()) await thing.close()
}

export function closeLater<T extends { close(): unknown }>(thing: T): T {
  opened.push(thing)
  return thing
}

export async function serve(understand: Understand, listen = '127.0.0.1:0') {
  const metrics = createMetrics()
  const server = await serveUnderstanding(listen, { understand, log, metrics, modelVersion: () => 'test' })
  return { ...closeLater(server), metric: (name: string) => sumOf(metrics, name) }
}

export function connect(addresses: string[]) {
  const metrics = createMetrics()
  const client = closeLater(connectUnderstanding(addresses, { log, metrics }))
  return { ...client, metric: (name: string, labels: Record<string, string> = {}) => sumOf(metrics, name, labels) }
}

/** The sum of a metric's series with these labels; of a histogram, how often it was observed. */
async function sumOf({ registry }: ReturnType<typeof createMetrics>, name: string, labels = {}): Promise<number> {
  const found = (await registry.getMetricsAsJSON()).find((metric) => name === metric.name)
  const values = (found?.values ?? []) as { value: number; metricName?: string; labels: Record<string, unknown> }[]
  return values
    .filter(({ metricName }) => metricName === undefined || metricName === `${name}_count`)
    .filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)
}

export const request = (text: string): UnderstandRequest => ({ text, today: '2026-11-23', language: 'ko', state: {} })

export const reply = (text: string): UnderstandReply => ({
  understanding: {
    intent: 'query',
    confidence: 0.9,
    language: 'ko',
    query: { entity: 'sales', measures: ['amount'], where: [['customer', 'in', ['한빛상사', text]]], limit: 5 },
    spans: [{ start: 0, end: 2, kind: 'entity', text: '매출', reading: 'sales' }],
  },
  state: { lastQuery: { entity: 'sales', measures: [] } },
})

/** What {@link reply} was given. */
export function answeredBy({ understanding }: UnderstandReply) {
  const value = understanding.query?.where?.[0]?.[2]
  return Array.isArray(value) ? value[1] : undefined
}

/** Answers with `name`, whatever is asked; keeps the texts in `seen`. */
export const answering =
  (name: string, seen: string[] = []): Understand =>
  async ({ text }) => {
    seen.push(text)
    return reply(name)
  }

/** A server in a process of its own, which answers with `name`. */
export async function serveInProcess(name: string, listen = '127.0.0.1:0') {
  const child: ChildProcess = fork(new URL('./server-process-fixture.ts', import.meta.url), [name, listen])
  const exited = once(child, 'exit')
  const [address] = await once(child, 'message')
  closeLater({
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  })
  return { address: String(address), kill: (signal: NodeJS.Signals) => child.kill(signal), exited }
}

/** Asks without a pause, `width` questions at a time, until stopped. */
export function keepAsking(understand: Understand, width: number) {
  const answers: unknown[] = []
  const failures: unknown[] = []
  let goesOn = true
  const lanes = Array.from({ length: width }, async () => {
    while (goesOn) {
      await understand(request('매출')).then(
        (answer) => answers.push(answeredBy(answer)),
        (error) => failures.push(error),
      )
    }
  })
  return {
    answers,
    failures,
    async stop() {
      goesOn = false
      await Promise.all(lanes)
    },
  }
}
