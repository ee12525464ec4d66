import { createHash } from 'node:crypto'
import { redact, redactText } from '#platform/redact'
import { redactPersonal } from '#platform/redact-personal'

/**
 * One thing somebody did or tried. `details` are facts such as a status or an entity's id, never what was asked; they leave the
 * database with the logs.
 */
export type AuditEntry = {
  /** Whose act it was; null when nobody had signed in. */
  actorId: string | null
  action: string
  outcome: 'ok' | 'refused' | 'failed'
  /** Sealed before it is stored, as `personal` is. */
  ip: string | null
  details: Record<string, unknown>
  /** Facts about persons that an auditor needs, such as whose role was changed: stored as ciphertext only. */
  personal?: Record<string, unknown>
}

/** What of an entry is stored as ciphertext, bound to `ref`; `ipMark` finds the entries of one address without telling which it is. */
export type SealedPart = { ref: string; ipMark: Buffer | null; content: Buffer }

/** An entry as it is kept: with its place in the chain. `ip` is in the clear only in entries that were made before there was a sealed part. */
export type AuditRow = Omit<AuditEntry, 'personal'> & {
  id: number
  at: Date
  traceId: string
  sealed: SealedPart | null
}

/** The hash before the first entry's. */
export const firstHash: Buffer = Buffer.alloc(32)

const longestText = 200
const largestDetails = 4_000
const notKept = '[not kept]'
const spokenKey = /^(text|question|answer|message|body|query|content|utterance)$/i

/** `entry` without secrets, without what people wrote, words among its personal part, and of a size and characters that the database takes. */
export function cleanEntry(entry: AuditEntry): AuditEntry {
  const facts = Object.entries(cleanDetails(entry.details))
  const words = facts.filter((fact) => holdsWords(fact))
  const personal = { ...Object.fromEntries(words), ...entry.personal }
  return {
    actorId: entry.actorId && cleanText(entry.actorId),
    action: redactPersonal(cleanText(entry.action)),
    outcome: entry.outcome,
    ip: entry.ip && cleanText(entry.ip),
    details: Object.fromEntries(facts.filter((fact) => !words.includes(fact))),
    ...(Object.keys(personal).length > 0 && { personal: cleanPersonal(personal) }),
  }
}

/** Ids, codes, routes, instants and numbers have neither a space nor a letter beyond ASCII; what has may hold a name. */
function holdsWords(value: unknown): boolean {
  if (typeof value === 'string') return value !== notKept && /[^!-~]/.test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).flat().some(holdsWords)
}

/**
 * The hash of a row in the chain: over the hash before it and everything the row says. Of the sealed part it covers the
 * ciphertext, so that whoever has no key can verify the chain.
 */
export function hashRow(previous: Buffer, row: AuditRow): Buffer {
  const { ref, ipMark, content } = row.sealed ?? {}
  const sealed = row.sealed ? [ref, ipMark?.toString('hex') ?? null, content?.toString('hex')] : []
  const open = [row.id, row.at.toISOString(), row.actorId, row.action, row.outcome, row.ip, row.traceId, row.details]
  return createHash('sha256')
    .update(previous)
    .update(writeCanonically([...open, ...sealed]))
    .digest()
}

function cleanDetails(details: Record<string, unknown>): Record<string, unknown> {
  const redacted = JSON.stringify(redact(details), (key, value: unknown) => cleanValue(key, value))
  if (redacted.length > largestDetails) return { dropped: 'too-large' }
  return JSON.parse(redacted) as Record<string, unknown>
}

/** Secrets never, persons yes: this part is sealed. */
function cleanPersonal(personal: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(personal).map(([name, value]) => [
    cleanText(name),
    typeof value === 'string' ? redactText(cleanText(value)) : value,
  ])
  const text = JSON.stringify(Object.fromEntries(kept))
  return text.length > largestDetails ? { dropped: 'too-large' } : (JSON.parse(text) as Record<string, unknown>)
}

function cleanValue(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanText(name), item]))
  if (typeof value !== 'string') return value
  return spokenKey.test(key) ? notKept : cleanText(value)
}

/** PostgreSQL takes neither NUL nor half a surrogate pair. */
function cleanText(text: string): string {
  return text.slice(0, longestText).toWellFormed().replaceAll('\0', '')
}

/** JSON with keys in a fixed order, because `jsonb` keeps none. */
function writeCanonically(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeCanonically).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${writeCanonically(item)}`).join(',')}}`
}
