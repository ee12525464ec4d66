import type { AuditLog } from '#audit'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { MessageQueue } from '#platform/queue'
import { notifyErrors } from '../errors.ts'
import { emailQueue, emailTopic } from './email-queue.ts'
import type { EmailStore } from './email-store.ts'

export type RetryDeps = {
  database: Database
  queue: Pick<MessageQueue, 'publish' | 'deadLetters'>
  store: Pick<EmailStore, 'reopen'>
  audit: Pick<AuditLog, 'recordWith'>
  isConfigured: boolean
}

/** A message becomes one dead letter at a time. */
const mostLetters = 100

/**
 * Has a message sent again to those whom it has not reached. Its dead letter, if it has one, has nothing to say any more. Throws
 * MAIL_UNKNOWN, MAIL_STILL_SENDING, MAIL_NOTHING_TO_RETRY, MAIL_NOT_CONFIGURED.
 */
export async function retryEmail(
  { database, queue, store, audit, isConfigured }: RetryDeps,
  email: string,
  { userId, ip }: { userId: string; ip: string },
): Promise<void> {
  if (!isConfigured) throw new AppError(notifyErrors.mailNotConfigured)
  const letters = await queue.deadLetters.list({ queue: emailQueue.name, body: { email }, limit: mostLetters })
  await database.kysely.transaction().execute(async (transaction) => {
    const found = await store.reopen(email, transaction)
    if (found === undefined) throw new AppError(notifyErrors.emailUnknown)
    if (found === 'busy') throw new AppError(notifyErrors.stillSending)
    if (found === 'over') throw new AppError(notifyErrors.nothingToRetry)
    const ids = letters.map(({ id }) => id)
    await queue.deadLetters.discard(ids, transaction)
    await queue.publish(emailTopic, { email }, { within: transaction })
    await audit.recordWith(transaction, {
      ...{ actorId: userId, action: 'email.retry', outcome: 'ok', ip },
      details: { email },
    })
  })
}
