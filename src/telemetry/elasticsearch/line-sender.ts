import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@elastic/elasticsearch'
import type { DropReason } from '../log-metrics.ts'
import type { LogStream } from '../streams.ts'
import type { LineQueue, QueuedLine } from './line-queue.ts'
import { BatchFailed, type BatchFault, sendBatch } from './send-batch.ts'

/**
 * `busyWaitMs`: before what the store was too busy for is sent again; the waits of a store that is away grow to `longestWaitMs`, and it
 * gets `askingLines` at a time.
 */
type SenderBounds = {
  batchLines: number
  askingLines: number
  batchBytes: number
  firstWaitMs: number
  longestWaitMs: number
  busyWaitMs: number
}

/** What the sender tells of: lines that are gone, a batch that is stored, a store that is away. */
type Hears = {
  dropped(stream: LogStream, reason: DropReason): void
  stored(count: number): void
  failed(fault: BatchFault): void
}

type Deps = { client: Client; namespace: string; queue: LineQueue; bounds: SenderBounds; hears: Hears }

/** Sends what waits in a queue, one batch at a time, in its order; a batch that fails is sent again. */
export class LineSender {
  readonly #deps: Deps
  readonly #closing = new AbortController()
  #batchLines: number
  #failures = 0
  #isOver = false
  #running: Promise<void> | undefined

  constructor(deps: Deps) {
    this.#deps = deps
    this.#batchLines = deps.bounds.batchLines
  }

  /** Resolves when nothing waits any more. */
  start(): Promise<void> {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Gives what is left one try within `ms`, then drops it. */
  async close(ms: number): Promise<void> {
    const { queue } = this.#deps
    this.#closing.abort()
    const late = new AbortController()
    const lastTry = this.start().then(() => this.start())
    await Promise.race([lastTry, wait(ms, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
    this.#isOver = true
    this.#dropAll(queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY))
  }

  async #drain(): Promise<void> {
    while (this.#deps.queue.waiting > 0) {
      const mayFollow = await this.#sendNext()
      if (mayFollow) continue
      if (this.#closing.signal.aborted) return
      await wait(this.#waitMs(), undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
  }

  /** True when the next batch may follow at once. */
  async #sendNext(): Promise<boolean> {
    const { client, namespace, queue, bounds, hears } = this.#deps
    const lines = queue.take(this.#batchLines, bounds.batchBytes)
    try {
      const { rejected, again } = await sendBatch(client, lines, { namespace, waitMs: bounds.busyWaitMs })
      for (const { line } of rejected) hears.dropped(line.stream, 'rejected')
      const isAgain = new Set(again)
      queue.putBack(again)
      queue.release(lines.filter((line) => !isAgain.has(line)))
      this.#batchLines = bounds.batchLines
      this.#failures = 0
      hears.stored(lines.length - rejected.length - again.length)
      return again.length === 0
    } catch (error) {
      return this.#noteFault(error instanceof BatchFailed ? error.fault : 'away', lines)
    }
  }

  #noteFault(fault: BatchFault, lines: QueuedLine[]): boolean {
    const { queue, bounds, hears } = this.#deps
    const [first] = lines
    if (this.#isOver) {
      this.#dropAll(lines)
      return false
    }
    if (fault === 'too-large' && first && lines.length === 1) {
      queue.release(lines)
      hears.dropped(first.stream, 'rejected')
      return true
    }
    queue.putBack(lines)
    if (fault === 'too-large') {
      this.#batchLines = Math.max(1, Math.floor(lines.length / 2))
      return true
    }
    // To ask whether it is back a few do.
    this.#batchLines = Math.min(this.#batchLines, bounds.askingLines)
    this.#failures += 1
    hears.failed(fault)
    return false
  }

  #dropAll(lines: QueuedLine[]): void {
    this.#deps.queue.release(lines)
    for (const { stream } of lines) this.#deps.hears.dropped(stream, 'closed')
  }

  /** Doubles with each failure in a row; a random half is left out, so that processes do not come back together. */
  #waitMs(): number {
    const { firstWaitMs, longestWaitMs } = this.#deps.bounds
    const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(Math.max(this.#failures, 1) - 1, 20))
    return whole * (0.5 + Math.random() / 2)
  }
}
