import { sql, type Transaction } from 'kysely'
import type { Database } from '#platform/database'
import { type NetworkSubject, networkSubjects } from './api.ts'
import type { NetworkStore } from './network-store.ts'

type Row = { subject: string; networks: string[]; changed_at: Date; changed_by: string }

const changeLock = 7_146_201_135

/** Network rules in PostgreSQL. */
export function createPostgresNetworkStore(database: Database): NetworkStore {
  const db = database.kysely.withTables<{ network_rules: Row }>()
  return {
    async list() {
      const rows = await db.selectFrom('network_rules').selectAll().execute()
      // A subject that this version does not know restricts nothing that it knows.
      return rows.flatMap(({ subject, networks, changed_at: changedAt, changed_by: changedBy }) =>
        isSubject(subject) ? [{ subject, networks, changedAt, changedBy }] : [],
      )
    },
    async set({ subject, networks, changedAt, changedBy }, record) {
      await db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(changeLock)})`.execute(transaction)
        const was = await transaction
          .deleteFrom('network_rules')
          .where('subject', '=', subject)
          .returningAll()
          .execute()
        const row = { subject, networks, changed_at: changedAt, changed_by: changedBy }
        if (networks.length > 0) await transaction.insertInto('network_rules').values(row).execute()
        const before = was.flatMap((rule) => rule.networks)
        await record(before, transaction as Transaction<unknown>)
      })
    },
  }
}

function isSubject(text: string): text is NetworkSubject {
  return networkSubjects.some((subject) => subject === text)
}
