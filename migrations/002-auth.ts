import { type Kysely, sql } from 'kysely'

/** People, our signing keys, sign-ins under way, and the refresh tokens of open sessions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table auth_users (
      user_id uuid primary key,
      issuer text not null,
      subject text not null,
      name text not null,
      department text not null,
      email text not null,
      roles text[] not null,
      language text check (language in ('ko', 'en')),
      disabled boolean not null default false,
      created_at timestamptz not null default now(),
      signed_in_at timestamptz not null,
      unique (issuer, subject)
    )`.execute(db)
  await sql`
    create table auth_signing_keys (
      kid text primary key,
      public_key jsonb not null,
      private_key bytea not null,
      signs_from timestamptz not null,
      retires_at timestamptz
    )`.execute(db)
  await sql`
    create table auth_sign_ins (
      key text primary key,
      record bytea not null,
      expires_at timestamptz not null
    )`.execute(db)
  // No foreign key between tokens and sessions: a rotation and a sign-out that meet would wait for each other.
  await sql`
    create table auth_sessions (
      session_id uuid primary key,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`
    create table auth_refresh_tokens (
      token_hash text primary key,
      session_id uuid not null,
      record bytea not null,
      successor bytea,
      rotated_at timestamptz,
      expires_at timestamptz not null
    )`.execute(db)
  await sql`create index on auth_sign_ins (expires_at)`.execute(db)
  await sql`create index on auth_sessions (expires_at)`.execute(db)
  await sql`create index on auth_refresh_tokens (expires_at)`.execute(db)
  await sql`create index on auth_refresh_tokens (session_id)`.execute(db)
}
