import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { FieldCipher } from '#platform/encryption'
import type { FindPeople, PushTarget } from '../push-target.ts'
import { readCondition, type TopicCondition } from '../topic-condition.ts'
import { openContent } from './add-push.ts'

const devicesPerBatch = 500
/** More than any company that this is for has; beyond it the message fails rather than fill the database. */
const mostDevices = 200_000

type Candidate = { device: string; user_id: string }

/**
 * Writes down which devices a message goes to, as things are now: people who have been shut out get nothing, whoever names them. Answers
 * how many batches there are; 0 when it is cancelled, was spread before, or has no devices.
 */
export async function spreadPush(
  { cipher, findPeople }: { cipher: FieldCipher; findPeople: FindPeople },
  push: string,
  db: Kysely<unknown>,
): Promise<number> {
  const { rows } = await sql<{ content: Buffer }>`
    select content from push_messages where push = ${push} and state in ('scheduled', 'requested') for update`.execute(
    db,
  )
  const [message] = rows
  if (!message) return 0
  const { target } = await openContent(cipher, push, message.content)
  const devices = await findDevices(db, target, findPeople)
  if (devices.length === 0 || devices.length > mostDevices) {
    const error = devices.length === 0 ? 'PUSH_NO_DEVICES' : 'PUSH_TOO_MANY_DEVICES'
    await sql`update push_messages set state = 'failed', error = ${error}, settled_at = now() where push = ${push}`.execute(
      db,
    )
    return 0
  }
  await sql`update push_messages set state = 'sending' where push = ${push}`.execute(db)
  await sql`
    insert into push_deliveries (push, device, batch, state)
    select ${push}, device, (place - 1) / ${sql.lit(devicesPerBatch)}, 'pending'
    from unnest(${devices}::uuid[]) with ordinality as found (device, place)`.execute(db)
  const batches = Math.ceil(devices.length / devicesPerBatch)
  await sql`
    insert into push_batches (push, batch) select ${push}, batch from generate_series(0, ${batches - 1}) as batch`.execute(
    db,
  )
  return batches
}

async function findDevices(db: Kysely<unknown>, target: PushTarget, findPeople: FindPeople): Promise<string[]> {
  const { users, roles, departments, devices, topics, condition } = target
  const people = await findPeople({ users, roles, departments })
  const isInCondition = condition === undefined ? sql`false` : writeCondition(readCondition(condition))
  const { rows } = await sql<Candidate>`
    select d.device, d.user_id from push_devices d
    where d.user_id = any(${people}::uuid[]) or d.device = any(${devices}::uuid[])
      or exists (select 1 from push_topics t where t.device = d.device and t.topic = any(${topics}::text[]))
      or ${isInCondition}
    order by d.device limit ${mostDevices + 1}`.execute(db)
  const owners = [...new Set(rows.map(({ user_id }) => user_id))]
  const active = new Set(await findPeople({ users: owners, roles: [], departments: [] }))
  return rows.filter(({ user_id }) => active.has(user_id)).map(({ device }) => device)
}

function writeCondition(condition: TopicCondition): RawBuilder<unknown> {
  if (condition.kind === 'topic')
    return sql`exists (select 1 from push_topics t where t.device = d.device and t.topic = ${condition.topic})`
  if (condition.kind === 'not') return sql`not (${writeCondition(condition.of)})`
  return sql`(${sql.join(condition.of.map(writeCondition), condition.kind === 'and' ? sql` and ` : sql` or `)})`
}
