import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oidc from 'openid-client'
import { CookieJar } from 'tough-cookie'
import { expect, onTestFinished, test } from 'vitest'
import { signInWithPassword } from '../../src/cli/sign-in.ts'
import { findFreePort } from '../postgres/free-port.ts'
import { serveIdentity } from './serve-identity.ts'

const minsu = {
  login: 'minsu',
  password: 'hanbit',
  name: '김민수',
  email: 'minsu@hanbit.example',
  department: '국내영업팀',
  title: '과장',
  groups: ['employee', 'sales'],
}
const credentials = { clientId: 'chatbot', clientSecret: 'a-secret-of-thirty-two-characters' }

/** A relying party with the service's routes: keeps the PKCE verifier by state, sets the two cookies. */
async function startService(issuer: string) {
  const server = createServer(
    (request, response) => void handle(request, response).catch((error) => response.writeHead(500).end(String(error))),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const pending = new Map<string, { verifier: string; nonce: string }>()
  const tokens: oidc.TokenEndpointResponse[] = []
  let configuration: oidc.Configuration | undefined
  const client = async () => {
    configuration ??= await oidc.discovery(new URL(issuer), credentials.clientId, credentials.clientSecret, undefined, {
      execute: [oidc.allowInsecureRequests],
    })
    return configuration
  }
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const here = new URL(request.url!, url)
    if (here.pathname === '/auth/login') {
      const [verifier, nonce, state] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()]
      pending.set(state, { verifier, nonce })
      const to = oidc.buildAuthorizationUrl(await client(), {
        redirect_uri: `${url}/auth/callback`,
        scope: 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        nonce,
        state,
      })
      return response.writeHead(302, { location: to.href }).end()
    }
    if (here.pathname === '/auth/callback') {
      const state = here.searchParams.get('state')!
      const { verifier, nonce } = pending.get(state)!
      tokens.push(
        await oidc.authorizationCodeGrant(await client(), here, {
          pkceCodeVerifier: verifier,
          expectedNonce: nonce,
          expectedState: state,
        }),
      )
      const cookies = ['access=our-access; Path=/; HttpOnly; SameSite=Lax', 'refresh=our-refresh; Path=/auth; HttpOnly']
      return response.writeHead(302, { location: '/', 'set-cookie': cookies }).end()
    }
    response.end('home')
  }
  return { url, tokens, client }
}

async function startProvider(dataDir: string, port: number, serviceUrl = 'http://localhost:1') {
  const clients = [
    { ...credentials, redirectUris: [`${serviceUrl}/auth/callback`], postLogoutRedirectUris: [`${serviceUrl}/`] },
  ]
  const provider = await serveIdentity({
    port,
    issuer: `http://127.0.0.1:${port}`,
    dataDir,
    clients,
    accounts: [minsu],
  })
  onTestFinished(() => provider.close().catch(() => undefined))
  return provider
}

async function startBoth() {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-identity-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const port = await findFreePort()
  const service = await startService(`http://127.0.0.1:${port}`)
  const provider = await startProvider(dataDir, port, service.url)
  return { dataDir, port, service, provider }
}

/** A browser without scripts: follows redirects, keeps cookies. */
function createBrowser() {
  const jar = new CookieJar()
  return async function visit(
    address: string,
    form?: Record<string, string>,
  ): Promise<{ url: URL; status: number; body: string; headers: Headers }> {
    let url = new URL(address)
    let init: RequestInit = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    for (;;) {
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: { cookie: await jar.getCookieString(url.href), 'accept-language': 'en' },
      })
      for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url.href, { ignoreError: true })
      const location = response.headers.get('location')
      if (location === null)
        return { url, status: response.status, body: await response.text(), headers: response.headers }
      url = new URL(location, url)
      init = {}
    }
  }
}

