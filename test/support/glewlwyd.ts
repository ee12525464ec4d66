import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePort } from '../../demo/postgres/free-port.ts'

const schemaFile = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'

/** Whether the Debian package `glewlwyd` is there: an OpenID Connect provider that shares no code with ours or with the demo's. */
export const hasGlewlwyd = canRun()
if (!hasGlewlwyd) {
  if (process.env.CI) throw new Error('glewlwyd is not installed')
  console.warn('glewlwyd is not installed: signing in through a second provider is not tested')
}

type Person = { username: string; password: string; name: string; email: string; department: string; groups: string[] }
type Client = { clientId: string; clientSecret: string; origin: string }

export type Glewlwyd = {
  url: string
  issuer: string
  /** A browser's cookies after the person has signed in and agreed, as its own pages would have done it. */
  signIn(person: Pick<Person, 'username' | 'password'>): Promise<string>
  close(): Promise<void>
}

/** A Glewlwyd of the test's own with one program and one person, over its own REST API. */
export async function startGlewlwyd(client: Client, person: Person): Promise<Glewlwyd> {
  const folder = await mkdtemp(join(tmpdir(), 'erp-glewlwyd-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const database = new DatabaseSync(join(folder, 'glewlwyd.db'))
  database.exec(await readFile(schemaFile, 'utf8'))
  database.close()
  await writeFile(join(folder, 'glewlwyd.conf'), describeServer(folder, port, url))
  const server = spawn('glewlwyd', [`--config-file=${join(folder, 'glewlwyd.conf')}`], { stdio: 'ignore' })
  const call = async (method: string, path: string, cookie: string, body: unknown = {}) => {
    const headers = { 'content-type': 'application/json', cookie }
    const response = await fetch(`${url}/api${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.headers.getSetCookie().map((line) => line.split(';')[0])
  }
  const authenticate = async (username: string, password: string) =>
    (await call('POST', '/auth/', '', { username, password })).join('; ')
  await untilAnswering(url)
  const admin = await authenticate('admin', 'password')
  for (const [method, path, body] of describeSetUp(`${url}/api/oidc`, client, person))
    await call(method, path, admin, body)
  return {
    url,
    issuer: `${url}/api/oidc`,
    async signIn({ username, password }) {
      const cookie = await authenticate(username, password)
      await call('PUT', `/auth/grant/${client.clientId}`, cookie, { scope: 'openid' })
      return cookie
    },
    async close() {
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true })
    },
  }
}

function describeServer(folder: string, port: number, url: string): string {
  const modules = ['user', 'client', 'user_auth_scheme', 'plugin'].map((kind) => {
    return `${kind}_module_path="/usr/lib/glewlwyd/${kind.replace('user_auth_scheme', 'scheme')}"`
  })
  return [
    ...[`port=${port}`, 'bind_address="127.0.0.1"', `external_url="${url}"`, 'login_url="login.html"'],
    ...['api_prefix="api"', 'log_mode="file"', 'log_level="WARNING"', `log_file="${join(folder, 'log')}"`],
    ...['cookie_secure=0', 'session_key="GLEWLWYD2_SESSION_ID"', 'hash_algorithm="SHA512"'],
    ...['admin_scope="g_admin"', 'profile_scope="g_profile"', ...modules],
    `database = { type = "sqlite3"; path = "${join(folder, 'glewlwyd.db')}"; };`,
  ].join('\n')
}

type Call = [method: string, path: string, body: unknown]

function describeSetUp(issuer: string, { clientId, clientSecret, origin }: Client, person: Person): Call[] {
  const list = { multiple: true, read: true, write: true }
  const text = { ...list, multiple: false }
  const module = (format: object) => {
    const parameters = { 'use-glewlwyd-connection': true, 'data-format': format }
    return { module: 'database', name: 'database', display_name: 'Database', order_rank: 0, parameters }
  }
  const clientFormat = {
    ...{ redirect_uri: list, authorization_type: list, post_logout_redirect_uris: list },
    ...{ client_secret: text, token_endpoint_auth_method: list },
  }
  const client = {
    ...{ client_id: clientId, name: 'Chatbot', client_secret: clientSecret, confidential: true, enabled: true },
    ...{ redirect_uri: [`${origin}/auth/callback`], post_logout_redirect_uris: [`${origin}/`] },
    ...{ authorization_type: ['code'], scope: ['openid'], token_endpoint_auth_method: ['client_secret_post'] },
  }
  return [
    ['PUT', '/mod/user/database', module({ department: text, groups: list })],
    ['PUT', '/mod/client/database', module(clientFormat)],
    ['PUT', '/mod/reload/', {}],
    ['POST', '/mod/plugin/', describeOidc(issuer)],
    ['POST', '/user/', { ...person, enabled: true, scope: ['openid'] }],
    ['POST', '/client/', client],
  ]
}

function describeOidc(issuer: string) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claim = (name: string) => ({ name, 'user-property': name, type: 'string', mandatory: true })
  const parameters = {
    ...{ iss: issuer, 'oauth-as-iss-id': true, 'jwt-type': 'rsa', 'jwt-key-size': '256', 'jwks-show': true },
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: publicKey.export({ type: 'spki', format: 'pem' }),
    ...{ 'access-token-duration': 3_600, 'refresh-token-duration': 3_600, 'code-duration': 60 },
    ...{ 'refresh-token-rolling': false, 'auth-type-code-enabled': true, 'subject-type': 'public' },
    ...{ 'pkce-allowed': true, 'pkce-required': true, 'allowed-scope': ['openid'] },
    ...{ 'name-claim': 'mandatory', 'email-claim': 'mandatory', claims: [claim('department'), claim('groups')] },
    ...{ 'session-management-allowed': true, 'session-cookie-name': 'OIDC_SID', 'session-cookie-expiration': 86_400 },
  }
  return { module: 'oidc', name: 'oidc', display_name: 'OpenID Connect', order_rank: 0, parameters }
}

async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await fetch(`${url}/config`).catch(() => undefined)) return
    await wait(50)
  }
  throw new Error('glewlwyd does not answer')
}

function canRun(): boolean {
  try {
    execFileSync('glewlwyd', ['--version'], { stdio: 'pipe' })
    return existsSync(schemaFile)
  } catch {
    return false
  }
}
