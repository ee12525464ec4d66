import type { Kysely } from 'kysely'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import type { MessageQueue } from '#platform/queue'
import { notifyErrors } from '../errors.ts'
import { emailTopic } from './email-queue.ts'
import type { Attachment, EmailStore, RequestedEmail } from './email-store.ts'
import { mostAttachmentBytes, mostRecipientsOfRequest, type Recipient, splitRecipients } from './limits.ts'
import type { TemplateChoice, Templates } from './templates/render-template.ts'

export type EmailRequest = TemplateChoice & {
  variables: Record<string, unknown>
  recipients: Recipient[]
  attachments?: Attachment[]
  /** A person's id, or the part of the service that asks. */
  requestedBy: string
  /** Two requests with the same key are one. */
  idempotencyKey?: string | undefined
}

export type RequestDeps = {
  database: Database
  queue: Pick<MessageQueue, 'publish'>
  store: EmailStore
  templates: Templates
  isConfigured: boolean
}

/**
 * Has a mail sent to everybody in `recipients`, fifty to a message, in the transaction of what causes it, or in one of its own. What is
 * sent is what the template says now. Throws AppError naming the limit that the request is over.
 */
export async function requestEmail(
  deps: RequestDeps,
  request: EmailRequest,
  within?: Kysely<unknown>,
): Promise<RequestedEmail> {
  const { attachments = [], recipients, idempotencyKey, requestedBy, template, language } = request
  if (!deps.isConfigured) throw new AppError(notifyErrors.mailNotConfigured)
  checkSize(recipients, attachments)
  const { version, ...content } = deps.templates.render(request, request.variables)
  const parts = splitRecipients(recipients)
  const email = { idempotencyKey, requestedBy, template, version, language, content, attachments, parts }
  const keep = async (transaction: Kysely<unknown>) => {
    const added = await deps.store.add(email, transaction)
    if (!added.isNew) return added
    for (const id of added.emails)
      await deps.queue.publish(emailTopic, { email: id }, { within: transaction, idempotencyKey: id })
    return added
  }
  return within ? await keep(within) : await deps.database.kysely.transaction().execute(keep)
}

function checkSize(recipients: readonly Recipient[], attachments: readonly Attachment[]): void {
  if (recipients.length > mostRecipientsOfRequest) {
    const params = { count: recipients.length, limit: mostRecipientsOfRequest }
    throw new AppError(notifyErrors.tooManyRecipients, { params })
  }
  const bytes = attachments.reduce((sum, { content }) => sum + content.length, 0)
  if (bytes > mostAttachmentBytes) {
    const inMegabytes = (count: number) => count / 1024 / 1024
    const params = { size: inMegabytes(bytes).toFixed(1), limit: inMegabytes(mostAttachmentBytes) }
    throw new AppError(notifyErrors.attachmentsTooLarge, { params })
  }
}
