import { type Kysely, sql } from 'kysely'
import type { Database } from '#platform/database'
import { keepDays } from '../streams.ts'

/** So that replicas take turns at the same hour. */
const summaryLock = 7_146_201_165
const hourMs = 3_600_000
/** Entries are written a moment after what they tell of; an hour is closed when none can be missing. */
const closedAfterMs = 5 * 60_000
const mostHoursAtOnce = 48

/**
 * Summarizes the hours that are over and have no summary yet, the oldest first, from the audit trail: each hour once, whatever fails.
 * Begins with the first entry there is, and no earlier than summaries are kept. Answers how many hours it did.
 */
export async function writeSummaries(database: Database, now: Date): Promise<number> {
  const end = floorHour(now.getTime() - closedAfterMs)
  let done = 0
  for (; done < mostHoursAtOnce; done += 1) {
    const isDone = await database.kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(summaryLock)})`.execute(transaction)
      const hour = await findNextHour(transaction, now)
      if (hour === undefined || hour >= end) return false
      await writeHour(transaction, new Date(hour))
      return true
    })
    if (!isDone) break
  }
  return done
}

/** Removes the summaries that are older than they are kept. */
export async function removeOldSummaries({ kysely }: Database, now: Date): Promise<void> {
  await sql`delete from log_summary_hours where hour < ${oldestHour(now)}`.execute(kysely)
}

function oldestHour(now: Date): Date {
  return new Date(floorHour(now.getTime() - keepDays.summary * 24 * hourMs))
}

function floorHour(ms: number): number {
  return Math.floor(ms / hourMs) * hourMs
}

async function findNextHour(db: Kysely<unknown>, now: Date): Promise<number | undefined> {
  const { rows } = await sql<{ last: Date | null; first: Date | null }>`
    select (select max(hour) from log_summary_hours) as last,
      (select min(at) from audit_log where at >= ${oldestHour(now)}) as first`.execute(db)
  const { last, first } = rows[0] ?? { last: null, first: null }
  if (last) return Math.max(last.getTime() + hourMs, oldestHour(now).getTime())
  return first ? floorHour(first.getTime()) : undefined
}

async function writeHour(db: Kysely<unknown>, hour: Date): Promise<void> {
  await sql`insert into log_summary_hours (hour) values (${hour})`.execute(db)
  const within = sql`at >= ${hour} and at < ${new Date(hour.getTime() + hourMs)}`
  await sql`insert into log_summaries (hour, facts) ${routeFacts(hour, within)}`.execute(db)
  await sql`insert into log_summaries (hour, facts) ${questionFacts(hour, within)}`.execute(db)
}

const duration = sql`(details->>'durationMs')::float8`
const percentiles = sql`
  'count', count(*),
  'p50Ms', percentile_cont(0.5) within group (order by ms),
  'p95Ms', percentile_cont(0.95) within group (order by ms),
  'p99Ms', percentile_cont(0.99) within group (order by ms),
  'maxMs', max(ms)`

/** Calls by route and class of status, with their errors by code. */
function routeFacts(hour: Date, within: ReturnType<typeof sql>) {
  return sql`
    with calls as (
      select action, left(details->>'status', 1) || 'xx' as status, ${duration} as ms, details->>'errorCode' as code
      from audit_log
      where ${within} and details ? 'status' and details ? 'durationMs'
    ), codes as (
      select action, status, jsonb_object_agg(code, times) as errors
      from (select action, status, code, count(*) as times from calls where code is not null group by 1, 2, 3) counted
      group by 1, 2
    )
    select ${hour}::timestamptz, jsonb_build_object(
      'kind', 'route', 'route', action, 'status', status, 'errors', coalesce((array_agg(errors))[1], '{}'), ${percentiles})
    from calls left join codes using (action, status)
    group by action, status
    order by action, status`
}

/** Questions by intent, kind of answer and where its rows came from, with their errors by code. */
function questionFacts(hour: Date, within: ReturnType<typeof sql>) {
  return sql`
    with asked as (
      select coalesce(details->>'intent', 'unknown') as intent, coalesce(details->>'kind', 'refused') as answer,
        coalesce(details->>'source', 'none') as source, ${duration} as ms, details->>'errorCode' as code
      from audit_log
      where ${within} and action = 'chat.ask'
    ), codes as (
      select intent, answer, source, jsonb_object_agg(code, times) as errors
      from (select intent, answer, source, code, count(*) as times from asked where code is not null group by 1, 2, 3, 4) counted
      group by 1, 2, 3
    )
    select ${hour}::timestamptz, jsonb_build_object(
      'kind', 'question', 'intent', intent, 'answer', answer, 'source', source,
      'errors', coalesce((array_agg(errors))[1], '{}'), ${percentiles})
    from asked left join codes using (intent, answer, source)
    group by intent, answer, source
    order by intent, answer, source`
}
