import { AppError } from '#platform/errors'
import { signInErrors } from './errors.ts'

/** How strong a sign-in at the provider has to be. */
export type RequiredStrength = {
  /** Authentication contexts (`acr`) of which a sign-in must have one. */
  requiredAcr?: readonly string[] | undefined
  /** Authentication methods (`amr`, RFC 8176) of which a sign-in must have used all. */
  requiredAmr?: readonly string[] | undefined
}

/** Throws SIGN_IN_TOO_WEAK. What was asked for is only a wish to the provider; the ID token says what became of it. */
export function requireStrength(
  { acr, amr }: Record<string, unknown>,
  { requiredAcr, requiredAmr = [] }: RequiredStrength,
): void {
  const isContext = requiredAcr === undefined || (typeof acr === 'string' && requiredAcr.includes(acr))
  const used: unknown[] = Array.isArray(amr) ? amr : []
  if (!isContext || !requiredAmr.every((method) => used.includes(method))) throw new AppError(signInErrors.tooWeak)
}
