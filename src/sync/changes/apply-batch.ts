import { type Catalog, changedEntities } from '#catalog'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { AppliedChange, Copy, RecordChange } from '../copy/copy.ts'
import type { ChangeBatch } from './change-source.ts'
import type { FeedMetrics } from './feed-metrics.ts'
import type { PlaceChanges } from './place-changes.ts'

/** Asks for a full sync of these entities, some time soon; asking again before it has begun changes nothing. */
export type AskFullSync = (entities: readonly string[], reason: string) => Promise<void>

/** Is told what changed in the copy, in order, after it is committed there. A crash in between loses it. */
export type ChangeListener = (changes: readonly AppliedChange[]) => void | Promise<void>

export type ApplyDeps = {
  source: string
  catalog: Catalog
  copy: Pick<Copy, 'apply' | 'distrust'>
  place: PlaceChanges
  askFullSync: AskFullSync
  listeners: readonly ChangeListener[]
  metrics: FeedMetrics
  log: Logger
}

/**
 * Takes a batch to the copy: places its changes, distrusts what can't be followed, applies the rest with the position in one
 * transaction, and tells the listeners. Throws when the ERP, the copy or the database does; nothing is applied then.
 */
export function createApply(deps: ApplyDeps): (batch: ChangeBatch, signal: AbortSignal) => Promise<AppliedChange[]> {
  const { catalog, copy, place, metrics, log } = deps
  const follows = changedEntities(catalog.mapping.changes)
  const seen = createSeen(log)

  async function giveUp(reasons: ReadonlyMap<string, string>, source: string): Promise<void> {
    for (const [entity, reason] of reasons) {
      await copy.distrust([entity], reason)
      metrics.distrusted(source, 1)
      seen.alarm(entity, reason)
      await deps.askFullSync([entity], reason)
    }
  }

  async function apply(changes: RecordChange[], batch: ChangeBatch, source: string): Promise<AppliedChange[]> {
    const position = { source, at: batch.at, position: batch.position, follows }
    try {
      return await copy.apply(changes, position)
    } catch (error) {
      // The one record must not keep all others from being followed.
      const entity = error instanceof AppError && error.spec.code === 'COPY_VALUE' ? error.params.entity : undefined
      if (entity === undefined || !changes.some((change) => change.entity === entity)) throw error
      await giveUp(new Map([[String(entity), 'a changed record has a value that its field cannot hold']]), source)
      return await apply(
        changes.filter((change) => change.entity !== entity),
        batch,
        source,
      )
    }
  }

  return async (batch, signal) => {
    const source = batch.server === undefined ? deps.source : `${deps.source}:${batch.server}`
    const startedAt = performance.now()
    const placed = await place(batch.changes, signal)
    metrics.changed(source, 'placed', placed.placed)
    for (const [table, count] of placed.unknown) {
      metrics.changed(source, 'unknown', count)
      seen.unknown(table)
    }
    seen.columns(batch.changes)
    const gaps = gapReasons(catalog, batch)
    await giveUp(new Map([...gaps, ...placed.whole]), source)
    const changes = [...(batch.records ?? []), ...placed.changes]
    const applied = await apply(changes, batch, source)
    metrics.applied(source, applied.length, (performance.now() - startedAt) / 1000)
    if (applied.length > 0) for (const listener of deps.listeners) await listener(applied)
    return applied
  }
}

/** The entities that tables with a gap feed, each with its reason. */
function gapReasons({ mapping: { changes } }: Catalog, { gaps = [] }: ChangeBatch): Map<string, string> {
  const reasons = new Map<string, string>()
  if (!changes || changes.source === 'polling') return reasons
  for (const { table, reason } of gaps)
    for (const { entity } of changes.tables[table] ?? []) reasons.set(entity, `${table}: ${reason}`)
  return reasons
}

const mostRemembered = 1_000

/** Tells the operator of each new thing once. */
function createSeen(log: Logger) {
  const told = new Set<string>()
  const columns = new Map<string, string>()
  const isNew = (text: string): boolean => {
    if (told.has(text)) return false
    if (told.size >= mostRemembered) told.clear()
    told.add(text)
    return true
  }
  return {
    alarm(entity: string, reason: string): void {
      const text = 'The changes of an entity cannot be followed; it is not answered from the copy until its full sync'
      if (isNew(`${entity} ${reason}`)) log.error({ 'sync.entity': entity, 'sync.reason': reason }, text)
    },
    unknown(table: string): void {
      if (isNew(`table ${table}`))
        log.info({ 'sync.table': table }, 'Changes of a table that the mapping does not name')
    },
    /** A column that wasn't there before. Every row of a batch has the same ones, nearly always: the last is looked at. */
    columns(changes: ChangeBatch['changes']): void {
      for (const [table, row] of new Map(changes.map(({ table, after }) => [table, after]))) {
        if (!row) continue
        const names = Object.keys(row)
        const before = columns.get(table)
        const now = names.join(' ')
        if (before === now) continue
        columns.set(table, now)
        const added = before === undefined ? [] : names.filter((name) => !before.split(' ').includes(name))
        if (added.length > 0)
          log.warn(
            { 'sync.table': table, 'sync.columns': added },
            'A table of the ERP has new columns; they are ignored',
          )
      }
    },
  }
}
