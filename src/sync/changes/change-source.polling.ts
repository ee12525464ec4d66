import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { ErpRecord, RecordReader } from '#erp'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { RecordChange } from '../copy/copy.ts'
import { type ApplyBatch, type ChangeSource, ChangesLost } from './change-source.ts'
import { lastingErrors, refusals } from './lasting-errors.ts'

type Deps = {
  records: Required<Pick<RecordReader, 'readModified'>>
  entities: readonly string[]
  everyMs: number
  overlapMs: number
  log: Logger
  now?: () => Date
}

/** By entity, the newest time of modification that was seen: the ERP's own clock, the only one that is asked. */
type Times = Record<string, string>

/** So far back the first round begins; whatever the clocks say, what was modified before is in the full sync that it waits for. */
const firstRoundMs = 24 * 3_600_000
/** A time of modification so far ahead of our clock is a slip of the ERP's: to go on from it would miss all until then. */
const mostAheadMs = 24 * 3_600_000

/**
 * Asks the ERP again and again for what was modified since the last time, and for a while before: what was written earlier may be seen
 * later. Records that come again unchanged are left out. Deletes show at the next full sync. Our clock and the ERP's may be hours apart.
 */
export function createPollingSource({
  records,
  entities,
  everyMs,
  overlapMs,
  log,
  now = () => new Date(),
}: Deps): ChangeSource {
  const seen = createSeen()
  const refused = new Map<string, string>()
  let isFollowing = false
  let followedAt: number | undefined

  type Round = { count: number; times: Times; at: string; apply: ApplyBatch }

  /** Every modified record of an entity; returns the newest time of them. */
  async function readEntity(entity: string, round: Round, signal: AbortSignal): Promise<void> {
    const known = round.times[entity] ?? now().toISOString()
    const since = new Date(Date.parse(known) - overlapMs).toISOString()
    let newest = known
    let after: string | undefined
    do {
      const page = await records.readModified(entity, since, after, signal)
      if (round.at === '') round.at = page.asOf
      const changed = page.records.filter((record) => seen.isNew(entity, record))
      if (changed.length > 0)
        await tell(
          round,
          changed.map(({ key, row }) => ({ kind: 'put', entity, key, row })),
        )
      for (const record of changed) seen.keep(entity, record)
      if (page.modifiedUntil > newest) newest = page.modifiedUntil
      after = page.next
    } while (after !== undefined)
    if (Date.parse(newest) - now().getTime() < mostAheadMs) round.times[entity] = newest
    else
      log.warn({ 'sync.entity': entity }, 'The ERP has a record modified in the future; what came since is read again')
  }

  /** One that the ERP does not tell the changes of does not keep the others waiting. */
  async function tryEntity(entity: string, round: Round, signal: AbortSignal): Promise<void> {
    try {
      await readEntity(entity, round, signal)
      refused.delete(entity)
    } catch (error) {
      const code = error instanceof AppError ? error.spec.code : ''
      if (!lastingErrors.has(code) && !refusals.has(code)) throw error
      if (!refused.has(entity))
        log.error({ 'sync.entity': entity, 'error.code': code }, 'An entity cannot be asked for its changes')
      refused.set(entity, code)
    }
  }

  async function tell(round: Round, changes: RecordChange[]): Promise<void> {
    round.count += 1
    await round.apply({ changes: [], records: changes, position: format(round), at: round.at || now().toISOString() })
  }

  async function poll(start: Pick<Round, 'count' | 'times'>, apply: ApplyBatch, signal: AbortSignal) {
    const round: Round = { ...start, times: { ...start.times }, at: '', apply }
    for (const entity of entities) await tryEntity(entity, round, signal)
    await tell(round, [])
    seen.endRound()
    followedAt = now().getTime()
    return { count: round.count, times: round.times }
  }

  return {
    name: 'polling',
    async follow(from, apply, signal) {
      if (from === undefined) throw new ChangesLost('the changes have not been followed before', true)
      isFollowing = true
      try {
        for (let start = parse(from); !signal.aborted; ) {
          start = await poll(start, apply, signal)
          await wait(everyMs, undefined, { signal }).catch(() => undefined)
        }
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        isFollowing = false
      }
    },
    async renew(from) {
      const begin = new Date(now().getTime() - firstRoundMs).toISOString()
      const count = from === undefined ? 0 : parse(from).count + 1
      const times = Object.fromEntries(entities.map((entity) => [entity, begin]))
      return { position: format({ count, times }), at: begin }
    },
    status: () => ({
      state: isFollowing ? 'following' : 'idle',
      ...(followedAt === undefined ? {} : { lagSeconds: (now().getTime() - followedAt) / 1000 }),
      problems: [...refused].map(([entity, code]) => `${entity}: ${code}`),
    }),
    close: async () => undefined,
  }
}

/** The count first, padded: it alone puts positions in order. */
function format({ count, times }: { count: number; times: Times }): string {
  return `${String(count).padStart(15, '0')} ${JSON.stringify(times)}`
}

function parse(position: string): { count: number; times: Times } {
  return { count: Number(position.slice(0, 15)), times: JSON.parse(position.slice(16)) }
}

/** Remembers the records of this round and the last: more than the overlap of two rounds never comes again. */
function createSeen() {
  let last = new Map<string, string>()
  let present = new Map<string, string>()
  const nameOf = (entity: string, { key }: ErpRecord) => `${entity} ${key}`
  const hashOf = ({ row }: ErpRecord) => createHash('sha1').update(JSON.stringify(row)).digest('base64')
  return {
    isNew(entity: string, record: ErpRecord): boolean {
      const name = nameOf(entity, record)
      const hash = hashOf(record)
      if ((present.get(name) ?? last.get(name)) !== hash) return true
      present.set(name, hash)
      return false
    },
    keep: (entity: string, record: ErpRecord) => void present.set(nameOf(entity, record), hashOf(record)),
    endRound() {
      last = present
      present = new Map()
    },
  }
}
