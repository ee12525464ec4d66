import { type Kysely, sql } from 'kysely'

/** Rows can be added and read, by anyone never changed or removed; each row's hash covers the one before it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_log (
      id bigint primary key check (id > 0),
      at timestamptz(3) not null,
      actor_id text,
      action text not null,
      outcome text not null check (outcome in ('ok', 'refused', 'failed')),
      ip text,
      trace_id text not null,
      details jsonb not null,
      hash bytea not null check (length(hash) = 32)
    )`.execute(db)
  await sql`create index audit_log_at on audit_log (at)`.execute(db)
  await sql`create index audit_log_actor on audit_log (actor_id, at)`.execute(db)
  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
    end $$`.execute(db)
  await sql`
    create trigger audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function refuse_audit_change()`.execute(db)
}

/** Only for an empty trail: dropping entries is what the table is there to prevent. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if exists (select from audit_log) then raise exception 'audit_log has entries'; end if;
    end $$`.execute(db)
  await sql`drop table audit_log`.execute(db)
  await sql`drop function refuse_audit_change`.execute(db)
}
