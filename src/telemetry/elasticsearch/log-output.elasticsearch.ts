import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@elastic/elasticsearch'
import type { LogMetrics } from '../log-metrics.ts'
import type { LogDocument, LogOutput } from '../log-output.ts'
import type { LogStream } from '../streams.ts'
import { createLineQueue, type LineQueue, type QueuedLine } from './line-queue.ts'
import { BatchFailed, type BatchFault, sendBatch } from './send-batch.ts'

/** `tell` hears in a sentence of ours when the store goes and comes back; it must not write to this output alone. */
type Deps = {
  client: Client
  namespace: string
  metrics: (queue: LineQueue) => LogMetrics
  tell: (news: StoreNews) => void
  bounds?: Partial<typeof defaults>
}

export type StoreNews = { isReachable: boolean; fault?: BatchFault; dropped: number }

const defaults = {
  mostBytes: 16 * 1024 * 1024,
  mostLines: 50_000,
  batchLines: 1_000,
  batchBytes: 2 * 1024 * 1024,
  flushMs: 500,
  firstWaitMs: 500,
  longestWaitMs: 15_000,
  busyWaitMs: 1_000,
  closeMs: 5_000,
}
const name = 'elasticsearch'

/**
 * Logs straight to Elasticsearch: lines wait in a bounded queue, one batch is under way at a time, and while the store does not take
 * it the waits grow. A line that finds no room is dropped and counted; nobody who logs ever waits.
 */
export function createElasticsearchOutput({ client, namespace, tell, ...deps }: Deps): LogOutput {
  const bounds = { ...defaults, ...deps.bounds }
  const queue = createLineQueue(bounds)
  const metrics = deps.metrics(queue)
  const boot = randomBytes(6).toString('hex')
  const state = {
    count: 0,
    isReachable: true,
    failures: 0,
    dropped: 0,
    isClosed: false,
    isOver: false,
    batchLines: bounds.batchLines,
  }
  const closing = new AbortController()
  let running: Promise<void> | undefined

  const drop = (stream: LogStream, reason: 'full' | 'rejected' | 'closed', count = 1) => {
    state.dropped += count
    metrics.noteDropped(name, stream, reason, count)
  }
  const noteFault = (fault: BatchFault) => {
    state.failures += 1
    metrics.noteReachable(name, false)
    if (state.isReachable) tell({ isReachable: false, fault, dropped: state.dropped })
    state.isReachable = false
  }
  const noteSuccess = (count: number) => {
    metrics.noteKept(name, count)
    metrics.noteReachable(name, true)
    state.failures = 0
    if (!state.isReachable) tell({ isReachable: true, dropped: state.dropped })
    state.isReachable = true
    state.dropped = 0
  }

  /** Sends one batch; what did not arrive goes back to the front. True when the next may follow at once. */
  async function sendNext(): Promise<boolean> {
    const lines = queue.take(state.batchLines, bounds.batchBytes)
    try {
      const { rejected, again } = await sendBatch(client, lines, { namespace, waitMs: bounds.busyWaitMs })
      for (const { line } of rejected) drop(line.stream, 'rejected')
      state.batchLines = bounds.batchLines
      noteSuccess(lines.length - rejected.length - again.length)
      queue.putBack(again)
      return again.length === 0
    } catch (error) {
      const fault = error instanceof BatchFailed ? error.fault : 'away'
      return onFault(fault, lines)
    }
  }

  function onFault(fault: BatchFault, lines: QueuedLine[]): boolean {
    const [first] = lines
    if (fault === 'too-large' && first && lines.length === 1) {
      drop(first.stream, 'rejected')
      return true
    }
    if (state.isOver) {
      for (const { stream } of lines) drop(stream, 'closed')
      return false
    }
    queue.putBack(lines)
    if (fault === 'too-large') {
      state.batchLines = Math.max(1, Math.floor(lines.length / 2))
      return true
    }
    noteFault(fault)
    return false
  }

  async function drain(): Promise<void> {
    while (queue.lines > 0) {
      const mayFollow = await sendNext()
      if (mayFollow) continue
      // Closing gives what is left one more try, not a wait.
      if (state.isClosed) return
      await wait(backOff(state.failures, bounds), undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  const start = () => {
    running ??= drain().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(() => void start(), bounds.flushMs).unref()

  return {
    name,
    offer(stream, line) {
      state.count += 1
      const isTaken = !state.isClosed && queue.push({ id: `${boot}-${state.count}`, stream, line })
      if (!isTaken) drop(stream, state.isClosed ? 'closed' : 'full')
      else if (queue.lines >= bounds.batchLines && state.isReachable) void start()
    },
    async deliver(stream, documents: LogDocument[]) {
      const lines = documents.map((document) => ({ ...document, stream }))
      const { rejected, again } = await sendBatch(client, lines, { namespace, waitMs: bounds.busyWaitMs })
      const [first] = rejected
      if (first) throw new Error(`The log store refuses ${first.line.id}: ${first.status} ${first.reason}`)
      if (again.length > 0) throw new BatchFailed('away', new Error(`too busy for ${again.length} entries`))
      metrics.noteKept(name, documents.length)
    },
    async check(signal) {
      await client.ping({}, { signal })
    },
    async close() {
      clearInterval(timer)
      state.isClosed = true
      closing.abort()
      const late = new AbortController()
      await Promise.race([
        (async () => {
          await running
          await drain()
        })(),
        wait(bounds.closeMs, undefined, { signal: late.signal }).catch(() => undefined),
      ])
      late.abort()
      state.isOver = true
      for (const { stream } of queue.take(bounds.mostLines, Number.POSITIVE_INFINITY)) drop(stream, 'closed')
      await client.close()
    },
  }
}

/** Doubles with each failure in a row; a random half is left out, so that processes do not come back together. */
function backOff(failures: number, { firstWaitMs, longestWaitMs }: typeof defaults): number {
  const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(Math.max(failures, 1) - 1, 20))
  return whole * (0.5 + Math.random() / 2)
}
