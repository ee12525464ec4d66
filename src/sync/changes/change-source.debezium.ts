import { AppError } from '#platform/errors'
import type { ApplyBatch, ChangeBatch, ChangeSource } from './change-source.ts'
import type { DebeziumEvent } from './debezium/read-event.ts'
import { changesErrors } from './errors.ts'

type Deps = {
  /** The position kept for a server, under `debezium:SERVER`; undefined when nothing has come from it yet. */
  readPosition: (source: string) => Promise<string | undefined>
  /** `schema.name` of every table of interest. */
  tables: readonly string[]
}

export type DebeziumSource = {
  source: ChangeSource
  /**
   * Takes events in the order of their server's log; resolves when they are applied. Those of before the last applied are left out.
   * Throws CHANGES_BUSY, to be sent again later, and what applying throws.
   */
  accept(events: readonly DebeziumEvent[]): Promise<{ applied: number }>
}

const name = 'debezium'
/** Requests that wait their turn: a sender that keeps order has one under way. */
const mostWaiting = 16

/**
 * Events that a Debezium server sends us, rather than changes that we fetch: `follow` lends its `apply` to `accept`. What a server
 * sends again is known by the commits in its log; events since the last commit are taken again, which changes nothing.
 */
export function createDebeziumSource({ readPosition, tables }: Deps): DebeziumSource {
  let apply: ApplyBatch | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function take(events: readonly DebeziumEvent[]): Promise<{ applied: number }> {
    if (!apply) throw new AppError(changesErrors.busy, { retryAfterS: 1 })
    let applied = 0
    for (const ofServer of runsOf(events)) {
      const server = ofServer[0]?.server ?? ''
      const batch = toBatch(ofServer, await readPosition(`${name}:${server}`), tables)
      if (!batch) continue
      await apply(batch)
      applied += batch.changes.length
    }
    return { applied }
  }

  return {
    source: {
      name,
      async follow(_from, applyBatch, signal) {
        if (signal.aborted) return
        apply = applyBatch
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        apply = undefined
        await turn
      },
      status: () => ({ state: apply ? 'following' : 'idle', problems: [] }),
      close: async () => undefined,
    },
    async accept(events) {
      if (waiting >= mostWaiting) throw new AppError(changesErrors.busy, { retryAfterS: 1 })
      waiting += 1
      const mine = turn.then(() => take(events))
      turn = mine.catch(() => undefined)
      try {
        return await mine
      } finally {
        waiting -= 1
      }
    },
  }
}

/** Runs of events of the same server, in order. */
function runsOf(events: readonly DebeziumEvent[]): DebeziumEvent[][] {
  const runs: DebeziumEvent[][] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last?.[0]?.server === event.server) last.push(event)
    else runs.push([event])
  }
  return runs
}

function toBatch(
  events: DebeziumEvent[],
  stored: string | undefined,
  tables: readonly string[],
): ChangeBatch | undefined {
  const [kept, count] = readStored(stored)
  const wanted = events.filter(({ after }) => after === undefined || after >= kept)
  const last = wanted.at(-1)
  if (!last) return undefined
  const reached = wanted.reduce((most, { after }) => later(most, after ?? kept), kept)
  const gaps = tables.map((table) => ({ table, reason: 'the table was not followed until now', isPast: true as const }))
  return {
    changes: wanted.map(({ change }) => change),
    ...(stored === undefined ? { gaps } : {}),
    position: `${String(reached).padStart(20, '0')}.${String(reached === kept ? count + 1 : 0).padStart(10, '0')}`,
    at: last.change.committedAt,
    server: last.server,
  }
}

function later(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

function readStored(position: string | undefined): [commit: bigint, count: number] {
  const [commit = '', count = ''] = (position ?? '0.0').split('.')
  return [BigInt(commit), Number(count)]
}
