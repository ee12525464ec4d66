import { type Kysely, sql } from 'kysely'

/**
 * Makes a message one to be sent again, to those whom it has not reached: the server refused them, or they were suppressed and are no more.
 * `busy` while it is still being sent, `over` when there is nobody left to send it to; undefined when there is no such message.
 */
export async function reopenEmail(
  db: Kysely<unknown>,
  email: string,
): Promise<'reopened' | 'busy' | 'over' | undefined> {
  const { rows } = await sql<{ state: string }>`select state from emails where email = ${email} for update`.execute(db)
  const [found] = rows
  if (!found) return undefined
  if (found.state === 'requested' || found.state === 'sending') return 'busy'
  await sql`
    update email_recipients r set state = 'requested', reply = null where r.email = ${email} and (r.state = 'failed'
      or r.state = 'suppressed' and not exists (select 1 from email_suppressions s where s.address_hash = r.address_hash))`.execute(
    db,
  )
  const reopened = await sql`
    update emails set state = 'requested', error = null, reply = null, claim = null, claimed_until = null where email = ${email}
      and exists (select 1 from email_recipients r where r.email = ${email} and r.state = 'requested')`.execute(db)
  return reopened.numAffectedRows === 1n ? 'reopened' : 'over'
}
