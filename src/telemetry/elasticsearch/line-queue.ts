import type { LogDocument } from '../log-output.ts'
import type { LogStream } from '../streams.ts'

/** A line on its way, with the stream that it goes to. */
export type QueuedLine = LogDocument & { stream: LogStream }

/**
 * Lines that wait for the log store, within a bound of bytes and of lines. Full, it takes no more: what is there already tells how the
 * trouble began.
 */
export type LineQueue = {
  /** False when there is no room. */
  push(line: QueuedLine): boolean
  /** The oldest lines, at least one where there is one, and of no more than `mostBytes` in all. */
  take(most: number, mostBytes: number): QueuedLine[]
  /** Puts lines that were taken back to the front. They were counted in once: there is always room. */
  putBack(lines: QueuedLine[]): void
  readonly lines: number
  readonly bytes: number
}

/** About what a queued line takes besides its letters. */
const overheadBytes = 160

export function createLineQueue({ mostBytes, mostLines }: { mostBytes: number; mostLines: number }): LineQueue {
  let waiting: QueuedLine[] = []
  let head = 0
  let bytes = 0
  const compact = () => {
    if (head < 1_024 || head * 2 < waiting.length) return
    waiting = waiting.slice(head)
    head = 0
  }
  return {
    push(line) {
      const size = sizeOf(line)
      if (bytes + size > mostBytes || waiting.length - head >= mostLines) return false
      waiting.push(line)
      bytes += size
      return true
    },
    take(most, mostTaken) {
      let end = head
      let taken = 0
      for (let line = waiting[end]; line && end - head < most; line = waiting[end]) {
        taken += sizeOf(line)
        if (taken > mostTaken && end > head) break
        bytes -= sizeOf(line)
        end += 1
      }
      const lines = waiting.slice(head, end)
      // The array keeps what it no longer needs until it is compacted; the lines themselves must go.
      waiting.fill(undefined as never, head, end)
      head = end
      compact()
      return lines
    },
    putBack(lines) {
      waiting = [...lines, ...waiting.slice(head)]
      head = 0
      for (const line of lines) bytes += sizeOf(line)
    },
    get lines() {
      return waiting.length - head
    },
    get bytes() {
      return bytes
    },
  }
}

/** Strings of ASCII take a byte a letter, others two; the larger is assumed. */
function sizeOf({ line }: QueuedLine): number {
  return line.length * 2 + overheadBytes
}
