import { type Kysely, sql } from 'kysely'

/** The ERP's names, by kind, and a number that grows with every change of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table names (
      domain text not null,
      name text not null check (name <> ''),
      code text
    )`.execute(db)
  await sql`create unique index names_entry on names (domain, name, code) nulls not distinct`.execute(db)
  await sql`
    create table names_revision (
      only_row boolean primary key default true check (only_row),
      revision bigint not null
    )`.execute(db)
  await sql`insert into names_revision (revision) values (0)`.execute(db)
}

/** Names come back with the next refresh. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table names`.execute(db)
  await sql`drop table names_revision`.execute(db)
}
