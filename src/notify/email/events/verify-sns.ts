import { verify, X509Certificate } from 'node:crypto'
import { AppError } from '#platform/errors'
import { notifyErrors } from '../../errors.ts'
import { isSnsAddress, type SnsMessage, signedTextOf } from './sns-message.ts'

/** Fetches a text from Amazon SNS; rejects after a deadline and when it is too long. */
export type FetchText = (url: string) => Promise<string>

type Deps = {
  /** The only topic that is listened to: anybody can have Amazon sign a message of a topic of their own. */
  topicArn: string
  fetchText: FetchText
  now: () => Date
}

/** Older ones Amazon does not send any more; the ids of those that are taken in are kept much longer. */
const oldestMs = 24 * 3_600_000
const aheadMs = 15 * 60_000
const mostCertificates = 8

/** A check that a message is of the topic, signed by Amazon and fresh. Throws MAIL_EVENT_REFUSED. */
export function createSnsCheck({ topicArn, fetchText, now }: Deps): (message: SnsMessage) => Promise<void> {
  const certificates = new Map<string, Promise<X509Certificate>>()
  const findCertificate = (url: string) => {
    const known = certificates.get(url) ?? fetchText(url).then((pem) => new X509Certificate(pem))
    certificates.set(url, known)
    known.catch(() => certificates.delete(url))
    const oldest = certificates.keys().next().value
    if (certificates.size > mostCertificates && oldest !== undefined) certificates.delete(oldest)
    return known
  }
  return async (message) => {
    const age = now().getTime() - Date.parse(message.Timestamp)
    if (
      message.TopicArn !== topicArn ||
      age > oldestMs ||
      age < -aheadMs ||
      !isCertificateAddress(message.SigningCertURL)
    )
      throw new AppError(notifyErrors.eventRefused)
    const certificate = await findCertificate(message.SigningCertURL)
    const isValid =
      Date.parse(certificate.validFrom) <= now().getTime() && now().getTime() <= Date.parse(certificate.validTo)
    // Version 1 is SHA-1, which topics use unless told otherwise.
    const digest = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1'
    const signature = Buffer.from(message.Signature, 'base64')
    if (!isValid || !verify(digest, Buffer.from(signedTextOf(message)), certificate.publicKey, signature))
      throw new AppError(notifyErrors.eventRefused)
  }
}

function isCertificateAddress(url: string): boolean {
  return isSnsAddress(url) && new URL(url).pathname.endsWith('.pem')
}
