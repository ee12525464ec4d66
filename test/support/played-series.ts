import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AlertCase, Play } from './alert-cases.ts'

/**
 * Plays the series of promtool tests to a real Prometheus, a step a second. Minutes being seconds, what counts in seconds (…_seconds_total)
 * counts a sixtieth; times of day are moved to today.
 */
export const secondsPerSecond = 60

type Sample = { name: string; labels: Record<string, string>; value: number }

const isCounter = (name: string) => /_(total|count|sum|bucket)$/.test(name)
const isOfSeconds = (name: string) => name.endsWith('_seconds_total')
const isTime = (name: string) => /timestamp_seconds$|^process_start_time_seconds$/.test(name)

/** A play from the moment `startMs` (Unix time) on. `left`: counters of the play before, which go on from where they were. */
export function createSeriesPlayer({ series, stepSeconds, from }: Play, startMs: number, left: Sample[] = []) {
  const before = new Map(left.filter(({ name }) => isCounter(name)).map((sample) => [writeSeries(sample), sample]))
  const valueAt = ({ values, growth }: Play['series'][number], step: number) => {
    const last = values.at(-1)
    if (step < values.length || last === undefined) return values[step]
    return last + growth * (step - values.length + 1)
  }
  const toToday = startMs / 1_000 - from * stepSeconds
  return (nowMs: number): Sample[] => {
    const step = from + Math.max(0, Math.floor((nowMs - startMs) / 1_000))
    const samples = new Map(before)
    for (const each of series) {
      const { name, labels } = each
      const played = valueAt(each, step)
      if (played === undefined) continue
      const scaled = played / (isOfSeconds(name) ? secondsPerSecond : 1) + (isTime(name) ? toToday : 0)
      const key = writeSeries({ name, labels })
      const held = before.get(key)
      const since = (valueAt(each, from) ?? 0) / (isOfSeconds(name) ? secondsPerSecond : 1)
      samples.set(key, { name, labels, value: held ? held.value + scaled - since : scaled })
    }
    return [...samples.values()]
  }
}

/** The series that fire an alert, until `calm` turns to those that do not. */
export class PlayedCase {
  readonly case: AlertCase
  #read: ReturnType<typeof createSeriesPlayer>

  constructor(alertCase: AlertCase) {
    this.case = alertCase
    this.#read = createSeriesPlayer(alertCase.fires, Date.now())
  }

  calm(): void {
    this.#read = createSeriesPlayer(this.case.quiet, Date.now(), this.samples())
  }

  samples(): Sample[] {
    return this.#read(Date.now())
  }
}

/** `name{label="value"}`, labels in order. */
export function writeSeries({ name, labels }: Omit<Sample, 'value'>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${pairs.sort().join(',')}}`
}

/** Shows at /metrics what is played; `address` is host:port. */
export async function serveSamples(samples: () => Sample[]): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(
      samples()
        .map((sample) => `${writeSeries(sample)} ${sample.value}\n`)
        .join(''),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
