import type { Kysely } from 'kysely'
import type { Recipient, RecipientKind } from './limits.ts'
import type { MailFailure, OutgoingEmail, SentEmail, SmtpReply } from './mailer.ts'
import type { RenderedMail } from './templates/render-template.ts'
import type { MailLanguage } from './templates/template-file.ts'

/** Of a message: the furthest that its recipients have come, a complaint and a bounce before all else. */
type EmailState = 'requested' | 'sending' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed' | 'suppressed'

export type RecipientState = Exclude<EmailState, 'sending'>

/** One with a `contentId` is shown where the HTML names it (`cid:`), instead of being listed as a file. */
export type Attachment = { name: string; type: string; content: Buffer; contentId?: string | undefined }

export type NewEmail = {
  idempotencyKey: string | undefined
  requestedBy: string
  template: string
  version: number
  language: MailLanguage
  content: RenderedMail
  attachments: Attachment[]
  /** Each becomes a message. */
  parts: Recipient[][]
}

/** Ids of a request and its messages; `isNew` is false when the idempotency key has been seen. */
export type RequestedEmail = { request: string; emails: string[]; isNew: boolean }

/** A message that is this claim's to send, until `claimed_until` has passed. */
export type ClaimedEmail = { claim: string; outgoing: Omit<OutgoingEmail, 'recipients'>; pending: string[] }

/** What a look at a message is: nobody's any more, another worker's at the moment, or the asker's to send. */
export type Claim = 'done' | 'busy' | ClaimedEmail

export type EmailRecord = {
  email: string
  request: string
  part: number
  state: EmailState
  template: string
  version: number
  language: MailLanguage
  attempts: number
  requestedBy: string
  requestedAt: Date
  sentAt: Date | null
  error: string | null
  reply: string | null
  opens: number
  clicks: number
}

/** What the provider has reported of a message, and when it came about. */
export type ReportedEvent = { kind: EmailEvent['kind']; at: Date }

export type EmailDetail = EmailRecord & {
  subject: string
  /** Newest first, a bounded number. */
  events: ReportedEvent[]
  recipients: { kind: RecipientKind; address: string; state: RecipientState; reply: string | null }[]
}

type Page = { limit: number; after?: { at: Date; id: string } | undefined }

/** `recipient` is a whole address; `from` and `to` are of the request. */
export type EmailFilter = Page & {
  state?: EmailState | undefined
  recipient?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

export type SuppressionFilter = Page & { address?: string | undefined }

/** An address that gets nothing: by the keyed hash it is found by, as hex. */
export type Suppression = { suppression: string; address: string; reason: 'bounce' | 'complaint'; since: Date }

/** What the provider reports of a message. `addresses`: the recipients it is about. */
export type EmailEvent = {
  /** Of the notification: one that comes again changes nothing. */
  id: string
  kind: 'delivery' | 'bounce' | 'complaint' | 'open' | 'click'
  email: string | undefined
  providerId: string | undefined
  addresses: { address: string; reply?: string | undefined }[]
  isPermanent: boolean
  at: Date
}

export type EmailStore = {
  /** Keeps the request and its messages in the caller's transaction. */
  add(email: NewEmail, within: Kysely<unknown>): Promise<RequestedEmail>
  claim(email: string, forMs: number): Promise<Claim>
  /** Answers the reply to those whom the server put off, who are to be tried again; when it `isLast` they have failed. */
  recordSent(email: string, sent: SentEmail, isLast: boolean): Promise<{ deferred?: SmtpReply }>
  /** Gives the message back to be tried again, or ends it when that would not help or is `isLast`. */
  recordFailure(claimed: ClaimedEmail, email: string, failure: MailFailure, isLast: boolean): Promise<void>
  /** Answers false when the notification is known already. */
  recordEvent(event: EmailEvent): Promise<boolean>
  list(filter: EmailFilter): Promise<EmailRecord[]>
  read(email: string): Promise<EmailDetail | undefined>
  /** Makes a message one to be sent again, to whom it has not reached; undefined when there is none. */
  reopen(email: string, within: Kysely<unknown>): Promise<'reopened' | 'busy' | 'over' | undefined>
  listSuppressions(filter: SuppressionFilter): Promise<Suppression[]>
  /** Answers what was lifted; undefined when there is no such suppression. */
  liftSuppression(suppression: string, within: Kysely<unknown>): Promise<Suppression | undefined>
  removeOlderThan(days: number): Promise<number>
}
