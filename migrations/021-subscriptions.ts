import { type Kysely, sql } from 'kysely'

/** What people have sent to them on a schedule, or want to be told of. What it is about, and what was seen, is ciphertext. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table subscriptions (
      subscription uuid primary key,
      owner uuid not null,
      kind text not null,
      state text not null,
      reason text,
      entity text not null,
      by_changes boolean not null,
      content bytea not null,
      memory bytea,
      judged integer not null default 0,
      next_at timestamptz(3),
      last_at timestamptz(3),
      last_outcome text,
      last_code text,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null
    )`.execute(db)
  await sql`create index subscriptions_owner on subscriptions (owner, created_at)`.execute(db)
  await sql`create index subscriptions_due on subscriptions (next_at) where state = 'active'`.execute(db)
  await sql`create index subscriptions_entity on subscriptions (entity) where kind = 'alert' and state = 'active'`.execute(
    db,
  )
  // What alerts have to tell, until it is handed to the mail: at once, or after the quiet hours in one summary.
  await sql`
    create table subscription_notices (
      notice uuid primary key,
      subscription uuid not null references subscriptions on delete cascade,
      owner uuid not null,
      content bytea not null,
      deliver_at timestamptz(3) not null,
      created_at timestamptz(3) not null
    )`.execute(db)
  await sql`create index subscription_notices_due on subscription_notices (deliver_at)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table subscription_notices`.execute(db)
  await sql`drop table subscriptions`.execute(db)
}
