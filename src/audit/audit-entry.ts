import { createHash } from 'node:crypto'
import { redact } from '#platform/redact'

/** One thing somebody did or tried. `details` are facts such as a status or an entity's name, never what was asked. */
export type AuditEntry = {
  /** Whose act it was; null when nobody had signed in. */
  actorId: string | null
  action: string
  outcome: 'ok' | 'refused' | 'failed'
  ip: string | null
  details: Record<string, unknown>
}

/** An entry as it is kept: with its place in the chain, fit to store. */
export type AuditRow = AuditEntry & { id: number; at: Date; traceId: string }

/** The hash before the first entry's. */
export const firstHash: Buffer = Buffer.alloc(32)

const longestText = 200
const largestDetails = 4_000
const spokenKey = /^(text|question|answer|message|body|query|content|utterance)$/i

/** `entry` without secrets, without what people wrote, and of a size and characters that the database takes. */
export function cleanEntry(entry: AuditEntry): AuditEntry {
  return {
    actorId: entry.actorId && cleanText(entry.actorId),
    action: cleanText(entry.action),
    outcome: entry.outcome,
    ip: entry.ip && cleanText(entry.ip),
    details: cleanDetails(entry.details),
  }
}

/** The hash of a row in the chain: over the hash before it and everything the row says. */
export function hashRow(previous: Buffer, row: AuditRow): Buffer {
  const said = [row.id, row.at.toISOString(), row.actorId, row.action, row.outcome, row.ip, row.traceId, row.details]
  return createHash('sha256').update(previous).update(writeCanonically(said)).digest()
}

function cleanDetails(details: Record<string, unknown>): Record<string, unknown> {
  const redacted = JSON.stringify(redact(details), (key, value: unknown) => cleanValue(key, value))
  if (redacted.length > largestDetails) return { dropped: 'too large' }
  return JSON.parse(redacted) as Record<string, unknown>
}

function cleanValue(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanText(name), item]))
  if (typeof value !== 'string') return value
  return spokenKey.test(key) ? '[not kept]' : cleanText(value)
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
