import { type Kysely, sql } from 'kysely'

/** How far each output has been sent what must not be lost, and the hourly summaries of what the service did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table log_positions (
      name text primary key,
      position bigint not null check (position >= 0),
      moved_at timestamptz not null default now()
    )`.execute(db)
  // An hour is here once it is summarized, with or without anything to say.
  await sql`create table log_summary_hours (hour timestamptz primary key)`.execute(db)
  await sql`
    create table log_summaries (
      id bigint generated always as identity primary key,
      hour timestamptz not null references log_summary_hours on delete cascade,
      facts jsonb not null
    )`.execute(db)
  await sql`create index log_summaries_hour on log_summaries (hour)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['log_summaries', 'log_summary_hours', 'log_positions'])
    await sql`drop table ${sql.table(table)}`.execute(db)
}
