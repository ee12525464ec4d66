import { type Catalog, followedEntities } from '#catalog'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { AppliedChange, Copy, Position, RecordChange } from '../copy/copy.ts'
import { entityTables } from '../copy/entity-table.ts'
import { storeGivenFields } from '../copy/write-records.ts'
import { type BrokenEntities, createBrokenEntities } from './broken-entities.ts'
import type { ChangeBatch } from './change-source.ts'
import type { FeedMetrics } from './feed-metrics.ts'
import type { PlaceChanges } from './place-changes.ts'
import { createNews } from './tell-news.ts'

/** Is told what changed in the copy, in order, after it is committed there. A crash in between loses it. */
export type ChangeListener = (changes: readonly AppliedChange[]) => void | Promise<void>

/**
 * Is told of the entities that a batch was about, also where the copy could not take it: it has not been filled, or cannot follow. For
 * whoever asks the ERP itself. A crash in between loses it.
 */
export type EntityListener = (entities: readonly string[]) => void | Promise<void>

export type ApplyDeps = {
  source: string
  catalog: Catalog
  copy: Pick<Copy, 'apply' | 'distrust'>
  place: PlaceChanges
  listeners: readonly ChangeListener[]
  onTouched?: EntityListener | undefined
  metrics: FeedMetrics
  log: Logger
}

export type Applier = {
  apply(batch: ChangeBatch, signal: AbortSignal): Promise<AppliedChange[]>
  /** A sentence for each entity that can't be followed. */
  problems(): string[]
}

/**
 * Takes batches to the copy: places their changes, distrusts what can't be followed, so that a full sync takes it, applies the rest
 * with the position in one transaction, and tells the listeners. Throws when the ERP, the copy or the database does; nothing is
 * applied then.
 */
export function createApplier(deps: ApplyDeps): Applier {
  const { catalog, place, metrics, log } = deps
  const follows = followedEntities(catalog.mapping.changes)
  const broken = createBrokenEntities(catalog)
  const news = createNews(log)
  const write = createWrite(deps, broken)

  async function giveUp(source: string, reasons: ReadonlyMap<string, string>): Promise<void> {
    for (const [entity, reason] of reasons) {
      await deps.copy.distrust([entity], reason)
      metrics.distrusted(source, 1)
      news.alarm(entity, reason)
    }
  }

  async function apply(batch: ChangeBatch, signal: AbortSignal): Promise<AppliedChange[]> {
    const source = batch.server === undefined ? deps.source : `${deps.source}:${batch.server}`
    const startedAt = performance.now()
    const placed = await place(batch.changes, signal)
    metrics.changed(source, 'placed', placed.placed)
    for (const [table, count] of placed.unknown) {
      metrics.changed(source, 'unknown', count)
      news.unknown(table)
    }
    news.columns(batch.changes)
    if (batch.gaps) await giveUp(source, broken.takeGaps(batch.gaps))
    await giveUp(source, broken.takeWhole(placed.whole))
    const position = { source, at: batch.at, position: batch.position, follows }
    const changes = [...(batch.records ?? []), ...placed.changes]
    const applied = await write(changes, position, (entity, reason) => giveUp(source, new Map([[entity, reason]])))
    metrics.applied(source, applied.length, (performance.now() - startedAt) / 1000)
    const touched = new Set([...changes.map(({ entity }) => entity), ...placed.whole.keys()])
    if (touched.size > 0) await deps.onTouched?.([...touched])
    if (applied.length > 0) for (const listener of deps.listeners) await listener(applied)
    return applied
  }

  return { apply, problems: broken.problems }
}

/** Writes to the copy. An entity with a value that its field can't hold is given up, so that it does not keep all others waiting. */
function createWrite({ copy, catalog }: ApplyDeps, broken: BrokenEntities) {
  const tables = entityTables(catalog)
  const holds = (change: RecordChange): boolean => {
    const table = tables.get(change.entity)
    if (change.kind !== 'put' || !table) return true
    try {
      storeGivenFields(table, change.row)
      return true
    } catch {
      return false
    }
  }
  type GiveUp = (entity: string, reason: string) => Promise<void>
  return async function write(changes: RecordChange[], position: Position, giveUp: GiveUp): Promise<AppliedChange[]> {
    const followed = (position.follows ?? []).filter(broken.isFollowed)
    try {
      return await copy.apply(changes, { ...position, follows: followed })
    } catch (error) {
      const isValue = error instanceof AppError && error.spec.code === 'COPY_VALUE'
      const entity = isValue ? changes.find((change) => !holds(change))?.entity : undefined
      if (entity === undefined) throw error
      await giveUp(entity, 'a changed record has a value that its field cannot hold')
      const rest = changes.filter((change) => change.entity !== entity)
      return await write(rest, position, giveUp)
    }
  }
}
