import { type Kysely, sql } from 'kysely'

/** API keys of machines, and from which networks roles and the administration may be used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table api_keys (
      key_id uuid primary key,
      prefix text not null unique,
      name text not null,
      owner_id uuid not null references auth_users,
      roles text[] not null,
      scopes text[] not null,
      networks text[] not null,
      secret_hash bytea not null check (length(secret_hash) = 32),
      old_secret_hash bytea check (length(old_secret_hash) = 32),
      old_secret_until timestamptz,
      created_at timestamptz not null,
      created_by uuid not null,
      expires_at timestamptz not null,
      rotated_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`.execute(db)
  await sql`create index on api_keys (created_at)`.execute(db)
  await sql`
    create table network_rules (
      subject text primary key,
      networks text[] not null check (cardinality(networks) > 0),
      changed_at timestamptz not null,
      changed_by uuid not null
    )`.execute(db)
}

/** Machines lose their keys, and roles may be used from everywhere. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['network_rules', 'api_keys']) await sql`drop table ${sql.id(table)}`.execute(db)
}
