import { type Kysely, sql } from 'kysely'
import type { TableGap } from '../change-source.ts'

type TableState = {
  table: string
  exists: boolean
  published: boolean
  /** What PostgreSQL tells of a row that was changed or deleted: the columns of the identity, or nothing. */
  identity: 'full' | 'key' | 'none'
}

export type PublicationReport = {
  /** Tables that were added just now: their earlier changes were not told. */
  added: string[]
  gaps: TableGap[]
}

/**
 * Makes the publication of these tables, or adds those that it lacks. A table without a replica identity stays out: published, the
 * ERP's own updates of it would fail.
 */
export async function ensurePublication(
  db: Kysely<unknown>,
  publication: string,
  tables: readonly string[],
): Promise<PublicationReport> {
  const { isThere, isForAll } = await readPublication(db, publication)
  const states = await readTables(db, publication, tables)
  const gaps = states.flatMap((state): TableGap[] => {
    if (!state.exists)
      return [{ table: state.table, reason: 'the table is not there (any longer, or under this name)' }]
    if (state.identity === 'none')
      return [{ table: state.table, reason: 'the table has no primary key or REPLICA IDENTITY' }]
    return []
  })
  const wanted = states.filter(({ exists, identity }) => exists && identity !== 'none')
  const missing = wanted.filter(({ published }) => !published).map(({ table }) => table)
  if (missing.length === 0 || isForAll) return { added: [], gaps }
  const list = sql.join(missing.map((table) => sql.table(table)))
  try {
    if (isThere) await sql`alter publication ${sql.id(publication)} add table ${list}`.execute(db)
    else await sql`create publication ${sql.id(publication)} for table ${list}`.execute(db)
    return { added: missing, gaps }
  } catch (error) {
    if (!isThere || !isForbidden(error)) throw error
    const reason = `the table is not in the publication ${publication}, and our user may not add it`
    return { added: [], gaps: [...gaps, ...missing.map((table) => ({ table, reason }))] }
  }
}

/** 42501 insufficient_privilege: the publication is another's, who made it for us. */
const isForbidden = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501'

async function readPublication(db: Kysely<unknown>, publication: string) {
  const { rows } = await sql<{ all: boolean }>`
    select puballtables as all from pg_publication where pubname = ${publication}`.execute(db)
  return { isThere: rows.length > 0, isForAll: rows[0]?.all === true }
}

async function readTables(db: Kysely<unknown>, publication: string, tables: readonly string[]): Promise<TableState[]> {
  const { rows } = await sql<TableState>`
    select t.name as table, c.oid is not null as exists,
      exists (select 1 from pg_publication_tables p
        where p.pubname = ${publication} and p.schemaname = n.nspname and p.tablename = c.relname) as published,
      case c.relreplident when 'f' then 'full' when 'i' then 'key'
        when 'd' then case when exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary) then 'key' else 'none' end
        else 'none' end as identity
    from unnest(${[...tables]}::text[]) as t(name)
    left join pg_class c on c.oid = to_regclass(t.name) and c.relkind in ('r', 'p')
    left join pg_namespace n on n.oid = c.relnamespace
    order by t.name`.execute(db)
  return rows
}
