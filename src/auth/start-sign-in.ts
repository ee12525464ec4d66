import { z } from 'zod'
import type { FieldCipher } from '#platform/encryption'
import type { IdentityProvider } from './identity-provider.ts'
import { readRefreshToken } from './refresh-token.ts'
import { hashSecret, isSecret, newSecret } from './secrets.ts'
import type { TokenStore } from './token-store.ts'

/**
 * What a sign-in remembers until the provider sends the browser back. `browserHash` is of the mark left in that browser, `replaces`
 * the session that stands in it.
 */
export const pendingSignInSchema = z.object({
  nonce: z.string(),
  codeVerifier: z.string(),
  returnPath: z.string(),
  browserHash: z.string(),
  replaces: z.uuid().optional(),
})

export type StartSignInDeps = {
  provider: IdentityProvider
  tokens: TokenStore
  cipher: FieldCipher
  redirectUri: string
  now: () => Date
}

/** What this browser already carries: the mark, since several tabs may sign in at once, and the session that ends by signing in anew. */
type Input = { returnPath: string; browserMark: string | undefined; refreshToken: string | undefined }

export const signInLifetimeMs = 10 * 60_000

/** Begins a sign-in: where to send the browser, and the mark to leave in it. */
export async function startSignIn(deps: StartSignInDeps, input: Input): Promise<{ url: string; browserMark: string }> {
  const [state, nonce, codeVerifier] = [newSecret(), newSecret(), newSecret()]
  const browserMark = isSecret(input.browserMark) ? input.browserMark : newSecret()
  const url = await deps.provider.authorizationUrl({ state, nonce, codeVerifier }, deps.redirectUri)
  const held = readRefreshToken(input.refreshToken)
  const replaces = held && (await deps.tokens.findToken(held))?.sessionId
  const pending = {
    ...{ nonce, codeVerifier, returnPath: input.returnPath, browserHash: hashSecret(browserMark) },
    ...(replaces !== undefined && { replaces }),
  }
  const key = hashSecret(state)
  const record = await deps.cipher.encrypt(JSON.stringify(pending), signInPlace(key))
  await deps.tokens.saveSignIn(key, record, new Date(deps.now().getTime() + signInLifetimeMs))
  return { url, browserMark }
}

/** Where a pending sign-in is kept, for its encryption. */
export function signInPlace(key: string) {
  return { table: 'auth_sign_ins', column: 'record', row: key }
}
