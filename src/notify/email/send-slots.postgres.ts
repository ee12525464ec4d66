import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { SendSlots } from './send-slots.ts'

type Options = { kysely: Kysely<unknown>; perSecond: number; leaseMs: number }

/** A little more than the second, for clocks that differ in speed. */
const restMs = 1_010

/**
 * At most `perSecond` messages in any window of a second, across all processes. A message holds one of so many slots from before it
 * is sent until a second after the server has taken it; so of two messages of one slot the server sees the second at least a second
 * after the first, however long either was under way. A rate of starts alone would not do: two that start a second apart may arrive
 * together. The slot of a process that died is free again after `leaseMs`, which must be longer than a sending can take.
 */
export function createPostgresSendSlots({ kysely, perSecond, leaseMs }: Options): SendSlots {
  let prepared: Promise<unknown> | undefined
  const prepare = () => {
    prepared ??=
      sql`insert into email_slots (slot) select generate_series(1, ${perSecond}::integer) on conflict do nothing`.execute(
        kysely,
      )
    prepared.catch(() => {
      prepared = undefined
    })
    return prepared
  }
  return async (work, signal) => {
    await prepare()
    const holder = randomUUID()
    while (!(await takeSlot(kysely, { holder, perSecond, leaseMs }))) {
      await wait(await untilNext(kysely, perSecond), undefined, { signal })
    }
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      // Not given back, it is free again when its lease ends.
      await sql`
        update email_slots set holder = null, free_at = clock_timestamp() + make_interval(secs => ${restMs / 1000})
        where holder = ${holder}`
        .execute(kysely)
        .catch(() => undefined)
    }
  }
}

async function takeSlot(
  kysely: Kysely<unknown>,
  { holder, perSecond, leaseMs }: { holder: string; perSecond: number; leaseMs: number },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update email_slots set holder = ${holder}, free_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    where slot = (
      select slot from email_slots where free_at <= clock_timestamp() and slot <= ${perSecond}
      order by free_at limit 1 for update skip locked
    )`.execute(kysely)
  return numAffectedRows > 0n
}

/** Milliseconds until a slot may be free, as far as is known. */
async function untilNext(kysely: Kysely<unknown>, perSecond: number): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select extract(epoch from min(free_at) - clock_timestamp())::float8 * 1000 as ms from email_slots
    where slot <= ${perSecond}`.execute(kysely)
  return Math.min(250, Math.max(5, rows[0]?.ms ?? 5))
}
