import { importPKCS8, SignJWT } from 'jose'
import { z } from 'zod'
import { PushFailure } from '../push-sender.ts'
import { callStream, type Reply } from './call-stream.ts'
import { CertificateInvalid, endSession, openSession } from './open-session.ts'
import type { ServiceAccount } from './service-account.ts'

/** Access tokens of a service account, one at a time for everybody. */
export type AccessTokens = {
  /** A token that is valid for a while. Throws PushFailure: `operator` when the account is refused. */
  get(): Promise<string>
  /** Has the provider refused `token`, the next `get` asks for a new one. */
  refuse(token: string): void
}

type Deps = { account: ServiceAccount; ca?: string | undefined; deadlineMs: number; now?: () => number }
type Token = { text: string; refreshAt: number; expiresAt: number }

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertionSeconds = 3_600
/** A token is renewed this long before it ends, and not used for the last seconds of it. */
const refreshBeforeMs = 5 * 60_000
const marginMs = 30_000
const replySchema = z.object({ access_token: z.string().min(1).max(8_192), expires_in: z.number().positive() })

/**
 * Exchanges assertions for access tokens (RFC 7523; "Using OAuth 2.0 for Server to Server Applications" of Google). One exchange is under
 * way at a time, and while a token is only about to end it goes on being used.
 */
export function createAccessTokens({ account, ca, deadlineMs, now = Date.now }: Deps): AccessTokens {
  let token: Token | undefined
  let refreshing: Promise<Token> | undefined
  const refresh = () => {
    refreshing ??= requestToken({ account, ca, deadlineMs, now })
      .then((fresh) => {
        token = fresh
        return fresh
      })
      .finally(() => {
        refreshing = undefined
      })
    return refreshing
  }
  return {
    get: async () => {
      if (!token || now() >= token.expiresAt - marginMs) return (await refresh()).text
      // The next who asks tries again, for as long as the token lasts.
      if (now() >= token.refreshAt) refresh().catch(() => undefined)
      return token.text
    },
    refuse: (text) => {
      if (token?.text === text) token = undefined
    },
  }
}

async function requestToken({ account, now, ...call }: Deps & { now: () => number }): Promise<Token> {
  const body = new URLSearchParams({ grant_type: grantType, assertion: await signAssertion(account, now()) }).toString()
  const askedAt = now()
  const { status, body: text } = await postForm({ url: account.tokenUrl, body, ...call })
  if (status === 429 || status >= 500) throw new PushFailure('transient', 'PUSH_TOKEN_UNAVAILABLE')
  const parsed = replySchema.safeParse(status === 200 ? parseJson(text) : undefined)
  if (!parsed.success) throw new PushFailure('operator', 'PUSH_CREDENTIALS_REFUSED')
  const lifeMs = parsed.data.expires_in * 1000
  const refreshAt = askedAt + Math.max(lifeMs - refreshBeforeMs, lifeMs / 2)
  return { text: parsed.data.access_token, refreshAt, expiresAt: askedAt + lifeMs }
}

async function signAssertion({ privateKey, keyId, email, tokenUrl }: ServiceAccount, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000)
  return await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyId })
    .setIssuer(email)
    .setAudience(tokenUrl)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + assertionSeconds)
    .sign(await importPKCS8(privateKey, 'RS256'))
}

async function postForm({
  url,
  body,
  ca,
  deadlineMs,
}: Pick<Deps, 'ca' | 'deadlineMs'> & { url: string; body: string }) {
  const { origin, pathname, search } = new URL(url)
  const headers = {
    ':method': 'POST',
    ':path': pathname + search,
    'content-type': 'application/x-www-form-urlencoded',
  }
  try {
    const session = await openSession({ origin, ca, connectMs: deadlineMs })
    const reply: Promise<Reply> = callStream(session, { headers, body, deadlineMs })
    return await reply.finally(() => endSession(session, 0))
  } catch (error) {
    if (error instanceof CertificateInvalid) throw new PushFailure('operator', 'PUSH_CERTIFICATE_INVALID', error)
    throw new PushFailure('transient', 'PUSH_TOKEN_UNAVAILABLE', error)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
