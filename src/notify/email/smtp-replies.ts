import { MailFailure, type SmtpReply } from './mailer.ts'

type SmtpError = { code?: string | undefined; responseCode?: number | undefined; response?: string | undefined }

/** The code and enhanced status (RFC 3463) of a server's reply; its words may name a recipient and are left out. */
export function readReply({ response = '', responseCode }: SmtpError): SmtpReply {
  const [, code, status] = /^(\d{3})[ -]?(\d\.\d{1,3}\.\d{1,3})?/.exec(response) ?? []
  return [code ?? responseCode, status].filter(Boolean).join(' ')
}

const certificateFaults =
  /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|HOSTNAME|DEPTH_ZERO|SSL|certificate|altnames|unsupported protocol/i

/** What a failed sending means: by RFC 5321 a reply of 4xx may go well later and one of 5xx will not. */
export function readFailure(thrown: unknown): MailFailure {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as Error & SmtpError
  const { code = '', responseCode = 0 } = error
  const reply = readReply(error)
  const said = reply === '' ? undefined : reply
  if (code === 'EAUTH' || responseCode === 535 || responseCode === 530)
    // A server that is only busy says 454 to a sign-in.
    return responseCode >= 400 && responseCode < 500
      ? new MailFailure('transient', 'MAIL_SIGN_IN_DEFERRED', said)
      : new MailFailure('operator', 'MAIL_SIGN_IN_REFUSED', said)
  if (
    certificateFaults.test(code) ||
    (code !== 'EENVELOPE' && certificateFaults.test(error.message) && responseCode === 0)
  )
    return new MailFailure('operator', 'MAIL_CERTIFICATE_INVALID')
  if (code === 'ETLS') return new MailFailure('operator', 'MAIL_TLS_UNAVAILABLE', said)
  if (responseCode >= 500) return new MailFailure('permanent', 'MAIL_REFUSED', said)
  if (responseCode >= 400) return new MailFailure('transient', 'MAIL_DEFERRED', said)
  if (code === 'ETIMEDOUT') return new MailFailure('transient', 'MAIL_SERVER_TIMEOUT')
  return new MailFailure('transient', 'MAIL_SERVER_UNREACHABLE')
}
