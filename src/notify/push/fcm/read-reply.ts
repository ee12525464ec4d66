import { z } from 'zod'
import type { PushFailureKind } from '../push-sender.ts'
import type { Reply } from './call-stream.ts'

/** What a reply means: taken, to be tried again (after `waitMs` where told, all others too when `isForAll`), a token to renew, or no. */
export type Verdict =
  | { kind: 'sent'; providerId: string }
  | { kind: 'again'; code: string; waitMs: number | undefined; isForAll: boolean }
  | { kind: 'renew-token' }
  | { kind: 'failed'; failure: PushFailureKind; code: string }

const sentSchema = z.object({ name: z.string().max(500) })
const errorSchema = z.object({
  error: z.object({
    details: z
      .array(
        z.looseObject({
          errorCode: z.string().optional(),
          fieldViolations: z.array(z.object({ field: z.string().optional() })).optional(),
        }),
      )
      .default([]),
  }),
})

/** When Firebase limits a project and does not say for how long, it wants a minute. */
const quotaWaitMs = 60_000

/** Reads a reply by its status and the FcmError in it ("ErrorCode" of the FCM HTTP v1 reference). */
export function readReply({ status, headers, body }: Reply, now: Date): Verdict {
  if (status === 200) {
    const parsed = sentSchema.safeParse(parseJson(body))
    // Taken it is: whether or not it says so in our words, a second copy would not help.
    return { kind: 'sent', providerId: parsed.success ? parsed.data.name : '' }
  }
  const { errorCode, isTokenFault } = readError(body)
  const waitMs = readRetryAfter(headers['retry-after'], now)
  if (status === 429) return { kind: 'again', code: 'PUSH_QUOTA', waitMs: waitMs ?? quotaWaitMs, isForAll: true }
  if (status >= 500) return { kind: 'again', code: 'PUSH_UNAVAILABLE', waitMs, isForAll: waitMs !== undefined }
  if (status === 404 && errorCode === 'UNREGISTERED') return failed('unregistered', 'PUSH_UNREGISTERED')
  if (status === 400 && isTokenFault) return failed('unregistered', 'PUSH_TOKEN_INVALID')
  // A certificate of Apple's or a web push key is missing: other platforms get theirs.
  if (errorCode === 'THIRD_PARTY_AUTH_ERROR') return failed('permanent', 'PUSH_PLATFORM_CREDENTIALS')
  // A token of another project. It stays: with the wrong project configured every token would look so.
  if (errorCode === 'SENDER_ID_MISMATCH') return failed('permanent', 'PUSH_SENDER_MISMATCH')
  if (status === 401) return { kind: 'renew-token' }
  if (status === 403) return failed('operator', 'PUSH_FORBIDDEN')
  // Not a token but the address: the project or the endpoint is wrong.
  if (status === 404) return failed('operator', 'PUSH_PROJECT_UNKNOWN')
  return failed('permanent', 'PUSH_REFUSED')
}

const failed = (failure: PushFailureKind, code: string): Verdict => ({ kind: 'failed', failure, code })

function readError(body: string): { errorCode: string | undefined; isTokenFault: boolean } {
  const parsed = errorSchema.safeParse(parseJson(body))
  const details = parsed.success ? parsed.data.error.details : []
  const fields = details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field))
  return {
    errorCode: details.find(({ errorCode }) => errorCode !== undefined)?.errorCode,
    isTokenFault: fields.includes('message.token'),
  }
}

/** No answer of a peer holds up everything for longer, whatever it asks for. */
const longestWaitMs = 3_600_000

/** Milliseconds of a Retry-After header (RFC 9110, 10.2.3: seconds or a date), an hour at most. */
function readRetryAfter(text: string | undefined, now: Date): number | undefined {
  if (!text) return undefined
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.min(longestWaitMs, Math.max(0, ms))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
