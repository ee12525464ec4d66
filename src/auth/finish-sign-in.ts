import { AppError } from '#platform/errors'
import type { IdentityMap } from './access-rules.ts'
import { signInErrors } from './errors.ts'
import type { Identity } from './identity-provider.ts'
import { openSession, type SessionDeps, type SessionTokens, type SignInPlace } from './open-session.ts'
import { readProfile } from './profile.ts'
import { hashSecret, isSecret } from './secrets.ts'
import { pendingSignInSchema, type StartSignInDeps, signInPlace } from './start-sign-in.ts'
import type { Profile, User } from './user-store.ts'

export type FinishSignInDeps = StartSignInDeps & SessionDeps & { identity: IdentityMap }

type Callback = { query: URLSearchParams; browserMark: string | undefined; from: SignInPlace }

/**
 * Ends a sign-in that the provider sent back: a session for the person, made or updated, where to go, and which session of this
 * browser it takes the place of, for the caller to end.
 * Throws AppError of `signInErrors`. A callback works once, and only in the browser that began.
 */
export async function finishSignIn(
  deps: FinishSignInDeps,
  { query, browserMark, from }: Callback,
): Promise<{ tokens: SessionTokens; returnPath: string; replaces: string | undefined }> {
  const state = query.get('state') ?? undefined
  const pending = isSecret(state) ? await takePending(deps, state) : undefined
  if (!state || !pending) throw new AppError(signInErrors.expired)
  if (!isSecret(browserMark) || hashSecret(browserMark) !== pending.browserHash)
    throw new AppError(signInErrors.expired)

  const callbackUrl = new URL(deps.redirectUri)
  callbackUrl.search = query.toString()
  const { nonce, codeVerifier, returnPath, replaces } = pending
  const needed = Object.values(deps.identity.claims)
  const identity = await deps.provider.exchangeCode(callbackUrl, { state, nonce, codeVerifier }, needed)
  const user = await deps.users.saveSignIn(readClaims(identity, deps.identity), deps.now())
  requireEntry(user)
  return { tokens: await openSession(deps, user, { ...identity, from }), returnPath, replaces }
}

async function takePending(deps: FinishSignInDeps, state: string) {
  const key = hashSecret(state)
  const record = await deps.tokens.takeSignIn(key)
  return record && pendingSignInSchema.parse(JSON.parse(await deps.cipher.decrypt(record, signInPlace(key))))
}

function readClaims({ claims }: Identity, map: IdentityMap): Profile {
  try {
    return readProfile(claims, map)
  } catch (error) {
    throw new AppError(signInErrors.failed, { cause: error })
  }
}

/** Checked after the person was updated: who has lost every role loses it in open sessions too. */
function requireEntry(user: User): void {
  if (user.disabled) throw new AppError(signInErrors.disabled)
  if (user.roles.length === 0) throw new AppError(signInErrors.noRole)
}
