import { join } from 'node:path'
import { CookieJar } from 'tough-cookie'
import { type AuditEntry, createAuditLog, describeCall } from '#audit'
import { loadCatalog } from '#catalog'
import type { Database } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import type { IdentityMap } from './access-rules.ts'
import type { ProviderConfig } from './identity-provider.ts'
import {
  type Auth,
  createAuth,
  createPostgresApiKeyStore,
  createPostgresNetworkStore,
  createPostgresPeopleStore,
  createPostgresSigningKeyStore,
  createPostgresTokenStore,
  createPostgresUserStore,
  loadAccessRules,
  type TokenStore,
} from './index.ts'

type Options = {
  port: number
  database: Database
  /** Where the key file is. */
  folder: string
  provider: ProviderConfig
  tokens?: TokenStore
  identity?: Partial<IdentityMap>
  /** Failures of sign-in before an address has to wait. */
  signInFailures?: number
}

export type TestService = {
  origin: string
  server: HttpServer
  auth: Auth
  /** What sign-in wrote down, and what of each call. */
  audited: AuditEntry[]
  calls: AuditEntry[]
  logged: string[]
  close: () => Promise<void>
}

/** A service that does nothing but sign people in, with a page each for guests, people and administrators. */
export async function startTestService(options: Options): Promise<TestService> {
  const { port, database, folder, provider, tokens, identity, signInFailures = 10_000 } = options
  const origin = `http://127.0.0.1:${port}`
  const audited: AuditEntry[] = []
  const calls: AuditEntry[] = []
  const logged: string[] = []
  const log = createLogger({ level: 'debug', role: 'http', destination: { write: (line) => void logged.push(line) } })
  const catalog = loadCatalog('catalog', 'demo-odata')
  const rules = loadAccessRules('access/roles.yaml', catalog)
  const cipher = createFieldCipher(createFileKeyService(join(folder, 'key')))
  const trail = createAuditLog(database, log, cipher)
  const auth = createAuth({
    publicUrl: origin,
    provider,
    rules: { ...rules, identity: { ...rules.identity, ...identity } },
    catalog,
    tokens: tokens ?? createPostgresTokenStore(database),
    users: createPostgresUserStore(database),
    people: createPostgresPeopleStore(database, cipher),
    signingKeys: createPostgresSigningKeyStore(database),
    apiKeys: createPostgresApiKeyStore(database),
    networks: createPostgresNetworkStore(database),
    failureLimits: { signIn: { perAddress: signInFailures, overall: 10_000 } },
    cipher,
    audit: {
      ...trail,
      record: async (entry) => {
        audited.push(entry)
        await trail.record(entry)
      },
    },
    log,
  })
  const server = await createHttpServer({
    log,
    metrics: createMetrics(),
    publicUrl: origin,
    guard: auth.guard,
    onCall: async (call) => void calls.push(describeCall(call)),
    readiness: { sessions: auth.checkTokenStore },
    limits: { perAddress: 100_000 },
  })
  auth.registerRoutes(server)
  server.get('/api/v1/admin', { config: { access: 'sync' } }, async (request) => auth.actorOf(request))
  server.get('/chat', { config: { access: 'public' } }, async () => 'chat')
  server.get('/', { config: { access: 'public' } }, async () => 'home')
  await server.listen({ port, host: '127.0.0.1' })
  return { origin, server, auth, audited, calls, logged, close: () => server.close() }
}

type Visit = { form?: Record<string, string>; json?: unknown; headers?: Record<string, string>; until?: RegExp }

/** A browser without scripts: keeps cookies, follows redirects, unless it comes to an address that matches `until`. */
export function createBrowser(origin: string) {
  const jar = new CookieJar()
  const visit = async (address: string, { form, json, headers, until }: Visit = {}) => {
    let url = new URL(address, origin)
    let init: RequestInit = form ? { method: 'POST', body: new URLSearchParams(form) } : {}
    if (json) init = { method: 'POST', body: JSON.stringify(json) }
    const type: Record<string, string> = json ? { 'content-type': 'application/json', origin } : {}
    for (;;) {
      const cookie = await jar.getCookieString(url.href)
      const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie, ...type, ...headers } })
      for (const line of response.headers.getSetCookie()) await jar.setCookie(line, url.href)
      const location = response.headers.get('location')
      if (!location) return { url, status: response.status, text: await response.text(), headers: response.headers }
      url = new URL(location, url)
      if (until?.test(url.href)) return { url, status: response.status, text: '', headers: response.headers }
      init = {}
    }
  }
  /** At the demo provider's sign-in page. */
  const signIn = async (login: string, returnTo = '/chat', until?: RegExp) => {
    const page = await visit(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
    return await visit(page.url.href, { form: { login, password: 'hanbit' }, ...(until && { until }) })
  }
  const cookieOf = async (name: string) =>
    (await jar.getCookies(new URL('/auth/refresh', origin).href)).find((cookie) => cookie.key === name)
  return { jar, visit, signIn, cookieOf }
}

/** Status and code of a refusal. */
export const errorOf = (reply: { status: number; text: string }) => [reply.status, JSON.parse(reply.text).error?.code]
export const bodyOf = (reply: { text: string }) => JSON.parse(reply.text).body
