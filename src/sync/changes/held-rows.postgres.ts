import { sql } from 'kysely'
import type { Row } from '#erp'
import type { Database } from '#platform/database'

/** What the copy has for records that changes touch, read by their keys or their values. */
export function createPostgresHeldRows({ kysely }: Database) {
  return {
    async readHeld(entity: string, keys: readonly string[]): Promise<Row[]> {
      if (keys.length === 0) return []
      const { rows } = await sql<Row>`
        select * from ${sql.id('copy', entity)} where _key = any(${[...keys]}::text[])`.execute(kysely)
      return rows
    },
    async findUnheld(entity: string, fields: readonly string[], rows: readonly Row[]): Promise<Row[]> {
      const same = fields.map((field) => sql`h.${sql.id(field)}::text is not distinct from w.value ->> ${field}::text`)
      const result = await sql<{ value: Row }>`
        select w.value from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as w
        where exists (select 1 from copy_entities e where e.entity = ${entity} and e.filled_at is not null)
          and not exists (select 1 from ${sql.id('copy', entity)} h where ${sql.join(same, sql` and `)})`.execute(
        kysely,
      )
      return result.rows.map(({ value }) => value)
    },
  }
}
