import { isUuid } from '#platform/uuid'

const blanked = '•••'
const deepest = 6
const mostEntries = 100
/** What is longer may be somebody's telephone or account number. */
const largestNumber = 1e7

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/
/** SHA-1 to SHA-256; account and card numbers are shorter. */
const hash = /^[\da-f]{40,64}$/
const traceOrSpan = /^(?=.*[a-f])([\da-f]{32}|[\da-f]{16})$/
const key = /^[A-Za-z][\w.-]{0,59}$/
/** Words of our own, where an envelope has them. */
const ownWord = /^[a-z\d][\w.-]{0,79}$/i
const ownWords = new Set(['header.source', 'header.destination', 'metadata.version'])

/**
 * A message fit to be looked at: its structure, ids, times, small numbers and yes or no as they are, and of every other text only that
 * there is one. What another program sent may be anything, and may have a person's name where we have an id.
 */
export function maskMessage(message: unknown): unknown {
  return mask(message, [])
}

function mask(value: unknown, path: string[]): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return Math.abs(value) < largestNumber ? value : blanked
  if (typeof value === 'string') return isPlain(value, path) ? value : blanked
  if (typeof value !== 'object' || path.length >= deepest) return blanked
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((item) => mask(item, [...path, '']))
  const entries = Object.entries(value).slice(0, mostEntries)
  return Object.fromEntries(
    entries.map(([name, item], index) => {
      const shown = key.test(name) || isUuid(name) ? name : `${blanked} ${index + 1}`
      return [shown, mask(item, [...path, name])]
    }),
  )
}

function isPlain(text: string, path: string[]): boolean {
  if (isUuid(text) || instant.test(text) || hash.test(text) || traceOrSpan.test(text)) return true
  return ownWords.has(path.join('.')) && ownWord.test(text)
}

/** The trace in which a message was published, if it has one. */
export function traceOf(message: unknown): string | undefined {
  const { traceId } = (message as { metadata?: { trace?: { traceId?: unknown } } } | null)?.metadata?.trace ?? {}
  return typeof traceId === 'string' && /^[\da-f]{32}$/.test(traceId) ? traceId : undefined
}
