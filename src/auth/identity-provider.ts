import * as oidc from 'openid-client'
import { AppError } from '#platform/errors'
import type { Logger } from '#platform/log'
import { isOpenUrl } from '#platform/loopback'
import { signInErrors } from './errors.ts'
import { createLogoutVerifier, type Logout } from './logout-token.ts'
import { readClaim } from './read-claim.ts'
import { type RequiredStrength, requireStrength } from './require-strength.ts'
import type { ProviderSession } from './session-marks.ts'

export type ProviderConfig = RequiredStrength & { issuer: string; clientId: string; clientSecret: string }

/** What a sign-in must remember until its callback. All three are secrets. */
type SignInChecks = { state: string; nonce: string; codeVerifier: string }

/** What the provider said of a person: claims of the verified ID token, completed from its userinfo endpoint. */
export type Identity = ProviderSession & { claims: Record<string, unknown>; idToken: string }

/** The company's OpenID Connect provider. Calls throw AppError of `signInErrors`; each has a deadline. */
export type IdentityProvider = {
  authorizationUrl(checks: SignInChecks, redirectUri: string): Promise<string>
  /** `callbackUrl` is our redirect URI with the query the provider sent; `needed` are the claims to complete. */
  exchangeCode(callbackUrl: URL, checks: SignInChecks, needed: string[]): Promise<Identity>
  /** Whose sessions a logout token of the provider ends. Throws AppError LOGOUT_TOKEN_INVALID. */
  verifyLogout(token: string): Promise<Logout>
  /** Where the browser ends the provider's own session; undefined when it offers no such page or cannot be reached. */
  endSessionUrl(idToken: string | undefined, returnUrl: string): Promise<string | undefined>
}

type Deps = { config: ProviderConfig; scopes: string[]; log: Logger; now?: () => Date }

const callTimeoutS = 5
const pausesMs = [200, 600]

/** Discovers the provider at the first sign-in and again until it answers, so that we start without it. */
export function createIdentityProvider({ config, scopes, log, now = () => new Date() }: Deps): IdentityProvider {
  const discover = createDiscovery(config, log)
  const verifyLogout = createLogoutVerifier({ clientId: config.clientId, now })
  return {
    async authorizationUrl(checks, redirectUri) {
      const provider = await discover()
      const parameters = {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
        code_challenge_method: 'S256',
        ...(config.requiredAcr && { acr_values: config.requiredAcr.join(' ') }),
      }
      return oidc.buildAuthorizationUrl(provider, parameters).href
    },
    async exchangeCode(callbackUrl, checks, needed) {
      const provider = await discover()
      try {
        const identity = await redeem(provider, callbackUrl, { checks, needed })
        requireStrength(identity.idClaims, config)
        return identity
      } catch (error) {
        throw translateFailure(error)
      }
    },
    async verifyLogout(token) {
      const provider = await discover()
      return await verifyLogout(token, provider.serverMetadata())
    },
    async endSessionUrl(idToken, returnUrl) {
      const provider = await discover().catch(() => undefined)
      if (!provider?.serverMetadata().end_session_endpoint) return undefined
      const hint = idToken === undefined ? {} : { id_token_hint: idToken }
      return oidc.buildEndSessionUrl(provider, { post_logout_redirect_uri: returnUrl, ...hint }).href
    },
  }
}

/** One discovery at a time however many people sign in, a few attempts each, and none once it has worked. */
function createDiscovery(config: ProviderConfig, log: Logger): () => Promise<oidc.Configuration> {
  const issuer = new URL(config.issuer)
  const isInsecure = issuer.protocol === 'http:'
  if (isOpenUrl(issuer)) throw new Error('The identity provider must be reached over https')
  const execute = [oidc.enableNonRepudiationChecks, ...(isInsecure ? [oidc.allowInsecureRequests] : [])]
  const attempt = () =>
    oidc.discovery(issuer, config.clientId, undefined, authenticateClient(config.clientSecret), {
      execute,
      timeout: callTimeoutS,
    })

  let found: oidc.Configuration | undefined
  let running: Promise<oidc.Configuration> | undefined
  const attemptAll = async (): Promise<oidc.Configuration> => {
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        found = await attempt()
        return found
      } catch (error) {
        log.warn(describeFailure(error), 'The identity provider could not be discovered')
        // A provider that hangs has used up its time; only quick failures are tried again.
        if (pauseMs === undefined || isTimeout(error)) throw new AppError(signInErrors.unavailable, { cause: error })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    throw new AppError(signInErrors.unavailable)
  }
  return async () => {
    if (found) return found
    running ??= attemptAll().finally(() => {
      running = undefined
    })
    return await running
  }
}

/**
 * In the body where the provider says that it takes the secret there, else by HTTP Basic, which every provider is to know
 * (RFC 6749, 2.3.1): of that one not all decode the percent signs which the standard asks for (Glewlwyd does not).
 */
function authenticateClient(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (methods.includes('client_secret_post') ? post : basic)(server, ...rest)
  }
}

/** Checks state, issuer, nonce, PKCE, signature and times, all in the client library. */
async function redeem(
  provider: oidc.Configuration,
  callbackUrl: URL,
  { checks, needed }: { checks: SignInChecks; needed: string[] },
): Promise<Identity & { idClaims: oidc.IDToken }> {
  const tokens = await oidc.authorizationCodeGrant(provider, callbackUrl, {
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    pkceCodeVerifier: checks.codeVerifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims || tokens.id_token === undefined) throw new AppError(signInErrors.failed)
  const isComplete = needed.every((name) => readClaim(claims, name) !== undefined)
  const more =
    isComplete || !provider.serverMetadata().userinfo_endpoint
      ? {}
      : await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub)
  const { iss: issuer, sub: subject, sid } = claims
  const sessionId = typeof sid === 'string' ? sid : undefined
  const found = { issuer, subject, sessionId, claims: { ...more, ...claims }, idToken: tokens.id_token }
  return { ...found, idClaims: claims }
}

function translateFailure(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(specOf(error), { cause: error })
}

function specOf(error: unknown) {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return signInErrors.denied
    return /^(server_error|temporarily_unavailable)$/.test(error.error) ? signInErrors.unavailable : signInErrors.failed
  }
  if (isTimeout(error) || (error instanceof TypeError && error.message === 'fetch failed'))
    return signInErrors.unavailable
  const answer = error instanceof Error ? error.cause : undefined
  return answer instanceof Response && answer.status >= 500 ? signInErrors.unavailable : signInErrors.failed
}

function isTimeout(error: unknown): boolean {
  return error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT'
}

/** The failure without its cause, which may hold tokens and claims. */
export function describeFailure(error: unknown): { 'error.type': string; 'error.code': string } {
  const { name = 'unknown', code = '' } = (error ?? {}) as { name?: string; code?: unknown }
  return { 'error.type': name, 'error.code': String(code) }
}
