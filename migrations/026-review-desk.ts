import { type Kysely, sql } from 'kysely'

/** Why an answer was not liked, what became of a question on the review desk, and whole queries that questions are labelled with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of changes) await sql.raw(statement).execute(db)
}

const changes = [
  // The remark is ciphertext: people write what they like.
  `alter table turns add column rating_cause text
      check (rating_cause in ('misunderstood', 'wrong_number', 'not_answered', 'other')),
    add column rating_note bytea`,
  `alter table training_candidates drop constraint training_candidates_cause_check`,
  `alter table training_candidates add constraint training_candidates_cause_check check (cause in
    ('low_confidence', 'not_answered', 'thumbs_down', 'thumbs_up', 'clarified', 'reformulated'))`,
  // A discarded question is reviewed and has no label. A query names customers and people: ciphertext.
  `alter table training_candidates add column is_discarded boolean not null default false, add column expected bytea`,
  `alter table training_labels add column expected bytea`,
]

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const statement of backwards) await sql.raw(statement).execute(db)
}

const backwards = [
  `alter table training_labels drop column expected`,
  `alter table training_candidates drop column is_discarded, drop column expected`,
  `update training_candidates set cause = 'low_confidence' where cause = 'not_answered'`,
  `alter table training_candidates drop constraint training_candidates_cause_check`,
  `alter table training_candidates add constraint training_candidates_cause_check check (cause in
    ('low_confidence', 'thumbs_down', 'thumbs_up', 'clarified', 'reformulated'))`,
  `alter table turns drop column rating_cause, drop column rating_note`,
]
