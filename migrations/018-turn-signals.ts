import { type Kysely, sql } from 'kysely'

/** How a turn was read and what its reader thought of it, without a word of what was said: what the training loop learns from. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table turns add column reading jsonb, add column rating text check (rating in ('up', 'down')),
    add column rated_at timestamptz(3)`.execute(db)
  await sql`create index turns_by_time on turns (asked_at)`.execute(db)
  await sql`
    create table training_candidates (
      turn_id uuid primary key references turns on delete cascade,
      cause text not null check (cause in ('low_confidence', 'thumbs_down', 'thumbs_up', 'clarified', 'reformulated')),
      suggested text,
      led_to uuid,
      found_at timestamptz not null default now(),
      reviewed text,
      reviewed_by text,
      reviewed_at timestamptz
    )`.execute(db)
  await sql`create index training_candidates_open on training_candidates (found_at) where reviewed_at is null`.execute(
    db,
  )
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table training_candidates`.execute(db)
  await sql`drop index turns_by_time`.execute(db)
  await sql`alter table turns drop column reading, drop column rating, drop column rated_at`.execute(db)
}
