import { randomBytes } from 'node:crypto'
import type { Client } from '@elastic/elasticsearch'
import type { DropReason, LogMetrics } from '../log-metrics.ts'
import type { LogOutput } from '../log-output.ts'
import type { LogStream } from '../streams.ts'
import { createLineQueue, type LineQueue } from './line-queue.ts'
import { LineSender } from './line-sender.ts'
import { BatchFailed, type BatchFault, sendBatch } from './send-batch.ts'

/** `tell` hears when the store goes and when it comes back. */
type Deps = {
  client: Client
  namespace: string
  metrics: (queue: LineQueue) => LogMetrics
  tell: (news: StoreNews) => void
  bounds?: Partial<typeof defaults>
}

/** `dropped`: lines since the store was last reached. */
export type StoreNews = { isReachable: boolean; fault?: BatchFault; dropped: number }

const defaults = {
  mostBytes: 16 * 1024 * 1024,
  mostLines: 50_000,
  batchLines: 1_000,
  askingLines: 50,
  batchBytes: 2 * 1024 * 1024,
  flushMs: 1_000,
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
  const hears = createNews(metrics, tell)
  const sender = new LineSender({ client, namespace, queue, bounds, hears })
  // Repeats of a batch are known by their ids.
  const boot = randomBytes(6).toString('hex')
  let count = 0
  let isClosed = false
  const timer = setInterval(() => void sender.start(), bounds.flushMs).unref()
  return {
    name,
    offer(stream, line) {
      count += 1
      if (isClosed) return hears.dropped(stream, 'closed')
      if (!queue.push({ id: `${boot}-${count}`, stream, line })) return hears.dropped(stream, 'full')
      if (queue.waiting >= bounds.batchLines) void sender.start()
    },
    async deliver(stream, documents) {
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
      if (isClosed) return
      clearInterval(timer)
      isClosed = true
      await sender.close(bounds.closeMs)
      await client.close()
    },
  }
}

/** Counts, and tells of changes alone. */
function createNews(metrics: LogMetrics, tell: (news: StoreNews) => void) {
  let isReachable = true
  let dropped = 0
  return {
    dropped(stream: LogStream, reason: DropReason) {
      dropped += 1
      metrics.noteDropped(name, stream, reason)
    },
    stored(count: number) {
      metrics.noteKept(name, count)
      metrics.noteReachable(name, true)
      if (!isReachable) tell({ isReachable: true, dropped })
      isReachable = true
      dropped = 0
    },
    failed(fault: BatchFault) {
      metrics.noteReachable(name, false)
      if (isReachable) tell({ isReachable: false, fault, dropped })
      isReachable = false
    },
  }
}
