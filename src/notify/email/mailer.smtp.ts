import { createTransport } from 'nodemailer'
import { isLoopback } from '#platform/loopback'
import { type Mailer, MailFailure, type OutgoingEmail, type SentEmail } from './mailer.ts'
import { readFailure, readReply } from './smtp-replies.ts'

export type SmtpOptions = {
  /**
   * smtp:// (STARTTLS, which off loopback, and with `?tls=required`, must be there) or smtps:// (TLS from the start), with user and
   * password if the server wants them.
   */
  url: string
  from: string
  /** PEM of an authority that is not among the system's. */
  ca?: string | undefined
  /** Of Amazon SES: what events are reported of. */
  configurationSet?: string | undefined
  deadlineMs?: number
}

/**
 * Mail over SMTP, one message at a time on one connection, so that a process that dies leaves at most one message of which nobody knows
 * whether it went. Nothing goes in clear off loopback.
 */
export function createSmtpMailer(options: SmtpOptions): Mailer {
  const { deadlineMs = 30_000 } = options
  let transport = openTransport(options)

  const send = async (email: OutgoingEmail): Promise<SentEmail> => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new MailFailure('transient', 'MAIL_SERVER_TIMEOUT')), deadlineMs)
    const sending = transport.sendMail(describeMail(email, options))
    sending.catch(() => undefined)
    try {
      const info = await Promise.race([sending, late.promise])
      return readSent(info)
    } catch (error) {
      // A connection in an unknown state is of no more use.
      transport.close()
      transport = openTransport(options)
      throw error instanceof MailFailure ? error : readFailure(error)
    } finally {
      clearTimeout(timer)
    }
  }
  const close = async () => transport.close()
  return { deadlineMs, send, close, [Symbol.asyncDispose]: close }
}

function openTransport({ url, ca, deadlineMs = 30_000 }: SmtpOptions) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url)
  const isImplicit = protocol === 'smtps:'
  const isTlsRequired = !isLoopback(hostname) || searchParams.get('tls') === 'required'
  const stepMs = Math.min(deadlineMs, 10_000)
  return createTransport({
    pool: true,
    maxConnections: 1,
    maxMessages: 500,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isImplicit ? 465 : 587),
    secure: isImplicit,
    requireTLS: !isImplicit && isTlsRequired,
    tls: { minVersion: 'TLSv1.3', ...(ca && { ca }) },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

function describeMail(email: OutgoingEmail, { from, configurationSet }: SmtpOptions) {
  const { to, cc, recipients, subject, html, text, attachments } = email
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    to,
    cc,
    envelope: { from: /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim(), to: recipients },
    subject,
    html,
    text,
    messageId: `<${email.email}@${domain}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(configurationSet && {
        'X-SES-CONFIGURATION-SET': configurationSet,
        // Comes back in each event, so that one that overtakes our own note of the provider's id is placed too.
        'X-SES-MESSAGE-TAGS': `email=${email.email}`,
      }),
    },
    attachments: attachments.map(({ name, type, content, contentId }) => ({
      filename: name,
      contentType: type,
      content,
      ...(contentId !== undefined && { cid: contentId, contentDisposition: 'inline' as const }),
    })),
  }
}

type Refusal = { recipient?: string | undefined; responseCode?: number | undefined; response?: string | undefined }
type Sent = { accepted: (string | { address: string })[]; rejectedErrors?: Refusal[] | undefined; response: string }

function readSent({ accepted, rejectedErrors = [], response }: Sent): SentEmail {
  const refused = rejectedErrors.map((error) => {
    const { recipient = '', responseCode = 0 } = error
    return { address: recipient, reply: readReply(error), isPermanent: responseCode >= 500 }
  })
  return {
    accepted: accepted.map((one) => (typeof one === 'string' ? one : one.address)),
    refused,
    // "250 Ok <id>" is how SES tells it.
    providerId: /^250 (?:2\.\d\.\d )?Ok:? (?:queued as )?([\w.@-]{6,100})\s*$/i.exec(response)?.[1],
    reply: readReply({ response }),
  }
}
