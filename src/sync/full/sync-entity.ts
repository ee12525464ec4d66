import { setTimeout as sleep } from 'node:timers/promises'
import type { RecordPage, RecordReader } from '#erp'
import { AppError } from '#platform/errors'
import type { Copy } from '../copy/copy.ts'
import { isSuspicious } from './is-suspicious.ts'
import type { EntityEnd, Progress, RunStore } from './run-store.ts'

/** How gently the ERP is read, and how much may be gone before a person is asked. */
export type FullSyncPace = {
  /** Between two pages. */
  pauseMs: number
  /** Before a page that the ERP did not give is asked for again; as often as there are waits. */
  retryWaitsMs: readonly number[]
  /** The share of an entity's records, 0…1, that may be missing before it counts as suspicious. */
  mostGone: number
}

export type SyncEntityDeps = {
  records: RecordReader
  copy: Pick<Copy, 'beginFill' | 'stage' | 'finishFill' | 'abandonFill'>
  runs: Pick<RunStore, 'beginEntity' | 'advance' | 'markMerging'>
  pace: FullSyncPace
}

/** `before`: how many records the copy has. */
type EntityTask = { run: string; entity: string; before: number; isForced: boolean }

/**
 * Reads one entity to the end, a page at a time, and merges it into the copy. What a run before it has staged is not read
 * again. Holds two pages at most: one is staged while the next is on its way. Throws AppError of the ERP or of the copy; what
 * is staged stays then.
 */
export async function syncEntity(deps: SyncEntityDeps, task: EntityTask, signal: AbortSignal): Promise<EntityEnd> {
  const { copy, runs, pace } = deps
  const { run, entity, before, isForced } = task
  const kept = await runs.beginEntity(run, entity, before)
  const fill = await copy.beginFill(run, entity)
  const counted = countStaged(kept, fill)
  const read = fill.isRead ? counted : await readPages(deps, task, { after: fill.cursor, ...counted }, signal)
  if (read === 'cancelled' || (!isForced && isSuspicious({ before, read: read.read, mostGone: pace.mostGone }))) {
    await copy.abandonFill(run, entity)
    return read === 'cancelled' ? { state: 'cancelled' } : { state: 'suspicious', error: 'SYNC_SUSPICIOUS' }
  }
  await runs.markMerging(run, entity)
  return { state: 'finished', report: await copy.finishFill(run, entity) }
}

type Staged = { pages: number; read: number }

/** What is staged: a page is counted before it is staged, and a crash between the two leaves it counted only. */
function countStaged(kept: Progress | undefined, fill: { cursor: string | undefined; isRead: boolean }): Staged {
  if (!kept || (fill.cursor === undefined && !fill.isRead)) return { pages: 0, read: 0 }
  const isStaged = (kept.cursor ?? undefined) === fill.cursor
  return isStaged ? { pages: kept.pages, read: kept.read } : { pages: kept.pagesBefore, read: kept.readBefore }
}

async function readPages(
  deps: SyncEntityDeps,
  { run, entity }: EntityTask,
  from: Staged & { after: string | undefined },
  signal: AbortSignal,
): Promise<Staged | 'cancelled'> {
  const { copy, runs, pace } = deps
  let { pages, read } = from
  let coming: Promise<RecordPage> | undefined = readPage(deps, entity, from.after, signal)
  while (coming) {
    const page: RecordPage = await coming
    coming = page.next === undefined ? undefined : readAhead(deps, entity, page.next, signal)
    const next = { cursor: page.next ?? null, pages: pages + 1, read: read + page.records.length }
    const { isCancelled } = await runs.advance(run, entity, { ...next, pagesBefore: pages, readBefore: read })
    if (isCancelled) return 'cancelled'
    await copy.stage(run, entity, page)
    ;({ pages, read } = next)
  }
  return { pages, read }

  function readAhead(...[all, name, after, stop]: Parameters<typeof readPage>): Promise<RecordPage> {
    const ahead = sleep(pace.pauseMs, undefined, { signal: stop }).then(() => readPage(all, name, after, stop))
    // Nobody may be waiting for it any more when it fails.
    ahead.catch(() => undefined)
    return ahead
  }
}

/** A page, asked for again after a while when the ERP was out of reach or had too much to do. */
async function readPage(
  { records, pace }: SyncEntityDeps,
  entity: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<RecordPage> {
  for (const waitMs of pace.retryWaitsMs) {
    try {
      return await records.readPage(entity, after, signal)
    } catch (error) {
      if (!isPassing(error)) throw error
      await sleep(Math.max(waitMs, (error.retryAfterS ?? 0) * 1_000), undefined, { signal })
    }
  }
  return await records.readPage(entity, after, signal)
}

/** Refused credentials do not get better by waiting. */
function isPassing(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    ['unavailable', 'limited'].includes(error.spec.kind) &&
    error.spec.code !== 'ERP_REFUSED'
  )
}
