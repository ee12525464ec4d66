import { randomUUID } from 'node:crypto'
import { errors, jwtVerify, type ProtectedHeaderParameters, SignJWT } from 'jose'
import { z } from 'zod'
import { AppError } from '#platform/errors'
import { type Role, roles } from './actor.ts'
import { authErrors } from './errors.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What an access token says: whose it is, in which session, and the most it may be used for. */
type AccessClaims = { userId: string; sessionId: string; roles: Role[] }

export type AccessTokens = {
  issue(claims: AccessClaims, notAfter: Date): Promise<{ token: string; expiresAt: Date }>
  /** Throws AppError TOKEN_INVALID or TOKEN_EXPIRED; anything else that is thrown means that the keys cannot be read. */
  verify(token: string): Promise<AccessClaims>
}

type Deps = { keys: SigningKeys; issuer: string; now: () => Date }

/** Whom our tokens are for. */
export const audience = 'erp-chatbot'
export const accessTokenLifetimeMs = 60 * 60_000
const tokenType = 'at+jwt'
const longestToken = 4_096
/** Replicas' clocks differ a little. */
const clockToleranceS = 5

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid(), scope: z.string(), jti: z.string() })

/** Signs and verifies our own access tokens: RS256, one hour, as RFC 9068 has them. */
export function createAccessTokens({ keys, issuer, now }: Deps): AccessTokens {
  const findKey = async ({ kid }: ProtectedHeaderParameters) => {
    const key = typeof kid === 'string' ? await keys.findPublicKey(kid) : undefined
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return {
    async issue(claims, notAfter) {
      const { kid, key } = await keys.findSigningKey()
      const issuedAt = now()
      const expiresAt = new Date(Math.min(issuedAt.getTime() + accessTokenLifetimeMs, notAfter.getTime()))
      const token = await new SignJWT({ client_id: audience, sid: claims.sessionId, scope: claims.roles.join(' ') })
        .setProtectedHeader({ alg: 'RS256', typ: tokenType, kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(claims.userId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key)
      return { token, expiresAt }
    },
    async verify(token) {
      if (token.length > longestToken) throw new AppError(authErrors.tokenInvalid)
      try {
        const { payload } = await jwtVerify(token, findKey, {
          algorithms: ['RS256'],
          typ: tokenType,
          issuer,
          audience,
          clockTolerance: clockToleranceS,
          currentDate: now(),
          // Also what makes a time of issue count that is yet to come.
          maxTokenAge: accessTokenLifetimeMs / 1_000,
          requiredClaims: ['exp'],
        })
        const { sub, sid, scope } = claimsSchema.parse(payload)
        const granted = scope.split(' ')
        return { userId: sub, sessionId: sid, roles: roles.filter((role) => granted.includes(role)) }
      } catch (error) {
        throw translateRefusal(error)
      }
    },
  }
}

function translateRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new AppError(authErrors.tokenExpired)
  const isRefused = error instanceof errors.JOSEError || error instanceof z.ZodError
  return isRefused ? new AppError(authErrors.tokenInvalid, { cause: error }) : error
}
