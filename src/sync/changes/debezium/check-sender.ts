import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** What is sent is signed a moment before; the sender's clock may be hours off. */
const mostAgeMs = 3 * 3_600_000

/** Whether the sender shows the key itself: `Authorization: Bearer KEY`. */
export function showsKey(headers: IncomingHttpHeaders, key: string): boolean {
  return isSame(headers.authorization ?? '', `Bearer ${key}`)
}

/** Whether the sender signs what it sends, rather than to show the key. */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  return typeof headers['webhook-signature'] === 'string'
}

/**
 * Whether the body was signed with the key, as Standard Webhooks say (https://www.standardwebhooks.com, v1): HMAC-SHA256 of id, time and
 * body. The key is Base64, with or without `whsec_`; Debezium Server signs so, and can show no key.
 */
export function isSignedWith(headers: IncomingHttpHeaders, body: string, key: string): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false
  const ageMs = Math.abs(Date.now() - Number(timestamp) * 1000)
  if (!(ageMs <= mostAgeMs)) return false
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64')
  const wanted = `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  return signatures.split(' ').some((signature) => isSame(signature, wanted))
}

/** Takes as long for a text that begins right as for one that doesn't. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
