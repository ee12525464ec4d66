import { type Kysely, sql } from 'kysely'

/** Conversations and their turns. Everything a person wrote or was told is ciphertext. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table conversations (
      conversation_id uuid primary key,
      owner_id text not null,
      title bytea not null,
      state bytea,
      state_version integer not null default 0,
      turn_count integer not null default 0,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null
    )`.execute(db)
  await sql`create index conversations_by_owner on conversations (owner_id, updated_at desc, conversation_id desc)`.execute(
    db,
  )
  await sql`
    create table turns (
      turn_id uuid primary key,
      conversation_id uuid not null references conversations on delete cascade,
      position integer not null,
      question bytea not null,
      answer bytea,
      timing jsonb,
      trace_id text not null,
      asked_at timestamptz(3) not null,
      answered_at timestamptz(3),
      unique (conversation_id, position)
    )`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table turns`.execute(db)
  await sql`drop table conversations`.execute(db)
}
