import type { HttpReply } from './call-server.ts'

/**
 * Milliseconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), or until a rate limit's window ends; undefined
 * when a reply has neither. A date is read by the server's own clock, which may be hours from ours.
 */
export function readRetryAfter({ headers, status }: HttpReply): number | undefined {
  const text = headers['retry-after'] ?? (status === 429 ? headers['x-ratelimit-reset'] : undefined)
  if (!text) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  if (Number.isNaN(at)) return undefined
  const serverNow = Date.parse(headers.date ?? '')
  return Math.max(0, at - (Number.isNaN(serverNow) ? Date.now() : serverNow))
}
