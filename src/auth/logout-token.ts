import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { ServerMetadata } from 'openid-client'
import { z } from 'zod'
import { AppError } from '#platform/errors'
import { authErrors, signInErrors } from './errors.ts'

/** Whose sessions end: those of one session of the provider, or all of a person. `id` and `expiresAt` tell a replay. */
export type Logout = {
  id: string
  issuer: string
  subject: string | undefined
  sessionId: string | undefined
  expiresAt: Date
}

type Deps = { clientId: string; now: () => Date }
type Provider = Pick<ServerMetadata, 'issuer' | 'jwks_uri' | 'id_token_signing_alg_values_supported'>

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'
const longestToken = 8_192
const clockToleranceS = 30
/** Older ones are refused, whatever they say of their own expiry. */
const oldestS = 10 * 60
/** How long the provider's keys are trusted; made-up key ids make us look again no more often than every 30 s. */
const keys = { timeoutDuration: 5_000, cooldownDuration: 30_000, cacheMaxAge: 10 * 60_000 }
const asymmetric = /^(RS|PS|ES)\d{3}$|^(EdDSA|Ed25519)$/

const text = z.string().min(1).max(1_000)
const claimsSchema = z
  .object({
    iss: text,
    jti: text,
    iat: z.number(),
    exp: z.number(),
    sub: text.optional(),
    sid: text.optional(),
    events: z.object({ [logoutEvent]: z.record(z.string(), z.unknown()) }),
    nonce: z.never().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined)

/**
 * A verifier of logout tokens as OpenID Connect Back-Channel Logout 1.0, section 2.6, has it: signed by the provider, for us,
 * of the type `logout+jwt`, young, with the logout event, `sub` or `sid`, and no nonce. Throws AppError LOGOUT_TOKEN_INVALID,
 * or SIGN_IN_UNAVAILABLE when the provider's keys cannot be read.
 */
export function createLogoutVerifier({ clientId, now }: Deps) {
  let known: { url: string; findKey: JWTVerifyGetKey } | undefined
  const keysAt = (url: string): JWTVerifyGetKey => {
    if (known?.url !== url) known = { url, findKey: translateOutage(createRemoteJWKSet(new URL(url), keys)) }
    return known.findKey
  }
  return async (token: string, provider: Provider): Promise<Logout> => {
    const { issuer, jwks_uri, id_token_signing_alg_values_supported: supported = ['RS256'] } = provider
    if (jwks_uri === undefined || token.length > longestToken) throw new AppError(authErrors.logoutTokenInvalid)
    try {
      const { payload } = await jwtVerify(token, keysAt(jwks_uri), {
        algorithms: supported.filter((name) => asymmetric.test(name)),
        typ: 'logout+jwt',
        issuer,
        audience: clientId,
        clockTolerance: clockToleranceS,
        maxTokenAge: oldestS,
        currentDate: now(),
      })
      const { jti, sub, sid, exp } = claimsSchema.parse(payload)
      const expiresAt = new Date((exp + clockToleranceS) * 1_000)
      return { id: jti, issuer, subject: sub, sessionId: sid, expiresAt }
    } catch (error) {
      const isRefused = error instanceof errors.JOSEError || error instanceof z.ZodError
      throw isRefused ? new AppError(authErrors.logoutTokenInvalid, { cause: error }) : error
    }
  }
}

/** A provider that does not answer says nothing about the token. */
function translateOutage(findKey: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await findKey(header, token)
    } catch (error) {
      const isVerdict = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
      throw isVerdict ? error : new AppError(signInErrors.unavailable, { cause: error })
    }
  }
}
