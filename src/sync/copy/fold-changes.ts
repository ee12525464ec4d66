import type { Row } from '#erp'
import type { RecordChange } from './copy.ts'

/** What becomes of the records of one entity: each key is in one of the two. A row may hold only some fields. */
export type FoldedChanges = { puts: Map<string, Row>; removes: Set<string> }

/** The last word on every record, by entity: fields of a later change over those of an earlier one, nothing over a removal. */
export function foldChanges(changes: readonly RecordChange[]): Map<string, FoldedChanges> {
  const byEntity = new Map<string, FoldedChanges>()
  for (const change of changes) {
    const folded = byEntity.get(change.entity) ?? { puts: new Map(), removes: new Set() }
    byEntity.set(change.entity, folded)
    if (change.kind === 'remove') {
      folded.puts.delete(change.key)
      folded.removes.add(change.key)
    } else {
      folded.removes.delete(change.key)
      folded.puts.set(change.key, { ...folded.puts.get(change.key), ...change.row })
    }
  }
  return byEntity
}
