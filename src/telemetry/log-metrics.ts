import { Counter, Gauge } from 'prom-client'
import type { Metrics } from '#platform/metrics'
import { type LogStream, logStreams } from './streams.ts'

/** Why a line is gone: no room in the queue, refused by the store, the process ended first, or the disk did not take it. */
const dropReasons = ['full', 'rejected', 'closed', 'disk'] as const
export type DropReason = (typeof dropReasons)[number]

export type LogMetrics = {
  /** To be called when an output is opened: its first loss is a rise from 0 then. */
  noteOpened(output: string): void
  noteKept(output: string, count: number): void
  noteDropped(output: string, stream: LogStream, reason: DropReason, count?: number): void
  noteReachable(output: string, isReachable: boolean): void
}

/** Registers `log_lines_kept_total`, `log_lines_dropped_total`, `log_output_up` and the queue's sizes; once a registry. */
export function createLogMetrics(
  { registry }: Metrics,
  readQueue: () => { lines: number; bytes: number } | undefined,
): LogMetrics {
  const registers = [registry]
  const kept = new Counter({
    name: 'log_lines_kept_total',
    help: 'Log lines that an output has kept',
    labelNames: ['output'],
    registers,
  })
  const dropped = new Counter({
    name: 'log_lines_dropped_total',
    help: 'Log lines that are lost: no room (full), refused by the store (rejected), the process ended (closed), the disk (disk)',
    labelNames: ['output', 'stream', 'reason'],
    registers,
  })
  const up = new Gauge({
    name: 'log_output_up',
    help: '1 when the last attempt at an output succeeded, 0 when it failed',
    labelNames: ['output'],
    registers,
  })
  const gauge = (name: string, help: string, read: (queue: { lines: number; bytes: number }) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const queue = readQueue()
        this.set(queue ? read(queue) : 0)
      },
    })
  gauge('log_queue_lines', 'Log lines that wait for the log store', ({ lines }) => lines)
  gauge('log_queue_bytes', 'Memory of the log lines that wait for the log store', ({ bytes }) => bytes)
  return {
    noteOpened(output) {
      for (const stream of logStreams) for (const reason of dropReasons) dropped.inc({ output, stream, reason }, 0)
    },
    noteKept: (output, count) => kept.inc({ output }, count),
    noteDropped: (output, stream, reason, count = 1) => dropped.inc({ output, stream, reason }, count),
    noteReachable: (output, isReachable) => up.set({ output }, isReachable ? 1 : 0),
  }
}
