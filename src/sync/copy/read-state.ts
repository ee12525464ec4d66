import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { CopyEntityState } from './copy.ts'

type StateRow = {
  entity: string
  records: string
  filledAt: Date | null
  changedAt: Date | null
  asOf: Date | null
  distrustedAt: Date | null
  reason: string | null
}

/** What is known of the copies of entities; of `only` that one, when it is given. */
export async function readCopyState(
  db: Kysely<unknown>,
  only?: string,
  signal?: AbortSignal,
): Promise<CopyEntityState[]> {
  const where: RawBuilder<unknown> = only === undefined ? sql`` : sql`where e.entity = ${only}`
  const { rows } = await sql<StateRow>`
    select e.entity, e.records, e.filled_at as "filledAt", e.changed_at as "changedAt",
      e.distrusted_at as "distrustedAt", e.distrusted_reason as reason,
      greatest(e.as_of, (select max(p.at) from copy_positions p where e.entity = any(p.follows))) as "asOf"
    from copy_entities e ${where} order by e.entity`.execute(db, signal ? { signal } : {})
  return rows.map(describeState)
}

function describeState(row: StateRow): CopyEntityState {
  const { entity, filledAt, changedAt, asOf, distrustedAt, reason } = row
  return {
    entity,
    isFilled: filledAt !== null,
    ...(filledAt ? { filledAt: filledAt.toISOString() } : {}),
    ...(changedAt ? { changedAt: changedAt.toISOString() } : {}),
    ...(filledAt && asOf ? { asOf: asOf.toISOString() } : {}),
    records: Number(row.records),
    ...(distrustedAt ? { distrusted: { at: distrustedAt.toISOString(), reason: reason ?? '' } } : {}),
  }
}
