import { z } from 'zod'
import { permissions, roles } from './actor.ts'

/** Sign-in's shapes on the wire. What the web UI may find in `/?signInError=CODE`: */
export type SignInErrorCode =
  | 'SIGN_IN_FAILED'
  | 'SIGN_IN_EXPIRED'
  | 'SIGN_IN_DENIED'
  | 'SIGN_IN_UNAVAILABLE'
  | 'SIGN_IN_NO_ROLE'
  | 'SIGN_IN_DISABLED'
  | 'SIGN_IN_TOO_WEAK'
  | 'SIGN_IN_TOO_OFTEN'

export const meSchema = z.object({
  userId: z.uuid(),
  name: z.string(),
  department: z.string(),
  email: z.string(),
  roles: z.array(z.enum(roles)),
  /** What of the system itself the person may manage. */
  permissions: z.array(z.enum(permissions)),
  /** The person's own choice, when the identity provider knows it. */
  language: z.enum(['ko', 'en']).optional(),
})

/** A program that keeps its own tokens sends the refresh token here; a browser sends its cookie and no body. */
export const refreshTokenSchema = z.strictObject({ refreshToken: z.string().max(100).optional() }).nullish()

/** The tokens themselves are there only for who sent the refresh token in the body. */
export const refreshReplySchema = z.object({
  expiresAt: z.iso.datetime(),
  refreshExpiresAt: z.iso.datetime(),
  tokenType: z.literal('Bearer').optional(),
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
})

/** Where the browser goes next to end the identity provider's session too; absent when that offers no such page. */
export const signOutReplySchema = z.object({ endSessionUrl: z.url().optional() })

/** Where somebody is signed in. `device` is what the browser called itself, as far as it did. */
const ownSessionSchema = z.object({
  sessionId: z.uuid(),
  device: z.object({ browser: z.string().optional(), system: z.string().optional() }),
  address: z.string(),
  signedInAt: z.iso.datetime(),
  /** When it last got new tokens; it may have been used up to an hour longer. */
  lastUsedAt: z.iso.datetime(),
  isCurrent: z.boolean(),
})

/** The session used last first. One that is not used for `idleHours` ends. */
export const ownSessionsSchema = z.object({ sessions: z.array(ownSessionSchema), idleHours: z.number() })
export const endedOwnSessionsSchema = z.object({ ended: z.number().int() })

export const jwksSchema = z.object({
  keys: z.array(
    z.object({ kty: z.string(), n: z.string(), e: z.string(), kid: z.string(), alg: z.string(), use: z.string() }),
  ),
})

export type Me = z.infer<typeof meSchema>
export type OwnSessionBody = z.infer<typeof ownSessionSchema>
export type OwnSessions = z.infer<typeof ownSessionsSchema>
export type SignOutReply = z.infer<typeof signOutReplySchema>
