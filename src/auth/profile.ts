import { z } from 'zod'
import type { IdentityMap } from './access-rules.ts'
import { roles } from './actor.ts'
import { readClaim } from './read-claim.ts'
import type { Profile } from './user-store.ts'

const text = z
  .string()
  .max(200)
  .transform((value) => value.normalize('NFC').trim())
const optionalText = text.nullish().transform((value) => value ?? '')

const claimsSchema = z.object({
  issuer: z.string().min(1),
  subject: z.string().min(1),
  name: text.pipe(z.string().min(1)),
  department: optionalText,
  email: optionalText,
  groups: z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .transform((value) => [value ?? []].flat()),
  locale: optionalText,
})

/**
 * Reads a provider's claims by the identity map. A person needs a name, since the ERP knows its people by it; the rest may
 * be missing. Groups that the map does not name give no role. Throws ZodError when a claim is not what it should be.
 */
export function readProfile(claims: Record<string, unknown>, identity: IdentityMap): Profile {
  const { groups, locale, ...profile } = claimsSchema.parse({
    issuer: claims.iss,
    subject: claims.sub,
    name: readClaim(claims, identity.claims.name),
    department: readClaim(claims, identity.claims.department),
    email: readClaim(claims, identity.claims.email),
    groups: readClaim(claims, identity.claims.groups),
    locale: claims.locale,
  })
  const granted = groups.flatMap((group) => (Object.hasOwn(identity.groups, group) ? identity.groups[group] : []))
  return { ...profile, roles: roles.filter((role) => granted.includes(role)), language: readLanguage(locale) }
}

/** `ko-KR` → ko; a language we don't speak is no choice. */
function readLanguage(locale: string): 'ko' | 'en' | null {
  const language = locale.split(/[-_]/)[0]?.toLowerCase()
  return language === 'ko' || language === 'en' ? language : null
}
