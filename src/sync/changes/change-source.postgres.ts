import type { Kysely } from 'kysely'
import { openDatabase } from '#platform/database'
import type { Logger } from '#platform/log'
import { type ApplyBatch, type ChangeSource, ChangesLost, type TableGap } from './change-source.ts'
import type { Transaction } from './postgres/collect-transaction.ts'
import { formatPosition, parsePosition, type SlotPosition } from './postgres/position.ts'
import { ensurePublication } from './postgres/publication.ts'
import { createSlot, dropSlot, readSlot } from './postgres/replication-slot.ts'
import { defaultStreamLimits, type StreamLimits, streamChanges } from './postgres/stream-changes.ts'

type Options = {
  /** Of the ERP's database, as a user with REPLICATION who owns the tables or found the publication ready. */
  url: string
  /** Name of the slot and of the publication. */
  slot: string
  /** `schema.name` of every table of interest. */
  tables: readonly string[]
  log: Logger
  limits?: Partial<StreamLimits>
  /** How often publication and slot are looked at. */
  checkMs?: number
  /** Below so many bytes until the slot is lost, it is a problem. */
  safeBytes?: number
}

const mebibyte = 1024 * 1024

/**
 * The logical replication of a PostgreSQL database (pgoutput). Makes the publication and the slot where they are not there. Of the
 * slot's position and our own the later counts: the slot moves only after ours is stored.
 */
export function createPostgresChangeSource(options: Options): ChangeSource {
  const log = options.log.child({ 'sync.source': 'postgres' })
  const database = openDatabase({ url: options.url, log, poolSize: 2, statementTimeoutMs: 30_000 })
  const watch = createWatch(database.kysely, options, log)
  const clock = createServerClock()
  let isFollowing = false
  let followedMs: number | undefined

  async function stream(start: SlotPosition, apply: ApplyBatch, signal: AbortSignal): Promise<void> {
    const deliver = async (transactions: Transaction[]) => {
      const last = transactions.at(-1)
      if (!last) return
      const gaps = watch.takeGaps()
      await apply({
        changes: transactions.flatMap(({ changes }) => changes),
        ...(gaps ? { gaps } : {}),
        position: formatPosition({ epoch: start.epoch, lsn: last.endLsn, atMs: last.atMs }),
        at: new Date(last.atMs).toISOString(),
      })
      followedMs = last.atMs
    }
    const limits = { ...defaultStreamLimits, ...options.limits }
    const { url, slot } = options
    const wanted = { url, slot, publication: slot, from: start.lsn, limits, deliver, log }
    await streamChanges({ ...wanted, onServerTime: clock.hear }, signal)
  }

  return {
    name: 'postgres',
    async follow(from, apply, signal) {
      const start = await findStart(database.kysely, options.slot, from)
      await watch.check()
      followedMs = start.atMs
      isFollowing = true
      const failed = new AbortController()
      const watching = watch.keepChecking(failed)
      try {
        await stream(start, apply, AbortSignal.any([signal, failed.signal]))
        if (failed.signal.aborted && !signal.aborted) throw failed.signal.reason
      } catch (error) {
        throw isLostSlot(error) ? new ChangesLost('the replication slot was lost') : error
      } finally {
        isFollowing = false
        watching.stop()
      }
    },
    async renew(from) {
      await dropSlot(database.kysely, options.slot)
      await watch.check()
      const { lsn, now } = await createSlot(database.kysely, options.slot)
      const epoch = from === undefined ? 1 : parsePosition(from).epoch + 1
      return { position: formatPosition({ epoch, lsn, atMs: Date.parse(now) }), at: now }
    },
    status: () => ({
      state: isFollowing ? 'following' : 'idle',
      ...(followedMs === undefined ? {} : { lagSeconds: Math.max(0, (clock.now() - followedMs) / 1000) }),
      problems: watch.problems(),
    }),
    close: () => database.close(),
  }
}

/** Where to begin. Throws ChangesLost when the slot does not reach back to `from`, or is of another server's past. */
async function findStart(db: Kysely<unknown>, slot: string, from: string | undefined): Promise<SlotPosition> {
  if (from === undefined) throw new ChangesLost('the changes have not been followed before', true)
  const start = parsePosition(from)
  const state = await readSlot(db, slot)
  if (!state) throw new ChangesLost('the replication slot is not there any more')
  if (state.isLost) throw new ChangesLost('the replication slot was lost')
  if (state.confirmedLsn > start.lsn)
    throw new ChangesLost('the replication slot is ahead of what was kept of its changes')
  if (state.serverLsn < start.lsn) throw new ChangesLost('the ERP’s database is behind what was kept of its changes')
  return start
}

/** 55000 object_not_in_prerequisite_state: the slot cannot be read from any more; 42704: it is gone. */
function isLostSlot(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === '55000' || code === '42704'
}

/** The server's clock, carried on by ours: the two may be hours apart. */
function createServerClock() {
  let offsetMs = 0
  return {
    hear: (ms: number) => {
      offsetMs = ms - Date.now()
    },
    now: () => Date.now() + offsetMs,
  }
}

/** Looks at publication and slot again and again. */
function createWatch(
  db: Kysely<unknown>,
  { slot, tables, checkMs = 10_000, safeBytes = 64 * mebibyte }: Options,
  log: Logger,
) {
  let gaps: TableGap[] | undefined
  let problems: string[] = []
  async function check(): Promise<void> {
    const report = await ensurePublication(db, slot, tables)
    const state = await readSlot(db, slot)
    if (state?.isLost) throw new ChangesLost('the replication slot was lost')
    const isNew = state === undefined
    const added = isNew
      ? []
      : report.added.map((table) => ({ table, reason: 'the table was not followed until now', isPast: true as const }))
    gaps = [...report.gaps, ...added, ...(gaps ?? []).filter(({ isPast }) => isPast)]
    const isTight = state?.safeBytes !== undefined && state.safeBytes < safeBytes
    problems = [
      ...report.gaps.map(({ table, reason }) => `${table}: ${reason}`),
      ...(isTight ? [`${state.safeBytes} bytes of changes until the replication slot ${slot} is lost`] : []),
    ]
    if (isTight) log.warn({ 'sync.safe_bytes': state.safeBytes }, 'The replication slot is close to being lost')
  }
  return {
    check,
    problems: () => problems,
    /** What was found since it was last taken, if anything was looked at. */
    takeGaps() {
      const taken = gaps
      gaps = undefined
      return taken
    },
    keepChecking(failed: AbortController) {
      const timer = setInterval(
        () =>
          void check().catch((error: unknown) => {
            if (error instanceof ChangesLost) failed.abort(error)
            else log.warn({ err: error }, 'The publication and the slot could not be looked at')
          }),
        checkMs,
      )
      return { stop: () => clearInterval(timer) }
    },
  }
}
