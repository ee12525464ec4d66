import type { Client } from '@elastic/elasticsearch'
import { dataStreamOf } from '../streams.ts'
import type { QueuedLine } from './line-queue.ts'

/** What became of a batch: lines that the store will never take, and those to be sent again. The others are stored. */
export type BatchOutcome = { rejected: { line: QueuedLine; status: number; reason: string }[]; again: QueuedLine[] }

/** Why a whole batch did not arrive. `refused`: our credentials; `too-large`: a smaller one may; else the store is away. */
export type BatchFault = 'away' | 'refused' | 'too-large'

export class BatchFailed extends Error {
  override readonly name = 'BatchFailed'
  readonly fault: BatchFault

  constructor(fault: BatchFault, cause: unknown) {
    super(`The log store did not take a batch: ${fault}`, { cause })
    this.fault = fault
  }
}

const alreadyThere = 409
const tooBusy = 429
/** The store's own bound on a request is 100 MB; small ones spread better. */
const flushBytes = 1_000_000

/**
 * Sends lines with the client's bulk helper, which retries those that the store is too busy for twice, `waitMs` apart. Throws
 * BatchFailed when the whole did not get through; some of it may be stored then: ids make sending it again harmless.
 */
export async function sendBatch(
  client: Client,
  lines: QueuedLine[],
  { namespace, waitMs }: { namespace: string; waitMs: number },
): Promise<BatchOutcome> {
  const byId = new Map(lines.map((line) => [line.id, line]))
  const outcome: BatchOutcome = { rejected: [], again: [] }
  const next = lines.values()
  try {
    await client.helpers.bulk<string>({
      datasource: documentsOf(lines),
      // The helper asks for each document's action in the order they came.
      onDocument: () => {
        const line = next.next().value
        if (!line) throw new Error('more documents than lines')
        return { create: { _index: dataStreamOf(line.stream, namespace), _id: line.id } }
      },
      flushBytes,
      concurrency: 2,
      retries: 2,
      wait: waitMs,
      onDrop: ({ status, operation, error }) => {
        const line = byId.get(idOf(operation) ?? '')
        if (!line || status === alreadyThere) return
        if (status === tooBusy) outcome.again.push(line)
        else outcome.rejected.push({ line, status, reason: error?.type ?? 'unknown' })
      },
    })
    return outcome
  } catch (error) {
    throw new BatchFailed(faultOf(error), error)
  }
}

async function* documentsOf(lines: QueuedLine[]): AsyncGenerator<string> {
  for (const { line } of lines) yield line.trimEnd()
}

function idOf(operation: unknown): string | undefined {
  const action = Array.isArray(operation) ? operation[0] : operation
  return (action as { create?: { _id?: string } } | undefined)?.create?._id
}

function faultOf(error: unknown): BatchFault {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return 'too-large'
  return status === 401 || status === 403 ? 'refused' : 'away'
}
