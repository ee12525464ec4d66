import { redactPersonal } from './redact-personal.ts'

const secretKey =
  /^(.*[._-])?(authorization|proxyauthorization|cookie|setcookie|xapikey|apikey|password|passwd|secret|clientsecret|token|accesstoken|refreshtoken|idtoken|codeverifier|privatekey|signingkey|datakey)$/i
const longestString = 4_000
const deepest = 6
const redacted = '[redacted]'

/** Blanks what looks like a credential inside a text: our API keys, JWTs, bearer and basic credentials, a password inside a URL. */
export function redactText(text: string): string {
  return text
    .replace(/\becb_[\da-f]{10}_[\w-]+/gi, redacted)
    .replace(/\beyJ[\w-]{5,}\.[\w-]{5,}(\.[\w-]*)*/g, redacted)
    .replace(/\b(Bearer|Basic)\s+[\w~+/.=-]{8,}/gi, `$1 ${redacted}`)
    .replace(/(\b[a-z][a-z\d+.-]*:\/\/[^\s:/?#@]*:)[^\s/?#@]+@/gi, `$1${redacted}@`)
}

/** A copy of `value` fit for a log or the audit trail: secrets blanked by key and by look, personal numbers by look, texts and depth cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactPersonal(redactText(value.slice(0, longestString)))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return '[bytes]'
  if (depth >= deepest) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecretKey(key) ? redacted : redact(item, depth + 1)]),
  )
}

function isSecretKey(key: string): boolean {
  return secretKey.test(key) || secretKey.test(key.replaceAll(/[_-]/g, ''))
}
