import type { AppError } from '#platform/errors'
import type { UnderstandReply, UnderstandRequest } from '../../understanding.ts'
import { toProtoRequest } from '../convert.ts'
import { encodeRequest, maxRequestBytes } from '../service-definition.ts'
import type { ServerLink } from './server-link.ts'

/** One question on its way, whichever server it is at. Times are of the monotonic clock, ms. */
export type Call = {
  id: string
  revision: number
  request: UnderstandRequest
  traceparent: string
  startedAt: number
  /** Where it is under way; undefined while it waits. */
  link: ServerLink | undefined
  sentAt: number
  /** How often each server was tried in vain. */
  tries: Map<ServerLink, number> | undefined
  settle(outcome: UnderstandReply | AppError): void
}

/** The request as bytes, or what is wrong with it. Too large a one would break the stream for all, so it is not sent. */
export function encodeCall(call: Call, timeoutMillis: number): { bytes: Buffer } | { issue: string } {
  const { id, revision, traceparent, request } = call
  try {
    const bytes = encodeRequest(toProtoRequest(request, { requestId: id, revision, traceparent, timeoutMillis }))
    return bytes.length <= maxRequestBytes ? { bytes } : { issue: `more than ${maxRequestBytes / 1024} KB` }
  } catch (error) {
    return { issue: (error as Error).message }
  }
}
