import { sql } from 'kysely'
import type { Database } from '#platform/database'

/** How far an output has been sent a stream: the number of the last one that it confirmed; 0 before the first. */
export async function readPosition({ kysely }: Database, name: string): Promise<number> {
  const { rows } = await sql<{ position: string }>`select position from log_positions where name = ${name}`.execute(
    kysely,
  )
  return Number(rows[0]?.position ?? 0)
}

/** Moves a position on, never back. */
export async function movePosition({ kysely }: Database, name: string, position: number): Promise<void> {
  await sql`
    insert into log_positions (name, position) values (${name}, ${position})
    on conflict (name) do update set position = excluded.position, moved_at = now()
    where log_positions.position < excluded.position`.execute(kysely)
}
