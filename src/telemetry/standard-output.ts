import type { DestinationStream } from '#platform/log'
import type { LogOutput } from './log-output.ts'

/** Standard output, for whoever gathers it. What is delivered counts as kept once it is written; nobody confirms more. */
export function createStandardOutput(destination: DestinationStream): LogOutput {
  return {
    name: 'stdout',
    offer: (_stream, line) => void destination.write(line),
    deliver: async (_stream, documents) => {
      for (const { line } of documents) destination.write(line)
    },
    check: async () => undefined,
    close: async () => undefined,
  }
}
