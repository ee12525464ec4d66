import { z } from 'zod'
import type { Labels } from '#catalog'
import { AppError } from '#platform/errors'
import { erpErrors, notInErp } from '../../errors.ts'
import type { HttpReply } from '../http/call-server.ts'
import { RetryableReply } from '../http/retry-call.ts'
import { parseExact } from '../read-cells.ts'
import { DialectRefused } from './dialect.ts'

/** What a call asked for, as far as its errors depend on it. `label` is of the entity. */
export type AskedList = { label: Labels; hasFunctions: boolean }
export type FrappeRecord = Record<string, unknown>

const listSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())) })
const errorSchema = z.object({
  exc_type: z.string().optional(),
  exc: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional() })).optional(),
})
const versionsSchema = z.object({ message: z.object({ frappe: z.object({ version: z.string() }) }) })

const refusals = /^(PermissionError|AuthenticationError|SessionExpired|InvalidAuthorizationToken|CSRFTokenError)$/
const limits = /^(TooManyRequestsError|RateLimitExceededError)$/
const missing = /^(DoesNotExistError|PageDoesNotExistError)$/
/** Version 16 refuses functions in texts as invalid; before, an object where a text belongs breaks the code that reads it. */
const unreadableFunctions = /^(ValidationError|TypeError|AttributeError)$/
const passing = /^(QueryDeadlockError|QueryTimeoutError|InternalError|SessionStopped)$/

/** The records of a list, numbers as their source texts. Throws AppError, DialectRefused or RetryableReply. */
export function readList(reply: HttpReply, asked: AskedList): FrappeRecord[] {
  const name = errorName(reply)
  if (name !== undefined || reply.status !== 200) throw failureOf(reply.status, name, asked)
  if (!/\bjson\b/i.test(reply.headers['content-type'] ?? '')) throw new RetryableReply('not JSON')
  const parsed = listSchema.safeParse(parseExact(reply.text))
  if (!parsed.success) throw new RetryableReply('not a list')
  return parsed.data.data
}

/** Throws at once for an error 500 that is the answer to what was asked, not trouble that may pass. */
export function judgeReply(reply: HttpReply, asked: AskedList): void {
  if (reply.status !== 500) return
  const name = errorName(reply)
  if (name !== undefined && !passing.test(name)) throw failureOf(reply.status, name, asked)
}

/** The major version of Frappe; undefined when the reply does not tell. */
export function readMajorVersion({ text }: HttpReply): number | undefined {
  const parsed = versionsSchema.safeParse(parseOrNothing(text))
  const major = parsed.success ? /^v?(\d{1,3})\./.exec(parsed.data.message.frappe.version)?.[1] : undefined
  return major === undefined ? undefined : Number(major)
}

/**
 * What Frappe calls the error in a reply, whatever the status: it also answers 200 with an error inside. Its messages and
 * tracebacks quote values and stay unread.
 */
function errorName({ text, status }: HttpReply): string | undefined {
  // A list is long and has its own reader; only what does not begin as one is looked at here.
  if (status === 200 && /^\s*\{\s*"data"\s*:/.test(text)) return undefined
  const parsed = errorSchema.safeParse(parseOrNothing(text))
  if (!parsed.success) return undefined
  const { exc_type, exc, errors } = parsed.data
  const name = exc_type ?? errors?.[0]?.type ?? (exc !== undefined || errors ? 'unnamed' : undefined)
  return name === undefined || /^\w{1,60}$/.test(name) ? name : 'unnamed'
}

function failureOf(status: number, name: string | undefined, { label, hasFunctions }: AskedList): Error {
  const cause = new Error(name === undefined ? `status ${status}` : `status ${status}, ${name}`)
  if (name === undefined) return new AppError(status === 403 ? erpErrors.refused : erpErrors.badReply, { cause })
  if (refusals.test(name)) return new AppError(erpErrors.refused, { cause })
  if (limits.test(name)) return new AppError(erpErrors.rateLimited, { cause, retryAfterS: 60 })
  if (missing.test(name)) return notInErp(label)
  if (hasFunctions && unreadableFunctions.test(name)) return new DialectRefused(name)
  if (passing.test(name)) return new RetryableReply(name)
  return new AppError(erpErrors.badReply, { cause })
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
