import { type AccessTokens, createAccessTokens, type TokenDeps } from './access-token.ts'
import type { Server } from './server-group.ts'

/** How calls say who calls. */
export type SignIn = {
  /** The value of the Authorization header, fetched first where it has to be. */
  header(server: Server, signal: AbortSignal): Promise<string>
  /** The header was refused. Whether another one can be had. */
  refuse(header: string): boolean
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
  }
}
