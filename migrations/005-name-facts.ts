import { type Kysely, sql } from 'kysely'

/** What tells namesakes apart, such as a person's title; filled by the next refresh. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table names add column facts jsonb`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table names drop column facts`.execute(db)
}
