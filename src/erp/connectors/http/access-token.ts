import { z } from 'zod'
import { AppError } from '#platform/errors'
import { erpErrors } from '../../errors.ts'
import type { HttpCall, HttpReply } from './call-server.ts'
import { RetryableReply } from './retry-call.ts'
import type { Server } from './server-group.ts'
import { untilAborted } from './until-aborted.ts'

/** OAuth 2.0 access tokens. A token of one server is good at all of them. */
export type AccessTokens = {
  /** The token in hand, or a new one. Callers at the same time share one request. */
  get(server: Server, signal: AbortSignal): Promise<string>
  /** Drops a token that was refused, unless another has taken its place. */
  drop(token: string): void
}

export type TokenDeps = {
  /** Sends the call, with retries and deadline, and reads the reply by `accept`. */
  send: <T>(server: Server, call: HttpCall, accept: (reply: HttpReply) => T) => Promise<T>
  path: string
  clientId: string
  clientSecret: string
  /** What the token is to be good for, where the provider asks (RFC 6749, 3.3). */
  scope?: string
  /** With one, tokens come by the refresh grant (RFC 6749, 6); without, by client credentials (4.4). */
  refreshToken?: string
  now: () => Date
}

type Token = { text: string; renewAt: number }

const replySchema = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().default(300),
  refresh_token: z.string().min(1).max(16_384).optional(),
})

/** Fetches tokens and keeps them until shortly before they expire. Throws as `send`, or ERP_REFUSED for wrong credentials. */
export function createAccessTokens(deps: TokenDeps): AccessTokens {
  const { send, path, clientId, clientSecret, scope, now } = deps
  let current: Token | undefined
  const pending = new Map<Server, Promise<Token>>()
  const secret = Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64')
  let refreshToken = deps.refreshToken
  const call = (): HttpCall => ({
    method: 'POST',
    path,
    headers: {
      authorization: `Basic ${secret}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({ ...grantOf(refreshToken, clientId), ...(scope ? { scope } : {}) }).toString(),
  })

  async function renew(server: Server): Promise<Token> {
    const { access_token, expires_in, refresh_token } = await sendOrStartAgain(server)
    if (refreshToken !== undefined) refreshToken = refresh_token ?? refreshToken
    // Early enough that no call starts with a token that expires on its way.
    const marginS = Math.min(60, expires_in / 10)
    current = { text: access_token, renewAt: now().getTime() + (expires_in - marginS) * 1_000 }
    return current
  }

  /** A refresh token we were given on the way may have been revoked; the configured one is tried before giving up. */
  async function sendOrStartAgain(server: Server): Promise<z.infer<typeof replySchema>> {
    try {
      return await send(server, call(), readReply)
    } catch (error) {
      const isRefusal = error instanceof AppError && error.spec === erpErrors.refused
      if (!isRefusal || refreshToken === deps.refreshToken) throw error
      refreshToken = deps.refreshToken
      return send(server, call(), readReply)
    }
  }

  return {
    get: async (server, signal) => {
      if (current && now().getTime() < current.renewAt) return current.text
      const running = pending.get(server) ?? renew(server).finally(() => pending.delete(server))
      pending.set(server, running)
      return (await untilAborted(running, signal)).text
    },
    drop: (token) => {
      if (current?.text === token) current = undefined
    },
  }
}

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
