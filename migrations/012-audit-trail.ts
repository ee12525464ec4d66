import { type Kysely, sql } from 'kysely'

/**
 * Personal details of the audit trail as ciphertext, indexes to search it by, checkpoints to verify it from, and the only way to
 * remove entries: those older than a year, up to a checkpoint that was made for it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table audit_log
      add column ref uuid,
      add column ip_mark bytea,
      add column sealed bytea,
      add constraint audit_log_sealed check ((sealed is null) = (ref is null))`.execute(db)
  await addIndexes(db)
  await sql`
    create table audit_secrets (
      purpose text primary key,
      secret bytea not null
    )`.execute(db)
  await sql`
    create table audit_checkpoints (
      id bigint not null check (id >= 0),
      hash bytea not null check (length(hash) = 32),
      removes_before boolean not null default false,
      mark bytea not null,
      made_at timestamptz(3) not null,
      primary key (id, removes_before)
    )`.execute(db)
  await sql`
    create table audit_verification (
      only_row boolean primary key default true check (only_row),
      claimed_at timestamptz not null,
      report jsonb,
      whole_at timestamptz
    )`.execute(db)
  await sql`insert into audit_verification (claimed_at) values ('epoch')`.execute(db)
  await guardRemoval(db)
}

async function addIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`drop index audit_log_at`.execute(db)
  await sql`drop index audit_log_actor`.execute(db)
  await sql`create index audit_log_at on audit_log (at desc, id desc)`.execute(db)
  await sql`create index audit_log_actor on audit_log (actor_id, at desc, id desc)`.execute(db)
  await sql`create index audit_log_action on audit_log (action text_pattern_ops, at desc, id desc)`.execute(db)
  await sql`create index audit_log_trace on audit_log (trace_id)`.execute(db)
  await sql`create index audit_log_ip on audit_log (ip_mark, at desc, id desc) where ip_mark is not null`.execute(db)
  await sql`create index audit_log_outcome on audit_log (outcome, at desc, id desc) where outcome <> 'ok'`.execute(db)
}

async function guardRemoval(db: Kysely<unknown>): Promise<void> {
  await sql`drop trigger audit_log_append_only on audit_log`.execute(db)
  await sql`
    create trigger audit_log_append_only before update or truncate on audit_log
    for each statement execute function refuse_audit_change()`.execute(db)
  await sql`
    create function refuse_audit_removal() returns trigger language plpgsql as $$
    begin
      if exists (
        select from removed
        where at > now() - interval '1 year'
          or id > coalesce((select max(id) from audit_checkpoints where removes_before), 0)
      ) then
        raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger audit_log_kept after delete on audit_log referencing old table as removed
    for each statement execute function refuse_audit_removal()`.execute(db)
  await sql`
    create function refuse_audit_checkpoint() returns trigger language plpgsql as $$
    begin
      if new.removes_before
        and exists (select from audit_log where id <= new.id and at > now() - interval '1 year') then
        raise exception 'audit_log is append-only for a year' using errcode = 'insufficient_privilege';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger audit_checkpoints_checked before insert on audit_checkpoints
    for each row execute function refuse_audit_checkpoint()`.execute(db)
  await sql`
    create trigger audit_checkpoints_append_only before update or delete or truncate on audit_checkpoints
    for each statement execute function refuse_audit_change()`.execute(db)
}
