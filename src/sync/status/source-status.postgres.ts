import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { ReportedSource, SourceStatusStore } from './source-status.ts'

type Row = {
  source: string
  state: string | null
  lag_seconds: number | null
  problems: string[] | null
  reported_at: Date | null
  at: Date | null
  follows: string[] | null
}

/** Keeps reports beside the positions, in our PostgreSQL. */
export function createPostgresSourceStatus({ kysely: db }: Database): SourceStatusStore {
  return {
    report: async ({ source, state, lagSeconds = null, problems }) => {
      await sql`
        insert into change_source_status (source, state, lag_seconds, problems, reported_at)
        values (${source}, ${state}, ${lagSeconds}, ${JSON.stringify(problems)}, now())
        on conflict (source) do update set state = excluded.state, lag_seconds = excluded.lag_seconds,
          problems = excluded.problems, reported_at = excluded.reported_at`.execute(db)
    },
    list: async () => {
      const { rows } = await sql<Row>`
        select source, s.state, s.lag_seconds, s.problems, s.reported_at, p.at, p.follows
        from change_source_status s full join copy_positions p using (source) order by source`.execute(db)
      return rows.map(describe)
    },
  }
}

function describe(row: Row): ReportedSource {
  return {
    source: row.source,
    state: row.state ?? 'unknown',
    problems: row.problems ?? [],
    follows: row.follows ?? [],
    ...(row.lag_seconds === null ? {} : { lagSeconds: row.lag_seconds }),
    ...(row.reported_at && { reportedAt: row.reported_at.toISOString() }),
    ...(row.at && { appliedTo: row.at.toISOString() }),
  }
}
