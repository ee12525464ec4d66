import { type Kysely, sql } from 'kysely'

/**
 * What is known of our copy of the ERP. The tables of the entities themselves follow the catalog
 * and are made at start-up, in the schema `copy`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema copy`.execute(db)
  await sql`create sequence copy_change_no`.execute(db)
  await sql`
    create table copy_entities (
      entity text primary key,
      shape text not null,
      filled_at timestamptz,
      as_of timestamptz,
      fill_no bigint not null default 0,
      records bigint not null default 0,
      changed_at timestamptz,
      distrusted_at timestamptz,
      distrusted_no bigint,
      distrusted_reason text
    )`.execute(db)
  await sql`
    create table copy_positions (
      source text primary key,
      position text collate "C" not null,
      at timestamptz not null,
      follows text[] not null default '{}'
    )`.execute(db)
  // The one full sync of an entity under way, and how far it has read.
  await sql`
    create table copy_fills (
      entity text primary key,
      run uuid not null,
      cursor text,
      is_read boolean not null default false,
      begin_change_no bigint not null,
      as_of timestamptz
    )`.execute(db)
  // What changes removed since the last full sync, so that one that read a record before does not bring it back.
  await sql`
    create table copy_removed (
      entity text not null,
      key text collate "C" not null,
      change_no bigint not null,
      primary key (entity, key)
    )`.execute(db)
  // Fields that came alone since the last full sync: over what it read, they are the newer ones.
  await sql`
    create table copy_touched (
      entity text not null,
      key text collate "C" not null,
      change_no bigint not null,
      fields jsonb not null,
      primary key (entity, key)
    )`.execute(db)
}

/** The copy comes back with the next full sync. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['copy_touched', 'copy_removed', 'copy_fills', 'copy_positions', 'copy_entities'])
    await sql`drop table ${sql.id(table)}`.execute(db)
  await sql`drop sequence copy_change_no`.execute(db)
  await sql`drop schema copy cascade`.execute(db)
}
