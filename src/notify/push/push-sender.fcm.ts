import { setTimeout as wait } from 'node:timers/promises'
import { type AccessTokens, createAccessTokens } from './fcm/access-token.ts'
import { callStream, DeadlinePassed, type Reply, StreamLost } from './fcm/call-stream.ts'
import { keepSession } from './fcm/keep-session.ts'
import { CertificateInvalid } from './fcm/open-session.ts'
import { createPacing, type Pacing } from './fcm/pacing.ts'
import { readReply, type Verdict } from './fcm/read-reply.ts'
import type { ServiceAccount } from './fcm/service-account.ts'
import { writeMessage } from './fcm/write-message.ts'
import type { DeviceContent } from './push-content.ts'
import type { PushMetrics } from './push-metrics.ts'
import { type OutgoingPush, PushFailure, type PushSender, type SentPush } from './push-sender.ts'

export type FcmOptions = {
  account: ServiceAccount
  /** Where FCM is, Google's unless told. */
  endpoint?: string | undefined
  /** PEM of an authority of one's own, of the endpoint and of where tokens come from. */
  ca?: string | undefined
  metrics: Pick<PushMetrics, 'sessionEnded' | 'retried'>
  limits?: Partial<typeof usualLimits>
}

/** `budgetMs`: from the first try of a message to the beginning of its last. */
const usualLimits = { streams: 256, deadlineMs: 5_000, budgetMs: 30_000, retries: 6, firstWaitMs: 1_000 }
const googleEndpoint = 'https://fcm.googleapis.com'
/** A message that nobody has begun with needs no wait but for another session to open. */
const unprocessedWaitMs = 10
const reconnect = { firstMs: 100, longestMs: 10_000 }

/**
 * FCM HTTP v1 on one HTTP/2 session. What the server refused before it began (REFUSED_STREAM, beyond GOAWAY's last stream), what was lost
 * on the way, 429 and 5xx are tried again within the budget; a Retry-After holds up everything that would follow.
 */
export function createFcmSender({ account, endpoint = googleEndpoint, ca, metrics, ...given }: FcmOptions): PushSender {
  const limits = { ...usualLimits, ...given.limits }
  const { deadlineMs } = limits
  const pacing = createPacing(limits.streams)
  const tokens = createAccessTokens({ account, ca, deadlineMs })
  const { origin } = new URL(endpoint)
  const session = keepSession({
    ...{ origin, ca, connectMs: deadlineMs, backoff: reconnect },
    onLimit: pacing.limit,
    onEnd: metrics.sessionEnded,
  })
  const path = `/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`
  const writers = new WeakMap<DeviceContent, (token: string) => string>()
  const write = ({ token, content }: OutgoingPush) => {
    const writer = writers.get(content) ?? writeMessage(content, new Date())
    writers.set(content, writer)
    return writer(token)
  }
  const callOnce = async (body: string, accessToken: string): Promise<Reply> => {
    const headers = {
      ':method': 'POST',
      ':path': path,
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
    }
    const chosen = await session.get()
    try {
      return await callStream(chosen, { headers, body, deadlineMs })
    } catch (error) {
      if (error instanceof DeadlinePassed) session.doubt(chosen)
      throw error
    }
  }
  const close = async () => {
    pacing.close()
    await session.close()
  }
  return {
    send: (push) => sendWithin({ pacing, tokens, callOnce, metrics }, write(push), limits),
    concurrency: limits.streams,
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Sending = {
  pacing: Pacing
  tokens: AccessTokens
  callOnce: (body: string, accessToken: string) => Promise<Reply>
  metrics: FcmOptions['metrics']
}

async function sendWithin(sending: Sending, body: string, limits: typeof usualLimits): Promise<SentPush> {
  const { metrics } = sending
  const endsAt = performance.now() + limits.budgetMs
  let hasRenewed = false
  let code = 'PUSH_UNAVAILABLE'
  for (let tries = 0; tries <= limits.retries; tries++) {
    if (tries > 0) metrics.retried(code)
    const verdict = await tryOnce(sending, body, endsAt)
    if (verdict === undefined) break
    if (verdict.kind === 'sent') return { providerId: verdict.providerId }
    if (verdict.kind === 'failed') throw new PushFailure(verdict.failure, verdict.code)
    code = verdict.kind === 'again' ? verdict.code : 'PUSH_UNAUTHENTICATED'
    if (verdict.kind === 'renew-token') {
      if (hasRenewed) throw new PushFailure('operator', code)
      hasRenewed = true
    } else if (!(await waitFor(sending.pacing, verdict, { usualMs: limits.firstWaitMs * 2 ** tries, endsAt }))) break
  }
  throw new PushFailure('transient', code)
}

type Again = Extract<Verdict, { kind: 'again' }>

/** Waits before another try; false when that would begin too late. A pause that is for all is kept where places are given out. */
async function waitFor(
  pacing: Pacing,
  { waitMs, isForAll }: Again,
  { usualMs, endsAt }: { usualMs: number; endsAt: number },
): Promise<boolean> {
  // What failed together does not come back in the same instant.
  const ms = waitMs ?? usualMs * (0.5 + Math.random() / 2)
  if (isForAll) pacing.pause(ms)
  if (performance.now() + ms > endsAt) return false
  if (!isForAll) await wait(ms)
  return true
}

/** Undefined when there is no place for it in time. */
async function tryOnce(
  { pacing, tokens, callOnce }: Sending,
  body: string,
  endsAt: number,
): Promise<Verdict | undefined> {
  if (!(await pacing.enter(endsAt))) return undefined
  try {
    const accessToken = await tokens.get()
    const verdict = readReply(await callOnce(body, accessToken), new Date())
    if (verdict.kind === 'renew-token') tokens.refuse(accessToken)
    return verdict
  } catch (error) {
    return judgeLoss(error)
  } finally {
    pacing.leave()
  }
}

/** What to do about a reply that did not come. */
function judgeLoss(error: unknown): Again {
  if (error instanceof PushFailure) throw error
  if (error instanceof CertificateInvalid) throw new PushFailure('operator', 'PUSH_CERTIFICATE_INVALID', error)
  if (error instanceof StreamLost && error.isUnprocessed)
    return { kind: 'again', code: 'PUSH_NOT_TAKEN', waitMs: unprocessedWaitMs, isForAll: false }
  const code = error instanceof DeadlinePassed ? 'PUSH_TIMEOUT' : 'PUSH_LOST'
  return { kind: 'again', code, waitMs: undefined, isForAll: false }
}
