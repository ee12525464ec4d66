import { type Kysely, sql } from 'kysely'

/**
 * What a session remembers is kept once, with the session, no longer with each of its tokens; sessions can be found by the
 * person and by the provider's session, to end them; and a provider's logout token counts once. Whoever is signed in signs in
 * again: their tokens do not say which session they belong to.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`delete from auth_refresh_tokens`.execute(db)
  await sql`delete from auth_sessions`.execute(db)
  await sql`alter table auth_refresh_tokens drop column record, drop column expires_at`.execute(db)
  await sql`alter table auth_sessions add column record bytea not null, add column marks text[] not null`.execute(db)
  await sql`create index on auth_sessions using gin (marks)`.execute(db)
  await sql`
    create table auth_claims (
      key text primary key,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index on auth_claims (expires_at)`.execute(db)
}
