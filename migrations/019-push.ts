import { type Kysely, sql } from 'kysely'

/** Devices, what they subscribe to, and push messages from their request to what became of them. Tokens, names and texts are ciphertext. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table push_devices (
      device uuid primary key,
      user_id uuid not null,
      token bytea not null,
      token_hash bytea not null unique,
      platform text not null,
      name bytea,
      language text not null,
      registered_at timestamptz(3) not null default now(),
      seen_at timestamptz(3) not null default now()
    )`.execute(db)
  await sql`create index push_devices_by_person on push_devices (user_id)`.execute(db)
  await sql`
    create table push_topics (
      topic text not null,
      device uuid not null references push_devices on delete cascade,
      since timestamptz(3) not null default now(),
      primary key (topic, device)
    )`.execute(db)
  await sql`create index push_topics_by_device on push_topics (device)`.execute(db)
  await sql`
    create table push_messages (
      push uuid primary key,
      idempotency_key text,
      requested_by text not null,
      kind text not null,
      content bytea not null,
      state text not null,
      error text,
      requested_at timestamptz(3) not null default now(),
      due_at timestamptz(3) not null,
      settled_at timestamptz(3),
      unique (requested_by, idempotency_key)
    )`.execute(db)
  await sql`create index push_messages_listed on push_messages (requested_at desc, push desc)`.execute(db)
  // Devices that one worker deals with at a time; the claim says which, and until when.
  await sql`
    create table push_batches (
      push uuid not null references push_messages on delete cascade,
      batch integer not null,
      claim uuid,
      claimed_until timestamptz(3),
      primary key (push, batch)
    )`.execute(db)
  // Of a device that is gone the record stays.
  await sql`
    create table push_deliveries (
      push uuid not null references push_messages on delete cascade,
      device uuid not null,
      batch integer not null,
      state text not null,
      attempts integer not null default 0,
      error text,
      provider_id text,
      sent_at timestamptz(3),
      primary key (push, device)
    )`.execute(db)
  await sql`create index push_deliveries_by_batch on push_deliveries (push, batch)`.execute(db)
  // What would have gone to devices where no provider is configured.
  await sql`
    create table push_sink (
      record uuid primary key,
      push uuid not null,
      device uuid not null,
      content bytea not null,
      recorded_at timestamptz(3) not null default now()
    )`.execute(db)
  await sql`create index push_sink_listed on push_sink (recorded_at desc, record desc)`.execute(db)
  // The key of the token hashes, sealed: a device is found by its token, but no token is guessed from a copy of the table.
  await sql`
    create table push_hash_key (id boolean primary key default true check (id), key bytea not null)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  const tables = ['hash_key', 'sink', 'deliveries', 'batches', 'messages', 'topics', 'devices']
  for (const table of tables) await sql`drop table ${sql.id(`push_${table}`)}`.execute(db)
}
