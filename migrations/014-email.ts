import { type Kysely, sql } from 'kysely'

/** Emails from their request to what became of them. Addresses, subjects, texts and attachments are ciphertext. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table email_requests (
      request uuid primary key,
      idempotency_key text,
      requested_by text not null,
      template text not null,
      version integer not null,
      language text not null,
      content bytea not null,
      attachments bytea,
      requested_at timestamptz(3) not null default now(),
      unique (requested_by, idempotency_key)
    )`.execute(db)
  await sql`create index email_requests_at on email_requests (requested_at)`.execute(db)
  // One message to at most fifty recipients; a request to more has several.
  await sql`
    create table emails (
      email uuid primary key,
      request uuid not null references email_requests on delete cascade,
      part integer not null,
      state text not null,
      attempts integer not null default 0,
      claim uuid,
      claimed_until timestamptz(3),
      provider_id text,
      error text,
      reply text,
      requested_at timestamptz(3) not null default now(),
      sent_at timestamptz(3),
      opens integer not null default 0,
      clicks integer not null default 0,
      unique (request, part)
    )`.execute(db)
  await sql`create index emails_listed on emails (requested_at desc, email desc)`.execute(db)
  await sql`create index emails_by_provider on emails (provider_id) where provider_id is not null`.execute(db)
  await sql`
    create table email_recipients (
      email uuid not null references emails on delete cascade,
      position integer not null,
      kind text not null,
      address bytea not null,
      address_hash bytea not null,
      state text not null,
      reply text,
      primary key (email, position)
    )`.execute(db)
  await sql`create index email_recipients_hash on email_recipients (email, address_hash)`.execute(db)
  await sql`create index email_recipients_address on email_recipients (address_hash)`.execute(db)
  // By the id of the notification, so that a second delivery of it changes nothing.
  await sql`
    create table email_events (
      event text primary key,
      email uuid references emails on delete cascade,
      kind text not null,
      occurred_at timestamptz(3) not null,
      received_at timestamptz(3) not null default now()
    )`.execute(db)
  await sql`create index email_events_email on email_events (email)`.execute(db)
  await sql`
    create table email_suppressions (
      address_hash bytea primary key,
      address bytea not null,
      reason text not null,
      since timestamptz(3) not null default now()
    )`.execute(db)
  // The key of the address hashes, sealed: an address is found by it, but not guessed from a copy of the table.
  await sql`create table email_hash_key (id boolean primary key default true check (id), key bytea not null)`.execute(
    db,
  )
  // As many messages as there are rows are under way or less than a second old.
  await sql`
    create table email_slots (
      slot integer primary key,
      holder uuid,
      free_at timestamptz not null default '-infinity'
    )`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  const tables = ['slots', 'hash_key', 'suppressions', 'events', 'recipients']
  for (const table of tables) await sql`drop table ${sql.id(`email_${table}`)}`.execute(db)
  await sql`drop table emails`.execute(db)
  await sql`drop table email_requests`.execute(db)
}
