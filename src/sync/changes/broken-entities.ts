import type { Catalog } from '#catalog'
import type { TableGap } from './change-source.ts'
import type { WholeReason } from './plan-placement.ts'

/**
 * Remembers which entities can't be followed, and why. Such an entity is as old as its last full sync; the position of the source says
 * nothing of it.
 */
export function createBrokenEntities({ mapping: { changes } }: Catalog) {
  const byTable = changes && changes.source !== 'polling' ? changes.tables : {}
  /** By entity: the tables that are missing for it, and '' for its own fault. */
  const broken = new Map<string, Map<string, string>>()

  function breakOff(entity: string, table: string, reason: string): boolean {
    const causes = broken.get(entity) ?? new Map<string, string>()
    broken.set(entity, causes)
    if (causes.has(table)) return false
    causes.set(table, reason)
    return true
  }

  const entitiesOf = (table: string) => new Set((byTable[table] ?? []).map(({ entity }) => entity))

  function closeGaps(open: ReadonlySet<string>): Map<string, string> {
    const closed = new Map<string, string>()
    for (const [entity, causes] of broken)
      for (const table of causes.keys()) {
        if (table === '' || open.has(table)) continue
        causes.delete(table)
        closed.set(entity, `${table}: the table was not followed for a while`)
        if (causes.size === 0) broken.delete(entity)
      }
    return closed
  }

  return {
    /** Takes what is known of gaps now; answers the entities that are to be distrusted for it. */
    takeGaps(gaps: readonly TableGap[]): Map<string, string> {
      const lasting = gaps.filter(({ isPast }) => !isPast)
      const reasons = closeGaps(new Set(lasting.map(({ table }) => table)))
      for (const { table, reason, isPast } of gaps)
        for (const entity of entitiesOf(table))
          if (isPast || breakOff(entity, table, reason)) reasons.set(entity, `${table}: ${reason}`)
      return reasons
    },
    /** The same for entities that changes could not be placed on. */
    takeWhole(whole: ReadonlyMap<string, WholeReason>): Map<string, string> {
      const isNew = ([entity, { reason, isLasting }]: [string, WholeReason]) =>
        !isLasting || breakOff(entity, '', reason)
      return new Map([...whole].filter(isNew).map(([entity, { reason }]) => [entity, reason]))
    },
    isFollowed: (entity: string) => !broken.has(entity),
    problems: () =>
      [...broken].flatMap(([entity, causes]) => [...causes.values()].map((reason) => `${entity}: ${reason}`)),
  }
}

export type BrokenEntities = ReturnType<typeof createBrokenEntities>
