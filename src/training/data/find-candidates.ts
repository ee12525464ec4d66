import { type Kysely, sql } from 'kysely'
import type { Cause } from './data-store.ts'

/** A reading that was less sure than this is worth a look. */
const lowConfidence = 0.75
/** Whoever asks again in other words does so soon. */
const soonSeconds = 120

/**
 * Finds turns to learn from by what happened to them, and writes down which label that speaks for: a choice among candidates means that
 * the question was one; an answered question right after one that was not means the same thing. What a person has reviewed stays.
 * Does the same whenever it is done again.
 */
export async function findCandidates(
  db: Kysely<unknown>,
  days: number,
  labels: readonly string[],
): Promise<Partial<Record<Cause, number>>> {
  const label = (reading: string) => sql`case when
    ${sql.ref(reading)}->>'entity' || '.' || coalesce(${sql.ref(reading)}->>'measure', '') = any(${[...labels]}::text[])
    then ${sql.ref(reading)}->>'entity' || '.' || coalesce(${sql.ref(reading)}->>'measure', '') else 'ask' end`
  const { rows } = await sql<{ cause: Cause; count: number }>`
    with turns_in_order as (
      select turn_id, reading, rating,
        lead(turn_id) over line as next_id, lead(reading) over line as next,
        lead(asked_at) over line - asked_at < make_interval(secs => ${soonSeconds}) as is_soon
      from turns where asked_at >= now() - make_interval(days => ${days})
      window line as (partition by conversation_id order by position)
    ), found as (
      select turn_id, next_id, reading, next, case
        when rating = 'down' then 'thumbs_down'
        when rating = 'up' and reading->>'entity' is not null then 'thumbs_up'
        when reading->>'kind' = 'clarify' and is_soon and next->>'intent' = 'refine' and next->>'kind' = 'answered' then 'clarified'
        when reading->>'kind' in ('out-of-scope', 'clarify') and coalesce(reading->>'reason', '') <> 'unknown_name' and is_soon
          and next->>'intent' = 'query' and next->>'kind' = 'answered' then 'reformulated'
        when reading->>'kind' = 'out-of-scope' then 'not_answered'
        when (reading->>'confidence')::float8 < ${lowConfidence} then 'low_confidence'
      end as cause from turns_in_order where reading is not null
    ), kept as (
      insert into training_candidates as c (turn_id, cause, suggested, led_to)
      select turn_id, cause, case cause when 'thumbs_up' then ${label('reading')} when 'clarified' then 'ask'
        when 'reformulated' then ${label('next')} end, case when cause = 'reformulated' then next_id end
      from found where cause is not null
      on conflict (turn_id) do update set cause = excluded.cause, suggested = excluded.suggested, led_to = excluded.led_to
        where c.reviewed_at is null
      returning cause
    ) select cause, count(*)::integer as count from kept group by cause`.execute(db)
  return Object.fromEntries(rows.map(({ cause, count }) => [cause, count]))
}
