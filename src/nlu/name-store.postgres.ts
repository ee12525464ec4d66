import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import type { NameStore } from './name-store.ts'
import type { NameEntry } from './understanding.ts'

type Tables = {
  names: { domain: string; name: string; code: string | null }
  names_revision: { only_row: boolean; revision: string }
}

/** PostgreSQL takes at most 65,535 values a statement; three a name. */
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
      const wanted = new Map(entries.map((entry) => [keyOf(entry), entry]))
      return await db.transaction().execute(async (trx) => {
        // Writers take turns on the revision's row.
        await sql`select from names_revision for update`.execute(trx)
        const kept = new Set((await readEntries(trx, domain)).map(keyOf))
        if (kept.size === wanted.size && [...wanted.keys()].every((key) => kept.has(key))) return false
        await trx.deleteFrom('names').where('domain', '=', domain).execute()
        await insertEntries(trx, [...wanted.values()])
        await trx.updateTable('names_revision').set({ revision: sql`revision + 1` }).execute()
        return true
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
  return rows.map(({ code, ...entry }) => (code === null ? entry : { ...entry, code }))
}

async function insertEntries(db: Kysely<Tables>, entries: NameEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += rowsAStatement) {
    const rows = entries.slice(start, start + rowsAStatement)
    await db
      .insertInto('names')
      .values(rows.map(({ domain, name, code }) => ({ domain, name, code: code ?? null })))
      .execute()
  }
}

function keyOf({ name, code }: NameEntry): string {
  return JSON.stringify([name, code ?? null])
}
