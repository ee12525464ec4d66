import { type Kysely, sql } from 'kysely'

/** What is decided about a person here, on top of what the identity provider says: a role given or withheld, and being shut out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table auth_role_decisions (
      user_id uuid not null references auth_users on delete cascade,
      role text not null,
      kind text not null check (kind in ('granted', 'withheld')),
      reason text not null,
      decided_by uuid not null,
      decided_at timestamptz not null,
      expires_at timestamptz,
      primary key (user_id, role)
    )`.execute(db)
  await sql`
    alter table auth_users
      add column disabled_reason text,
      add column disabled_by uuid,
      add column disabled_at timestamptz`.execute(db)
  await sql`create index auth_users_name on auth_users (name, user_id)`.execute(db)
}

/** Roles given here are gone with it; who is shut out stays so. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index auth_users_name`.execute(db)
  await sql`
    alter table auth_users drop column disabled_reason, drop column disabled_by, drop column disabled_at`.execute(db)
  await sql`drop table auth_role_decisions`.execute(db)
}
