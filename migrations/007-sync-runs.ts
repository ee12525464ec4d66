import { type Kysely, sql } from 'kysely'

/** What full syncs are asked for and come to, and how the sources of changes are doing, for whoever looks from another process. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sync_runs (
      run uuid primary key,
      trigger text not null,
      requested_by text,
      is_forced boolean not null default false,
      is_whole boolean not null default true,
      state text not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      error text
    )`.execute(db)
  await sql`create index sync_runs_started on sync_runs (started_at)`.execute(db)
  // One at a time, whoever asks.
  await sql`create unique index sync_runs_active on sync_runs ((true)) where finished_at is null`.execute(db)
  await sql`
    create table sync_run_entities (
      run uuid not null references sync_runs on delete cascade,
      entity text not null,
      place integer not null default 0,
      state text not null,
      progress jsonb,
      pages bigint not null default 0,
      read bigint not null default 0,
      before bigint not null default 0,
      added bigint not null default 0,
      changed bigint not null default 0,
      removed bigint not null default 0,
      kept bigint not null default 0,
      differences jsonb,
      error text,
      finished_at timestamptz,
      primary key (run, entity)
    )`.execute(db)
  await sql`
    create table change_source_status (
      source text primary key,
      state text not null,
      lag_seconds double precision,
      problems jsonb not null default '[]',
      reported_at timestamptz not null
    )`.execute(db)
}

/** Runs are history; the next one fills the copy again. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['change_source_status', 'sync_run_entities', 'sync_runs'])
    await sql`drop table ${sql.id(table)}`.execute(db)
}