test('signs in by code and PKCE with every claim, remembers the person, keeps keys over a restart, signs out without asking', async () => {
  const { dataDir, port, service, provider } = await startBoth()
  const visit = createBrowser()
  const page = await visit(`${service.url}/auth/login`)
  expect(page.url.host).toBe(`127.0.0.1:${port}`)
  expect(page.body).toContain('Sign in to Hanbit Precision')
  const home = await visit(page.url.href, { login: 'minsu', password: 'hanbit' })
  expect(home.url.href).toBe(`${service.url}/`)
  const claims = {
    sub: 'minsu',
    name: '김민수',
    email: 'minsu@hanbit.example',
    department: '국내영업팀',
    title: '과장',
    groups: ['employee', 'sales'],
  }
  const first = service.tokens[0]!
  expect(decode(first.id_token!)).toMatchObject(claims)
  expect(await oidc.fetchUserInfo(await service.client(), first.access_token, 'minsu')).toMatchObject(claims)

  await provider.close()
  await startProvider(dataDir, port, service.url)
  expect((await visit(`${service.url}/auth/login`)).url.href).toBe(`${service.url}/`)
  expect(service.tokens).toHaveLength(2)
  expect((await stat(join(dataDir, 'identity-keys.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(dataDir, 'identity-sessions.json'))).mode & 0o777).toBe(0o600)

  const out = oidc.buildEndSessionUrl(await service.client(), {
    id_token_hint: first.id_token!,
    post_logout_redirect_uri: `${service.url}/`,
    state: 's',
  })
  const confirm = await visit(out.href)
  expect(confirm.body).toContain(`getElementById('submit').click()`)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(confirm.body)![1]!
  expect((await visit(`http://127.0.0.1:${port}/session/end/confirm`, { xsrf, logout: 'yes' })).url.href).toBe(
    `${service.url}/?state=s`,
  )
  expect((await visit(`${service.url}/auth/login`)).body).toContain('Sign in to Hanbit Precision')
})

test('asks before signing out when the request does not prove who asks', async () => {
  const { port, service } = await startBoth()
  const visit = createBrowser()
  const page = await visit(`${service.url}/auth/login`)
  await visit(page.url.href, { login: 'minsu', password: 'hanbit' })
  const confirm = await visit(`http://127.0.0.1:${port}/session/end?client_id=chatbot`)
  expect(confirm.body).toContain('Sign out of every service?')
  expect(confirm.body).not.toContain('.click()')
})

test('refuses wrong passwords with a sentence, fills in demo accounts, escapes what was typed, and knows no stranger', async () => {
  const { port, service } = await startBoth()
  const visit = createBrowser()
  const page = await visit(`${service.url}/auth/login`)
  const wrong = await visit(page.url.href, { login: '"><script>alert(1)</script>', password: 'x', language: 'ko' })
  expect(wrong.status).toBe(401)
  expect(wrong.body).toContain('아이디나 비밀번호가 맞지 않아요.')
  expect(wrong.body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
  expect(wrong.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect((await visit(page.url.href, { login: 'minsu', password: '' })).body).toContain('Enter both')
  expect((await visit(page.url.href, { fill: 'minsu' })).body).toMatch(/type="password" value="hanbit"/)
  expect((await visit(`${page.url.origin}/login/nonsense`)).status).toBe(400)
  // Without the cookie of the browser it began in, a sign-in cannot be finished.
  expect((await createBrowser()(page.url.href, { login: 'minsu', password: 'hanbit' })).status).toBe(400)

  const authorize = `http://127.0.0.1:${port}/auth?client_id=chatbot&response_type=code&scope=openid`
  const back = encodeURIComponent(`${service.url}/auth/callback`)
  expect((await visit(`${authorize}&redirect_uri=${encodeURIComponent('http://evil.example/')}`)).body).toContain(
    'could not be handled',
  )
  expect((await visit(`${authorize}&redirect_uri=${back}`)).url.search).toContain('error=invalid_request')
})

test('lets a program sign in with a password, and tells it why not', async () => {
  const { service } = await startBoth()
  expect(await signInWithPassword({ serviceUrl: service.url, login: 'minsu', password: 'hanbit' })).toEqual({
    accessToken: 'our-access',
    refreshToken: 'our-refresh',
    cookies: 'access=our-access',
  })
  await expect(signInWithPassword({ serviceUrl: service.url, login: 'minsu', password: 'no' })).rejects.toThrow(
    'The login name or the password is not right.',
  )
  await expect(
    signInWithPassword({ serviceUrl: 'http://127.0.0.1:1', login: 'minsu', password: 'no' }),
  ).rejects.toThrow('http://127.0.0.1:1 cannot be reached.')
})

function decode(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}
