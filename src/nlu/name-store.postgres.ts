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
      // One snapshot for both: names of one revision under the number of another would never be read again.
      return await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (trx) => ({ revision: await readRevision(trx), entries: await readEntries(trx) }))
    },
    readRevision: () => readRevision(db),
    async replace(domain, entries) {
      if (entries.some((entry) => entry.domain !== domain)) throw new Error('An entry is of another domain')
      // Of one that comes twice, the first: the same person with two titles is one name.
      const wanted = new Map(entries.toReversed().map((entry) => [keyOf(entry), entry]))
      return await db.transaction().execute(async (trx) => {
        // Writers take turns on the revision's row.
        await sql`select from names_revision for update`.execute(trx)
        const kept = new Map((await readEntries(trx, domain)).map((entry) => [keyOf(entry), factsOf(entry)]))
        const isSame = ([key, entry]: [string, NameEntry]): boolean => kept.get(key) === factsOf(entry)
        if (kept.size === wanted.size && [...wanted].every(isSame)) return false
        await trx.deleteFrom('names').where('domain', '=', domain).execute()
        await insertEntries(trx, [...wanted.values()])
        await tellChange(trx)
        return true
      })
    },
    async change(added, removed) {
      return await db.transaction().execute(async (trx) => {
        await sql`select from names_revision for update`.execute(trx)
        const changed = (await removeEntries(trx, removed)) + (await addEntries(trx, added))
        if (changed > 0) await tellChange(trx)
        return changed > 0
      })
    },
  }
}

async function readRevision(db: Kysely<Tables>): Promise<string> {
  const row = await db.selectFrom('names_revision').select('revision').executeTakeFirstOrThrow()
  return row.revision
}

async function readEntries(db: Kysely<Tables>, domain?: string): Promise<NameEntry[]> {
  const rows = await db
    .selectFrom('names')
    .selectAll()
    .$if(domain !== undefined, (query) => query.where('domain', '=', domain ?? ''))
    .orderBy(sql`domain collate "C"`)
    .orderBy(sql`name collate "C"`)
    .orderBy(sql`code collate "C" nulls first`)
    .execute()
  return rows.map(({ code, facts, ...entry }) => ({
    ...entry,
    ...(code === null ? {} : { code }),
    ...(facts === null ? {} : { facts }),
  }))
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

async function removeEntries(db: Kysely<Tables>, entries: readonly NameEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const { numAffectedRows = 0n } = await sql`
    delete from names n using jsonb_to_recordset(${asJson(entries)}::jsonb) as r(domain text, name text, code text)
    where n.domain = r.domain and n.name = r.name and n.code is not distinct from r.code`.execute(db)
  return Number(numAffectedRows)
}

async function addEntries(db: Kysely<Tables>, entries: readonly NameEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  // Of one that comes twice the last: one statement may not touch a row twice.
  const wanted = [...new Map(entries.map((entry) => [JSON.stringify([entry.domain, keyOf(entry)]), entry])).values()]
  const { numAffectedRows = 0n } = await sql`
    insert into names as n (domain, name, code, facts)
    select domain, name, code, facts from jsonb_to_recordset(${asJson(wanted)}::jsonb)
      as r(domain text, name text, code text, facts jsonb)
    on conflict (domain, name, code) do update set facts = excluded.facts
    where n.facts is distinct from excluded.facts`.execute(db)
  return Number(numAffectedRows)
}

const asJson = (entries: readonly NameEntry[]): string => JSON.stringify(entries)

/** Facts in one order, to be compared as text. */
function factsOf({ facts = {} }: NameEntry): string {
  return JSON.stringify(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function keyOf({ name, code }: NameEntry): string {
  return JSON.stringify([name, code ?? null])
}
