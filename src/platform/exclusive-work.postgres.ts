import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { RunExclusively } from './exclusive-work.ts'

/** Turns by an advisory lock, which PostgreSQL frees with the connection that holds it. `lock` is the work's own number. */
export function createPostgresTurns(database: Database, lock: number): RunExclusively {
  return (work) =>
    database.kysely.connection().execute(async (connection) => {
      const taken = await sql<{ taken: boolean }>`select pg_try_advisory_lock(${sql.lit(lock)}) as taken`.execute(
        connection,
      )
      if (!taken.rows[0]?.taken) return false
      try {
        await work()
        return true
      } finally {
        await sql`select pg_advisory_unlock(${sql.lit(lock)})`.execute(connection)
      }
    })
}
