import { type AccessTokens, createAccessTokens, type TokenDeps } from './access-token.ts'
import type { Server } from './server-group.ts'

/** How calls say who calls. */
export type SignIn = {
  /** The header that says it, where it is not Authorization. */
  headerName?: string
  /** The value of that header, fetched first where it has to be. */
  header(server: Server, signal: AbortSignal): Promise<string>
  /** The header was refused. Whether another one can be had. */
  refuse(header: string): boolean
  /** Ends what goes on beside the calls. */
  close?(): void
}

/** A header that is always the same: an API key. */
export function keySignIn(header: string): SignIn {
  return { header: async () => header, refuse: () => false }
}

/** OAuth 2.0 bearer tokens, as `createAccessTokens` gets them. */
export function bearerSignIn(deps: TokenDeps): SignIn {
  const tokens: AccessTokens = createAccessTokens(deps)
  return {
    header: async (server, signal) => `Bearer ${await tokens.get(server, signal)}`,
    refuse: (header) => {
      tokens.drop(header.slice('Bearer '.length))
      return true
    },
    close: () => tokens.close(),
  }
}
