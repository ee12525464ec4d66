import { z } from 'zod'
import { listOf } from './config-values.ts'

const words = listOf(z.string().regex(/^[\x21-\x7e]+$/, 'must be words without spaces, between commas'))

/** The variables that say how people sign in, and for how long. */
export const signInVariables = {
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }),
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: z.string().min(1),
  OIDC_REQUIRED_ACR: words.optional(),
  OIDC_REQUIRED_AMR: words.optional(),
  SESSION_IDLE_HOURS: z.coerce.number().int().min(1).max(336).optional(),
}

/** The identity provider, and how strong a sign-in there has to be. */
export type OidcConfig = {
  issuer: string
  clientId: string
  clientSecret: string
  requiredAcr: string[] | undefined
  requiredAmr: string[] | undefined
}

export function toOidcConfig(env: z.infer<z.ZodObject<typeof signInVariables>>): OidcConfig {
  return {
    issuer: env.OIDC_ISSUER,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: env.OIDC_CLIENT_SECRET,
    requiredAcr: env.OIDC_REQUIRED_ACR,
    requiredAmr: env.OIDC_REQUIRED_AMR,
  }
}
