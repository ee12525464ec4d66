import { type Kysely, sql } from 'kysely'

/** Every sealed value has one column that names its place, so that it can be found and sealed anew under another master key. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table email_recipients
      add column place text generated always as (email::text || '/' || position::text) stored unique`.execute(db)
  await sql`
    alter table email_suppressions
      add column place text generated always as (encode(address_hash, 'hex')) stored unique`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table email_recipients drop column place`.execute(db)
  await sql`alter table email_suppressions drop column place`.execute(db)
}
