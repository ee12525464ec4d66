import { type Kysely, sql } from 'kysely'
import type { MessageCounts } from './api.ts'

type Row = { state: string; day: number; week: number }
type Kind = keyof MessageCounts

const mailKinds: Record<string, Kind> = {
  requested: 'pending',
  sending: 'pending',
  sent: 'sent',
  delivered: 'sent',
  bounced: 'failed',
  complained: 'failed',
  failed: 'failed',
  suppressed: 'held',
}
const pushKinds: Record<string, Kind> = {
  scheduled: 'pending',
  requested: 'pending',
  sending: 'pending',
  sent: 'sent',
  failed: 'failed',
  cancelled: 'held',
}

/** Mails and push messages that were asked for in the last 24 hours and the last seven days, by what became of them. */
export async function countMessages(kysely: Kysely<unknown>) {
  const [mails, pushes, rest] = await Promise.all([
    countStates(kysely, 'emails'),
    countStates(kysely, 'push_messages'),
    sql<{ addresses: number; devices: number }>`
      select (select count(*)::integer from email_suppressions) as addresses,
        (select count(*)::integer from push_devices) as devices`.execute(kysely),
  ])
  const { addresses = 0, devices = 0 } = rest.rows[0] ?? {}
  return {
    mail: { ...sumUp(mails, mailKinds), suppressedAddresses: addresses },
    push: { ...sumUp(pushes, pushKinds), devices },
  }
}

async function countStates(kysely: Kysely<unknown>, table: 'emails' | 'push_messages'): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select state, count(*) filter (where requested_at >= now() - interval '24 hours')::integer as day, count(*)::integer as week
    from ${sql.id(table)} where requested_at >= now() - interval '7 days' group by state`.execute(kysely)
  return rows
}

/** Counts of states as counts of what they come to. Throws for a state that nobody has thought of. */
export function sumUp(rows: readonly Row[], kinds: Record<string, Kind>): { day: MessageCounts; week: MessageCounts } {
  const none = { pending: 0, sent: 0, failed: 0, held: 0 }
  const sums = { day: { ...none }, week: { ...none } }
  for (const { state, day, week } of rows) {
    const kind = kinds[state]
    if (!kind) throw new Error(`Nobody has said what the state ${state} comes to`)
    sums.day[kind] += day
    sums.week[kind] += week
  }
  return sums
}
