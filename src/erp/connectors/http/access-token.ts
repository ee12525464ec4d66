import { z } from 'zod'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { HttpReply } from './call-server.ts'
import type { SendToken } from './http-client.ts'
import { RetryableReply } from './retry-call.ts'
import type { Server } from './server-group.ts'
import { untilAborted } from './until-aborted.ts'

/** OAuth 2.0 access tokens. A token of one server is good at all of them. */
export type AccessTokens = {
  /**
   * The token in hand while it counts, or a new one. Callers at the same time share one request, and none waits for it before
   * the token in hand has expired.
   */
  get(server: Server, signal: AbortSignal): Promise<string>
  /** Drops a token that was refused, unless another has taken its place. */
  drop(token: string): void
  /** Ends the renewals. */
  close(): void
}

export type TokenDeps = {
  send: SendToken
  path: string
  clientId: string
  clientSecret: string
  /** What the token is to be good for, where the provider asks (RFC 6749, 3.3). */
  scope?: string
  /** With one, tokens come by the refresh grant (RFC 6749, 6); without, by client credentials (4.4). */
  refreshToken?: string
  now: () => Date
}

/** Instants in milliseconds: from which a new one is fetched, and until which this one is good. */
type Token = { text: string; renewAt: number; expiresAt: number; timer: NodeJS.Timeout }

/** Early enough that a token endpoint may be away for a while, and late enough to be no burden. */
const renewAtShare = 0.8
/** No call starts with a token that expires on its way. */
const onTheWayMs = 10_000
const longestTimerMs = 24 * 60 * 60_000
/** After a renewal that failed while there was time. */
const tryAgainMs = 5_000

const replySchema = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().default(300),
  refresh_token: z.string().min(1).max(16_384).optional(),
})

/**
 * Fetches tokens and renews them, beside the traffic, before they expire: a token endpoint that is away matters only once the
 * token in hand has expired. Throws as `send`, or ERP_REFUSED for wrong credentials.
 */
export function createAccessTokens(deps: TokenDeps): AccessTokens {
  const { path, clientId, clientSecret, scope, now } = deps
  const pending = new Map<Server, Promise<Token>>()
  const secret = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')
  let current: Token | undefined
  let refreshToken = deps.refreshToken
  let isClosed = false
  const ask = (server: Server, isAwaited: boolean) => {
    const headers = { ...tokenHeaders, authorization: `Basic ${secret}` }
    const form = { ...grantOf(refreshToken, clientId), ...(scope ? { scope } : {}) }
    const body = new URLSearchParams(form).toString()
    // A provider that rotates refresh tokens may take a second use for a theft and revoke them all.
    const once = refreshToken !== undefined
    return deps.send({ server, call: { method: 'POST', path, headers, body }, accept: readReply }, { once, isAwaited })
  }

  async function renew(server: Server, isAwaited: boolean): Promise<Token> {
    const askedAt = now().getTime()
    const { access_token, expires_in, refresh_token } = await askOrStartAgain(server, isAwaited)
    if (refreshToken !== undefined) refreshToken = refresh_token ?? refreshToken
    const lifeMs = expires_in * 1_000
    const renewInMs = lifeMs * renewAtShare
    clearTimeout(current?.timer)
    current = {
      text: access_token,
      renewAt: askedAt + renewInMs,
      expiresAt: askedAt + lifeMs - Math.min(onTheWayMs, lifeMs / 10),
      timer: renewLater(server, renewInMs),
    }
    return current
  }

  /** A refresh token we were given on the way may have been revoked; the configured one is tried before giving up. */
  async function askOrStartAgain(server: Server, isAwaited: boolean): Promise<z.infer<typeof replySchema>> {
    try {
      return await ask(server, isAwaited)
    } catch (error) {
      const isRefusal = error instanceof AppError && error.spec === erpErrors.refused
      if (!isRefusal || refreshToken === deps.refreshToken) throw error
      refreshToken = deps.refreshToken
      return ask(server, isAwaited)
    }
  }

  function renewOnce(server: Server, isAwaited: boolean): Promise<Token> {
    const running = pending.get(server) ?? renew(server, isAwaited).finally(() => pending.delete(server))
    pending.set(server, running)
    return running
  }

  /** Without traffic, too, so that the first question of the morning does not wait. */
  function renewLater(server: Server, inMs: number): NodeJS.Timeout {
    // Whatever lifetime a server claims, this goes round at most every few seconds.
    const waitMs = Math.min(Math.max(inMs, tryAgainMs), longestTimerMs)
    const timer = setTimeout(() => renewBeside(server), waitMs).unref()
    if (isClosed) clearTimeout(timer)
    return timer
  }

  function renewBeside(server: Server): void {
    if (pending.size > 0) return
    renewOnce(server, false).catch(() => {
      // What went wrong shows once nobody has a token any more; until then it is tried again now and then.
      if (!current) return
      current.renewAt = now().getTime() + tryAgainMs
      clearTimeout(current.timer)
      current.timer = renewLater(server, tryAgainMs)
    })
  }

  return {
    get: async (server, signal) => {
      const time = now().getTime()
      if (!current || time >= current.expiresAt) return (await untilAborted(renewOnce(server, true), signal)).text
      if (time >= current.renewAt) renewBeside(server)
      return current.text
    },
    drop: (token) => {
      if (current?.text !== token) return
      clearTimeout(current.timer)
      current = undefined
    },
    close: () => {
      isClosed = true
      clearTimeout(current?.timer)
    },
  }
}

const tokenHeaders = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }

function readReply(reply: HttpReply): z.infer<typeof replySchema> {
  if (reply.status !== 200) {
    // 400 and 401 are how a token endpoint says that the credentials are wrong; its text may quote them.
    const isRefusal = [400, 401, 403].includes(reply.status)
    throw new AppError(isRefusal ? erpErrors.refused : erpErrors.badReply, {
      cause: new Error(`token status ${reply.status}`),
    })
  }
  const parsed = replySchema.safeParse(parseJson(reply.text))
  if (!parsed.success) throw new RetryableReply('no token in the reply')
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function grantOf(refreshToken: string | undefined, clientId: string): Record<string, string> {
  if (refreshToken === undefined) return { grant_type: 'client_credentials' }
  return { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId }
}

/** RFC 6749, 2.3.1: both halves are form-encoded before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}
