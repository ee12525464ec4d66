import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { trusted } from '../page/html.ts'
import { chooseLanguage } from '../page/language.ts'
import { type Page, renderPage } from '../page/page.ts'
import { claimsOf, type IdentityAccount } from './accounts.ts'
import type { IdentityKeys } from './keys.ts'
import { notePage, signOutPage } from './pages.ts'
import { sentences } from './sentences.ts'
import type { SessionStore } from './session-store.ts'

/** A program people sign in to. */
export type IdentityClient = {
  clientId: string
  clientSecret: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  /** Where the program is told that a person has signed out elsewhere. */
  backchannelLogoutUri?: string
}

type Options = {
  issuer: string
  clients: IdentityClient[]
  accounts: IdentityAccount[]
  keys: IdentityKeys
  store: SessionStore
}

const hourS = 3_600

/** The OpenID Connect provider: authorization code with PKCE only, no consent page, our own pages. */
export function createProvider({ issuer, clients, accounts, keys, store }: Options): Provider {
  const configuration: Configuration = {
    adapter: store.adapterFor,
    clients: clients.map(describeClient),
    jwks: { keys: [keys.signing] },
    cookies: { keys: keys.cookies, long: { sameSite: 'lax' }, short: { sameSite: 'lax' } },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'department', 'title', 'groups'],
      email: ['email'],
    },
    // The claims go into the ID token too, as company providers are set up to do.
    conformIdTokenClaims: false,
    interactions: { url: (_ctx, interaction) => `/login/${interaction.uid}` },
    features: {
      backchannelLogout: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: showSignOut, postLogoutSuccessSource: showSignedOut },
    },
    findAccount: (_ctx, login) => {
      const account = accounts.find((candidate) => candidate.login === login)
      return account && { accountId: login, claims: () => claimsOf(account) }
    },
    loadExistingGrant: grantWithoutAsking,
    clientBasedCORS: () => false,
    // Everything of the demo is on loopback, where the library's own dispatcher refuses to go.
    fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined } as object),
    renderError: (ctx) => {
      const language = chooseLanguage(ctx.req)
      show(ctx, notePage(language, sentences[language].title, sentences[language].failed, serviceOf(clients)))
    },
    ttl: {
      AccessToken: hourS,
      AuthorizationCode: 60,
      IdToken: hourS,
      Interaction: hourS,
      Session: 14 * 24 * hourS,
      Grant: 14 * 24 * hourS,
    },
  }
  return new Provider(issuer, configuration)
}

/** Where a page can send people back to: the first client's front page. */
export function serviceOf(clients: IdentityClient[]): string | undefined {
  const uri = clients[0]?.redirectUris[0]
  return uri && new URL('/', uri).href
}

function describeClient(client: IdentityClient) {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    ...(client.backchannelLogoutUri && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    response_types: ['code' as const],
    grant_types: ['authorization_code'],
  }
}

/** The company's own programs: what they ask for is granted, nobody is asked. */
async function grantWithoutAsking(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc
  if (client === undefined || session?.accountId === undefined) return undefined
  const existing = session.grantIdFor(client.clientId)
  const grant = existing === undefined ? undefined : await provider.Grant.find(existing)
  if (grant) return grant
  const granted = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  granted.addOIDCScope('openid profile email')
  await granted.save()
  return granted
}

function showSignOut(ctx: KoaContextWithOIDC, form: string): void {
  const target = ctx.oidc.session?.state?.postLogoutRedirectUri
  const targets = typeof target === 'string' ? [new URL(target).origin] : []
  // An ID token of ours as the hint proves that the request came from where the person is signed in.
  show(ctx, signOutPage(chooseLanguage(ctx.req), trusted(form), ctx.oidc.entities.IdTokenHint !== undefined), targets)
}

function showSignedOut(ctx: KoaContextWithOIDC): void {
  const language = chooseLanguage(ctx.req)
  show(ctx, notePage(language, sentences[language].signedOut, sentences[language].signedOutLead))
}

function show(ctx: KoaContextWithOIDC, page: Page, formTargets: string[] = []): void {
  const { body, headers } = renderPage(page, formTargets)
  ctx.set(headers)
  ctx.body = body
}
