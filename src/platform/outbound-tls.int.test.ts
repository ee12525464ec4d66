import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createKmsKeyService } from '#platform/encryption'
import { requireTls13 } from '#platform/tls-version'
import { chooseServerUser } from '../../demo/postgres/server-user.ts'
import { type PostgresServer, startPostgres } from '../../demo/postgres.ts'
import { startKmsSimulator } from '../../test/support/kms-simulator.ts'
import { createTestAuthority, hasOpenssl } from '../../test/support/test-certificates.ts'

const before = { version: tls.DEFAULT_MIN_VERSION, ca: tls.getCACertificates('default') }
let authority: ReturnType<typeof createTestAuthority>
let folder: string
beforeAll(() => {
  requireTls13()
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-outbound-'))
  chmodSync(folder, 0o755)
  if (!hasOpenssl) return
  authority = createTestAuthority()
  // As NODE_EXTRA_CA_CERTS does, which is read once at the start of a process.
  tls.setDefaultCACertificates([...before.ca, authority.ca])
})
afterAll(() => {
  tls.DEFAULT_MIN_VERSION = before.version
  tls.setDefaultCACertificates(before.ca)
  rmSync(folder, { recursive: true })
  authority?.close()
})

const peers: [string, () => ServerOptions, RegExp | undefined][] = [
  ['of the company’s authority', () => authority.issue('localhost'), undefined],
  ['signed by itself', () => authority.issue('localhost', { selfSigned: true }), /SELF_SIGNED/],
  ['of another host', () => authority.issue('other.example.com'), /ALTNAME_INVALID/],
  [
    'that speaks TLS 1.2 at most',
    () => ({ ...authority.issue('localhost'), maxVersion: 'TLSv1.2' }),
    /protocol version/,
  ],
]

/** The codes and messages of an error and of all that caused it. */
function codesOf(error: unknown): string {
  const codes: string[] = []
  for (let one = error; one instanceof Error; one = one.cause)
    codes.push('code' in one ? `${one.code}: ${one.message}` : one.message)
  return codes.join(' < ')
}

describe.skipIf(!hasOpenssl)('the identity provider, by the fetch of its client', () => {
  test.each(peers)('%s', async (_, options, refusal) => {
    const server: Server = createServer(options(), (request, response) =>
      response.end(String((request.socket as tls.TLSSocket).getProtocol())),
    )
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const asked = fetch(`https://localhost:${(server.address() as AddressInfo).port}`).then(
      (reply) => reply.text(),
      codesOf,
    )
    expect(await asked).toMatch(refusal ?? /^TLSv1.3$/)
    server.closeAllConnections()
    server.close()
  })
})

describe.skipIf(!hasOpenssl)('KMS at a private endpoint', () => {
  test.each(peers)('%s', async (_, options, refusal) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    const simulator = await startKmsSimulator(options())
    const keys = createKmsKeyService({ keyId: 'alias/erp-chatbot', region: 'ap-northeast-2', endpoint: simulator.url })
    const made = await keys.currentKeyId().catch(codesOf)
    expect(made).toMatch(refusal ?? /^[\da-f]{8}$/)
    expect(simulator.calls).toHaveLength(refusal ? 0 : 1)
    await simulator.close()
    vi.unstubAllEnvs()
  })
})

describe.skipIf(!hasOpenssl)('PostgreSQL with sslmode=verify-full', () => {
  let server: PostgresServer
  const start = async (name: string, options: { selfSigned?: boolean; host?: string; version?: string }) => {
    const { key, cert } = authority.issue(options.host ?? 'localhost', { selfSigned: options.selfSigned ?? false })
    const user = await chooseServerUser()
    const path = (kind: string) => join(folder, `${name}.${kind}`)
    writeFileSync(path('crt'), cert)
    writeFileSync(path('key'), key, { mode: 0o600 })
    if (user) chownSync(path('key'), user.uid, user.gid)
    const settings = {
      ssl: 'on',
      ssl_cert_file: path('crt'),
      ssl_key_file: path('key'),
      fsync: 'off',
      shared_buffers: '16MB',
    }
    const limited = options.version ? { ...settings, ssl_max_protocol_version: options.version } : settings
    server = await startPostgres({ dataDir: mkdtempSync(join(tmpdir(), 'erp-chatbot-pg-tls-')), settings: limited })
    return server.url('postgres').replace('127.0.0.1', 'localhost')
  }
  const ask = async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      const { rows } = await client.query('select version from pg_stat_ssl where pid = pg_backend_pid()')
      return String(rows[0]?.version)
    } catch (error) {
      return codesOf(error)
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  test.each([
    ['own', {}, /^TLSv1.3$/],
    ['self', { selfSigned: true }, /SELF_SIGNED/],
    ['other', { host: 'other.example.com' }, /ALTNAME_INVALID/],
    ['old', { version: 'TLSv1.2' }, /protocol version/],
  ] as const)('%s', async (name, options, expected) => {
    const url = await start(name, options)
    try {
      expect(await ask(`${url}?sslmode=verify-full`)).toMatch(expected)
      writeFileSync(join(folder, 'ca.pem'), authority.ca)
      expect(await ask(`${url}?sslmode=verify-full&sslrootcert=${join(folder, 'ca.pem')}`)).toMatch(expected)
    } finally {
      await server.stop()
    }
  })
})
