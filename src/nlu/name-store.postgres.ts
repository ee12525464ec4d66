import { type ColumnType, type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { NameStore } from './name-store.ts'
import type { NameEntry } from './understanding.ts'

type Tables = {
  names: {
    domain: string
    name: string
    code: string | null
    facts: ColumnType<Record<string, string> | null, string | null>
  }
  names_revision: { only_row: boolean; revision: string }
}

/** PostgreSQL takes at most 65,535 values a statement; four a name. */
const rowsAStatement = 10_000

/** Names in PostgreSQL. */
export function createPostgresNameStore(database: Database): NameStore {
  const db = database.kysely.withTables<Tables>()
  return {
    async read() {
      // One statement for both: names of one revision under the number of another would never be read again.
      const { rows } = await sql<{ revision: string; entries: StoredEntry[] }>`
        select revision::text, (
          select coalesce(json_agg(json_build_array(domain, name, code, facts)
            order by domain collate "C", name collate "C", code collate "C" nulls first), '[]') from names
        ) as entries
        from names_revision`.execute(db)
      const [found] = rows
      if (!found) throw new Error('The revision of the names is not there')
      return { revision: found.revision, entries: found.entries.map(toEntry) }
    },
    readRevision: () => readRevision(db),
    async replace(domain, entries) {
      if (entries.some((entry) => entry.domain !== domain)) throw new Error('An entry is of another domain')
      // Of one that comes twice, the first: the same person with two titles is one name.
      const wanted = new Map(entries.toReversed().map((entry) => [keyOf(entry), entry]))
      return await db.transaction().execute(async (trx) => {
        // Writers take turns on the revision's row.
        await sql`select from names_revision for update`.execute(trx)
        const kept = new Map((await readDomain(trx, domain)).map((entry) => [keyOf(entry), factsOf(entry)]))
        const isSame = ([key, entry]: [string, NameEntry]): boolean => kept.get(key) === factsOf(entry)
        if (kept.size === wanted.size && [...wanted].every(isSame)) return false
        await trx.deleteFrom('names').where('domain', '=', domain).execute()
        await insertEntries(trx, [...wanted.values()])
        await tellChange(trx)
        return true
      })
    },
    async change(added, removed) {
      // Of one that comes twice the last: one statement may not touch a row twice.
      const wanted = [...new Map(added.map((entry) => [JSON.stringify([entry.domain, keyOf(entry)]), entry])).values()]
      return await db.transaction().execute(async (trx) => {
        // The ERP has them, should a crash lose these: nobody waits for the disk.
        await sql`select set_config('synchronous_commit', 'off', true) from names_revision for update`.execute(trx)
        return await changeEntries(trx, wanted, removed)
      })
    },
  }
}

async function readRevision(db: Kysely<Tables>): Promise<string> {
  const row = await db.selectFrom('names_revision').select('revision').executeTakeFirstOrThrow()
  return row.revision
}

async function readDomain(db: Kysely<Tables>, domain: string): Promise<NameEntry[]> {
  const rows = await db.selectFrom('names').selectAll().where('domain', '=', domain).execute()
  return rows.map(({ name, code, facts }) => toEntry([domain, name, code, facts]))
}

async function insertEntries(db: Kysely<Tables>, entries: NameEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += rowsAStatement) {
    const rows = entries.slice(start, start + rowsAStatement)
    await db
      .insertInto('names')
      .values(
        rows.map(({ domain, name, code, facts }) => ({
          domain,
          name,
          code: code ?? null,
          facts: facts ? JSON.stringify(facts) : null,
        })),
      )
      .execute()
  }
}

/** A new revision, and word of it to whoever listens to `names_changed`. */
async function tellChange(db: Kysely<Tables>): Promise<void> {
  await db.updateTable('names_revision').set({ revision: sql`revision + 1` }).execute()
  await sql`select pg_notify('names_changed', '')`.execute(db)
}

async function changeEntries(
  db: Kysely<Tables>,
  added: readonly NameEntry[],
  removed: readonly NameEntry[],
): Promise<boolean> {
  const { rows } = await sql<{ changed: number }>`
    with gone as (
      delete from names n using jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as r(domain text, name text, code text)
      where n.domain = r.domain and n.name = r.name and n.code is not distinct from r.code
      returning 1
    ), come as (
      insert into names as n (domain, name, code, facts)
      select domain, name, code, facts from jsonb_to_recordset(${JSON.stringify(added)}::jsonb)
        as r(domain text, name text, code text, facts jsonb)
      on conflict (domain, name, code) do update set facts = excluded.facts
      where n.facts is distinct from excluded.facts
      returning 1
    ), counted as (select ((select count(*) from gone) + (select count(*) from come))::int as changed),
    told as (update names_revision set revision = revision + 1 from counted where changed > 0 returning pg_notify('names_changed', ''))
    select changed from counted left join told on true`.execute(db)
  return (rows[0]?.changed ?? 0) > 0
}

type StoredEntry = [domain: string, name: string, code: string | null, facts: Record<string, string> | null]

function toEntry([domain, name, code, facts]: StoredEntry): NameEntry {
  return { domain, name, ...(code === null ? {} : { code }), ...(facts === null ? {} : { facts }) }
}

/** Facts in one order, to be compared as text. */
function factsOf({ facts = {} }: NameEntry): string {
  return JSON.stringify(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function keyOf({ name, code }: NameEntry): string {
  return JSON.stringify([name, code ?? null])
}
