import { type Kysely, sql } from 'kysely'

/** What full syncs are asked for and come to, and how the sources of changes are doing, for whoever looks from another process. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table sync_runs
      add column is_forced boolean not null default false,
      add column is_whole boolean not null default true`.execute(db)
  // One at a time, whoever asks.
  await sql`create unique index sync_runs_active on sync_runs ((true)) where finished_at is null`.execute(db)
  await sql`
    alter table sync_run_entities
      add column place integer not null default 0,
      add column progress jsonb,
      add column before bigint not null default 0,
      add column kept bigint not null default 0,
      add column finished_at timestamptz`.execute(db)
  await sql`
    create table change_source_status (
      source text primary key,
      state text not null,
      lag_seconds double precision,
      problems jsonb not null default '[]',
      reported_at timestamptz not null
    )`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table change_source_status`.execute(db)
  await sql`
    alter table sync_run_entities
      drop column place, drop column progress, drop column before, drop column kept, drop column finished_at`.execute(
    db,
  )
  await sql`drop index sync_runs_active`.execute(db)
  await sql`alter table sync_runs drop column is_forced, drop column is_whole`.execute(db)
}
