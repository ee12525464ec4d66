import { type Kysely, sql } from 'kysely'

/** Models by the hash of their bytes, which of them is in service, and the jobs that make them. What people wrote is ciphertext. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db)
}

const tables = [
  `create table training_jobs (
    job_id uuid primary key,
    state text not null check (state in ('queued', 'running', 'waiting', 'deployed', 'refused', 'failed', 'cancelled')),
    step text not null,
    trigger text not null check (trigger in ('schedule', 'manual')),
    scheduled_for timestamptz unique,
    requested_by text,
    trainer text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    is_cancelled boolean not null default false,
    outcome jsonb,
    lease_owner text,
    lease_until timestamptz,
    devices text[] not null default '{}',
    resume_at timestamptz not null default now()
  )`,
  `create index training_jobs_open on training_jobs (created_at) where finished_at is null`,
  `create table training_job_steps (
    job_id uuid not null references training_jobs on delete cascade,
    step text not null,
    attempts integer not null default 0,
    progress real not null default 0,
    result jsonb,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (job_id, step)
  )`,
  `create table training_datasets (
    dataset_id uuid primary key,
    job_id uuid not null unique references training_jobs on delete cascade,
    hash text not null,
    counts jsonb not null,
    content bytea not null,
    created_at timestamptz not null default now()
  )`,
  // `file` never changes: what a version is, is what its id is the hash of.
  `create table training_models (
    model_id text primary key,
    sha256 text not null unique,
    file bytea not null,
    size integer not null,
    trainer text not null,
    code_version text not null,
    dataset_hash text not null,
    parent text,
    job_id uuid,
    created_by text,
    created_at timestamptz not null default now()
  )`,
  `create function training_models_are_fixed() returns trigger language plpgsql as
    'begin raise exception ''a model version never changes''; end'`,
  `create trigger training_models_are_fixed before update on training_models
    for each row execute function training_models_are_fixed()`,
  `create table training_evaluations (
    evaluation_id bigint generated always as identity primary key,
    model_id text not null references training_models on delete cascade,
    job_id uuid,
    metrics jsonb not null,
    evaluated_at timestamptz not null default now()
  )`,
  // One row. A null model is the one that comes with the program.
  `create table training_serving (
    one boolean primary key default true check (one),
    model_id text references training_models,
    canary_id text references training_models,
    canary_share real not null default 0 check (canary_share between 0 and 1),
    revision bigint not null default 0
  )`,
  `insert into training_serving default values`,
  `create table training_deployments (
    deployment_id bigint generated always as identity primary key,
    kind text not null check (kind in ('canary', 'full', 'rollback', 'withdrawal')),
    model_id text,
    replaced text,
    share real not null,
    reason text,
    deployed_by text,
    job_id uuid,
    deployed_at timestamptz not null default now(),
    watch_until timestamptz
  )`,
  `create table training_settings (
    one boolean primary key default true check (one),
    cron text not null default '0 3 * * *',
    time_zone text not null default 'Asia/Seoul',
    is_enabled boolean not null default true,
    concurrency integer not null default 1 check (concurrency between 1 and 64),
    memory_mb integer not null default 2048 check (memory_mb >= 64),
    time_limit_s integer not null default 3600 check (time_limit_s >= 1),
    devices integer not null default 0 check (devices >= 0),
    trainer text not null default 'built-in',
    canary_share real not null default 0.1 check (canary_share between 0 and 1),
    canary_s integer not null default 1800 check (canary_s >= 0),
    watch_s integer not null default 3600 check (watch_s >= 0),
    keep_models integer not null default 10 check (keep_models >= 1)
  )`,
  `insert into training_settings default values`,
  // A label that a person gave to a sentence; the sentence, as it was written, is ciphertext.
  `create table training_labels (
    label_id uuid primary key,
    content bytea not null,
    label text not null,
    labelled_by text,
    labelled_at timestamptz not null default now()
  )`,
]

export async function down(db: Kysely<unknown>): Promise<void> {
  const names = [
    'labels',
    'settings',
    'deployments',
    'serving',
    'evaluations',
    'models',
    'datasets',
    'job_steps',
    'jobs',
  ]
  for (const name of names) await sql`drop table ${sql.table(`training_${name}`)}`.execute(db)
  await sql`drop function training_models_are_fixed()`.execute(db)
}
