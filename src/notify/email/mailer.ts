/** A message ready to go. `recipients` are those it is handed over for; the headers name everybody. */
export type OutgoingEmail = {
  /** Ours, for the Message-ID and for finding it again in what the provider reports. */
  email: string
  to: string[]
  cc: string[]
  recipients: string[]
  subject: string
  html: string
  text: string
  /** One with a `contentId` is a picture of the HTML. */
  attachments: { name: string; type: string; content: Buffer; contentId?: string | undefined }[]
}

/** A reply of the server without its words, which may name a recipient: code and enhanced status, `550 5.1.1`. */
export type SmtpReply = string

/** What the server took, and what it refused for good or for now. */
export type SentEmail = {
  accepted: string[]
  refused: { address: string; reply: SmtpReply; isPermanent: boolean }[]
  /** The provider's own id, where it tells. */
  providerId: string | undefined
  reply: SmtpReply
}

/**
 * `transient`: it may go well later. `permanent`: it will not. `operator`: nothing will go until somebody changes the configuration:
 * sign-in refused, no TLS, a certificate that does not fit.
 */
export type MailFailureKind = 'transient' | 'permanent' | 'operator'

/** A message that was not taken. `code` is stable; the cause may hold the server's words. */
export class MailFailure extends Error {
  readonly kind: MailFailureKind
  readonly code: string
  readonly reply: SmtpReply | undefined

  constructor(kind: MailFailureKind, code: string, reply?: SmtpReply) {
    super(reply === undefined ? code : `${code} (${reply})`)
    this.name = 'MailFailure'
    this.kind = kind
    this.code = code
    this.reply = reply
  }
}

/** Hands messages to a mail server; the caller sees to it that it is one at a time. */
export type Mailer = AsyncDisposable & {
  /** Resolves when the server has taken it for at least one recipient. Throws MailFailure within `deadlineMs`. */
  send(email: OutgoingEmail): Promise<SentEmail>
  deadlineMs: number
  close(): Promise<void>
}
