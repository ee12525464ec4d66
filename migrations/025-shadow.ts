import { type Kysely, sql } from 'kysely'

/** A model may read questions beside the one that answers, unheard; only how often the two differ is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table training_serving add column shadow_id text references training_models,
    add column shadow_share real not null default 0 check (shadow_share between 0 and 1)`,
  `alter table training_deployments drop constraint training_deployments_kind_check,
    add constraint training_deployments_kind_check check (kind in ('shadow', 'canary', 'full', 'rollback', 'withdrawal'))`,
  `alter table training_settings add column shadow_share real not null default 0 check (shadow_share between 0 and 1),
    add column shadow_s integer not null default 0 check (shadow_s >= 0)`,
  `create table training_shadow_readings (
    deployment_id bigint primary key references training_deployments on delete cascade,
    readings bigint not null default 0,
    dropped bigint not null default 0,
    failed bigint not null default 0,
    other_intent bigint not null default 0,
    other_query bigint not null default 0,
    other_confidence bigint not null default 0
  )`,
]

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table training_shadow_readings`.execute(db)
  await sql`alter table training_settings drop column shadow_share, drop column shadow_s`.execute(db)
  await sql`delete from training_deployments where kind = 'shadow'`.execute(db)
  await sql`alter table training_deployments drop constraint training_deployments_kind_check,
    add constraint training_deployments_kind_check check (kind in ('canary', 'full', 'rollback', 'withdrawal'))`.execute(
    db,
  )
  await sql`alter table training_serving drop column shadow_id, drop column shadow_share`.execute(db)
}
