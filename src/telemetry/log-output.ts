import type { LogStream } from './streams.ts'

/** One event for a log store: a line of JSON in ECS. The same id again is the same event. */
export type LogDocument = { id: string; line: string }

/** Somewhere that logs go. */
export type LogOutput = {
  /** Names its position among those of other outputs; keep it as it is. */
  name: string
  /** Takes a line that may be lost: never waits, never throws. */
  offer(stream: LogStream, line: string): void
  /** Resolves once all of `documents` are kept; throws when it cannot tell. Whoever calls tries again with the same ids. */
  deliver(stream: LogStream, documents: LogDocument[]): Promise<void>
  /** Throws when the output does not take anything at the moment. */
  check(signal: AbortSignal): Promise<void>
  /** Writes out what was offered, as far as there is time. */
  close(): Promise<void>
}
