import { sql } from 'kysely'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { EmailStore } from './email-store.ts'
import { addEmail } from './store/add-email.ts'
import { createAddressHash } from './store/address-hash.ts'
import { claimEmail } from './store/claim-email.ts'
import { listEmails, readEmail } from './store/list-emails.ts'
import { recordEvent } from './store/record-event.ts'
import { recordFailure, recordSent } from './store/record-outcome.ts'
import { reopenEmail } from './store/reopen-email.ts'
import { liftSuppression, listSuppressions } from './store/suppressions.ts'

type Deps = { database: Database; cipher: FieldCipher }

/** Emails in our PostgreSQL. What is personal in them is sealed, and addresses are found by their hash. */
export function createPostgresEmailStore({ database: { kysely }, cipher }: Deps): EmailStore {
  const hashAddress = createAddressHash(kysely, cipher)
  const deps = { kysely, cipher, hashAddress }
  return {
    add: (email, within) => addEmail(deps, email, within),
    claim: (email, forMs) => claimEmail(deps, email, forMs),
    recordSent: (email, sent, isLast) => recordSent(deps, { email, isLast }, sent),
    recordFailure: ({ claim }, email, failure, isLast) => recordFailure(deps, { claim, email }, failure, isLast),
    recordEvent: (event) => recordEvent(deps, event),
    list: (filter) => listEmails(deps, filter),
    read: (email) => readEmail(deps, email),
    reopen: (email, within) => reopenEmail(within, email),
    listSuppressions: (filter) => listSuppressions(deps, filter),
    liftSuppression: (suppression, within) => liftSuppression(deps, suppression, within),
    removeOlderThan: async (days) => {
      const before = sql`now() - make_interval(days => ${days})`
      const removed = await sql`delete from email_requests where requested_at < ${before}`.execute(kysely)
      await sql`delete from email_events where received_at < ${before}`.execute(kysely)
      return Number(removed.numAffectedRows ?? 0n)
    },
  }
}
