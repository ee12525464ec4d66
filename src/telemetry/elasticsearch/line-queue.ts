import type { LogDocument } from '../log-output.ts'
import type { LogStream } from '../streams.ts'

/** A line on its way, with the stream that it goes to. */
export type QueuedLine = LogDocument & { stream: LogStream }

/**
 * Lines that wait for the log store or are under way there, within a bound of bytes and of lines. Full, it takes no more: what is
 * there already tells how the trouble began.
 */
export type LineQueue = {
  /** False when there is no room. */
  push(line: QueuedLine): boolean
  /** The oldest waiting lines, at least one where there is one, and of no more than `mostBytes` in all. They keep their room. */
  take(most: number, mostBytes: number): QueuedLine[]
  /** Puts lines that were taken back to the front: before anything is released, no more than were taken last. */
  putBack(lines: QueuedLine[]): void
  /** Gives up the room of lines that were taken and are not coming back. */
  release(lines: QueuedLine[]): void
  readonly waiting: number
  /** Waiting and under way. */
  readonly lines: number
  readonly bytes: number
}

/** About what a queued line takes besides its letters. */
const overheadBytes = 160
const compactFrom = 1_024

export function createLineQueue({ mostBytes, mostLines }: { mostBytes: number; mostLines: number }): LineQueue {
  let waiting: (QueuedLine | undefined)[] = []
  let head = 0
  let bytes = 0
  let lines = 0
  return {
    push(line) {
      const size = sizeOf(line)
      if (bytes + size > mostBytes || lines >= mostLines) return false
      waiting.push(line)
      bytes += size
      lines += 1
      return true
    },
    take(most, mostTaken) {
      const taken: QueuedLine[] = []
      let size = 0
      for (let line = waiting[head]; line && taken.length < most; line = waiting[head]) {
        size += sizeOf(line)
        if (size > mostTaken && taken.length > 0) break
        taken.push(line)
        waiting[head] = undefined
        head += 1
      }
      return taken
    },
    // Into the places that they left, however long the queue is: this is what a store that is away comes to, again and again.
    putBack(taken) {
      head -= taken.length
      for (const [index, line] of taken.entries()) waiting[head + index] = line
    },
    release(taken) {
      lines -= taken.length
      for (const line of taken) bytes -= sizeOf(line)
      if (head < compactFrom || head * 2 < waiting.length) return
      waiting = waiting.slice(head)
      head = 0
    },
    get waiting() {
      return waiting.length - head
    },
    get lines() {
      return lines
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
