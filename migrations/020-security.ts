import { type Kysely, sql } from 'kysely'

/**
 * Every sealed value has one column that names its place, by which it is sealed anew; reasons are sealed, those from before are gone;
 * sessions know when they were last used.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table email_recipients
      add column place text generated always as (email::text || '/' || position::text) stored unique`.execute(db)
  await sql`
    alter table email_suppressions
      add column place text generated always as (encode(address_hash, 'hex')) stored unique`.execute(db)
  await sql`
    alter table auth_role_decisions
      drop column reason,
      add column reason bytea,
      add column place text generated always as (user_id::text || '/' || role) stored unique`.execute(db)
  await sql`alter table auth_users drop column disabled_reason, add column disabled_reason bytea`.execute(db)
  // What a session remembers has changed: everybody signs in once more.
  await sql`delete from auth_refresh_tokens`.execute(db)
  await sql`delete from auth_sessions`.execute(db)
  await sql`alter table auth_sessions add column used_at timestamptz not null`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table auth_sessions drop column used_at`.execute(db)
  await sql`alter table auth_users drop column disabled_reason, add column disabled_reason text`.execute(db)
  await sql`
    alter table auth_role_decisions
      drop column place,
      drop column reason,
      add column reason text not null default ''`.execute(db)
  await sql`alter table email_recipients drop column place`.execute(db)
  await sql`alter table email_suppressions drop column place`.execute(db)
}
