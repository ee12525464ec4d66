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

export type EmailDetail = EmailRecord & {
  subject: string
  recipients: { kind: RecipientKind; address: string; state: RecipientState; reply: string | null }[]
}

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
  list(filter: {
    state?: EmailState | undefined
    limit: number
    after?: { at: Date; id: string } | undefined
  }): Promise<EmailRecord[]>
  read(email: string): Promise<EmailDetail | undefined>
  removeOlderThan(days: number): Promise<number>
}
