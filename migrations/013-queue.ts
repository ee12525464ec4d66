import { type Kysely, sql } from 'kysely'

/** What the message queue keeps in PostgreSQL whichever server carries the messages. Messages hold ids, not what people wrote. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Messages whose effect is committed: a second delivery finds its id here.
  await sql`
    create table queue_consumed (
      queue text not null,
      message_id text not null,
      consumed_at timestamptz not null default now(),
      primary key (queue, message_id)
    )`.execute(db)
  await sql`create index queue_consumed_at on queue_consumed (consumed_at)`.execute(db)
  // Messages on their way to a message server: just requested, scheduled, or waiting for their next try.
  await sql`
    create table queue_outbox (
      id bigint generated always as identity primary key,
      topic text,
      queue text,
      message jsonb not null,
      failures integer not null default 0,
      tries integer not null default 0,
      due_at timestamptz not null default now(),
      check ((topic is null) <> (queue is null))
    )`.execute(db)
  await sql`create index queue_outbox_due on queue_outbox (due_at)`.execute(db)
  await sql`
    create table queue_dead_letters (
      id uuid primary key default gen_random_uuid(),
      queue text not null,
      message_id text not null,
      message jsonb not null,
      reason text not null,
      deliveries integer not null,
      died_at timestamptz(3) not null default now(),
      unique (queue, message_id)
    )`.execute(db)
  await sql`create index queue_dead_letters_died on queue_dead_letters (died_at, id)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['queue_dead_letters', 'queue_outbox', 'queue_consumed'])
    await sql`drop table ${sql.id(table)}`.execute(db)
  await sql`drop schema if exists pgboss cascade`.execute(db)
}
