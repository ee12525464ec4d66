import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CertificateFiles, watchCertificateFiles } from '#platform/certificate-files'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { type Certificate, createTestAuthority, hasOpenssl } from '../../test/support/test-certificates.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const testssl = '/usr/bin/testssl'
const hasTestssl = existsSync(testssl)
if (!hasTestssl) {
  if (process.env.CI) throw new Error('testssl is not installed')
  console.warn('testssl is not installed: what the TLS listener offers is not tested with it')
}

let folder: string
let authority: ReturnType<typeof createTestAuthority>
let metrics: ReturnType<typeof createMetrics>
const closing: (() => unknown)[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-tls-'))
  if (hasOpenssl) authority = createTestAuthority()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  authority?.close()
})

const paths = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') })
function write({ cert, key }: Certificate) {
  writeFileSync(paths().certFile, cert)
  writeFileSync(paths().keyFile, key)
}
function watch(everyMs = 5): CertificateFiles {
  metrics = createMetrics()
  const files = watchCertificateFiles({ name: 'http', ...paths(), log, metrics, everyMs })
  closing.push(() => files.close())
  return files
}

async function listen(
  https: CertificateFiles,
  publicUrl = 'https://localhost',
): Promise<{ server: HttpServer; port: number }> {
  const server = await createHttpServer({
    ...{ log, metrics: createMetrics(), publicUrl, https },
    guard: async () => undefined,
    onCall: async () => undefined,
    readiness: {},
  })
  server.get('/api/v1/hello', { config: { access: 'public' } }, async () => 'hello')
  server.post('/api/v1/hello', { config: { access: 'public' } }, async () => 'hello')
  await server.listen({ host: '127.0.0.1', port: 0 })
  closing.push(() => server.close())
  return { server, port: (server.server.address() as AddressInfo).port }
}

const shake = (port: number) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca }, () =>
      resolve(socket),
    )
    socket.on('error', reject)
    closing.push(() => socket.destroy())
  })
const serialOf = async (port: number) => (await shake(port)).getPeerCertificate().serialNumber

/** One request on a connection that stays open. */
const ask = (socket: TLSSocket) =>
  new Promise<string>((resolve) => {
    socket.once('data', (bytes) => resolve(bytes.toString()))
    socket.write('GET /api/v1/hello HTTP/1.1\r\nhost: localhost\r\n\r\n')
  })

describe.skipIf(!hasOpenssl)('a certificate', () => {
  test('is exchanged on the running listener, while connections stay', async () => {
    write(authority.issue('localhost'))
    const { port } = await listen(watch())
    const standing = await shake(port)
    const before = standing.getPeerCertificate().serialNumber
    expect(await ask(standing)).toContain('200 OK')
    write(authority.issue('localhost'))
    await expect.poll(() => serialOf(port)).not.toBe(before)
    expect(await ask(standing)).toContain('hello')
    // Also by SIGHUP, and still nothing older than 1.3.
    const next = await serialOf(port)
    write(authority.issue('localhost'))
    process.emit('SIGHUP')
    await expect.poll(() => serialOf(port)).not.toBe(next)
    const old = new Promise((resolve, reject) => {
      connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false }, () => resolve('1.2')).on(
        'error',
        reject,
      )
    })
    await expect(old).rejects.toThrow(/protocol version/)
  })

  test('that is half written, foreign, expired or gone leaves the old one in use', async () => {
    const good = authority.issue('localhost')
    const other = authority.issue('localhost')
    const spoil: [string, () => void][] = [
      ['cut', () => writeFileSync(paths().certFile, other.cert.slice(0, 100))],
      ['of another key', () => writeFileSync(paths().certFile, other.cert)],
      ['expired', () => write(authority.issue('localhost', { endsAt: '20210101000000Z' }))],
      ['gone', () => rmSync(paths().keyFile)],
    ]
    for (const [name, change] of spoil) {
      write(good)
      const files = watch(60_000)
      change()
      process.emit('SIGHUP')
      expect(files.current(), name).toMatchObject(good)
      expect(() => watch(), name).toThrow('CERTIFICATE_UNUSABLE')
    }
  })

  test('shows when it ends', async () => {
    write(authority.issue('localhost', { endsAt: '20991231235959Z' }))
    watch()
    const shown = await metrics.registry.getSingleMetricAsString('tls_certificate_expires_timestamp_seconds')
    expect(shown).toContain(`{certificate="http"} ${Date.parse('2099-12-31T23:59:59Z') / 1_000}`)
  })
})

describe.skipIf(!hasOpenssl)('a page over https', () => {
  test('says to come back over https only, and lets in nothing foreign', async () => {
    write(authority.issue('localhost'))
    const { port } = await listen(watch())
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      get({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca, path: '/api/v1/hello' }, (reply) =>
        resolve(reply.resume().headers),
      ).on('error', reject)
    })
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
      'upgrade-insecure-requests',
    ])
      expect(policy.split(';')).toContain(part)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    })
  })
})

describe.skipIf(!hasOpenssl)('a change sent with a cookie over https', () => {
  test.each([
    ['our own page', { origin: 'https://chat.example.com' }, 200],
    ['the same name without TLS', { origin: 'http://chat.example.com' }, 403],
    ['another port of it', { origin: 'https://chat.example.com:8443' }, 403],
    ['a neighbour', { origin: 'https://other.example.com' }, 403],
    ['nowhere', {}, 403],
  ])('comes from %s', async (_, headers, status) => {
    write(authority.issue('localhost'))
    const { server } = await listen(watch(), 'https://chat.example.com')
    const sent = { host: 'chat.example.com', cookie: '__Host-access=x', 'content-type': 'application/json', ...headers }
    const reply = await server.inject({ method: 'POST', url: '/api/v1/hello', headers: sent, payload: '{}' })
    expect(reply.statusCode).toBe(status)
  })
})

type Finding = { id: string; severity: string; finding: string }

describe.skipIf(!hasOpenssl || !hasTestssl)('testssl', () => {
  test('finds TLS 1.3 and nothing else, and no weakness', { timeout: 300_000 }, async () => {
    write(authority.issue('localhost'))
    const { port } = await listen(watch())
    const findings = await scan(port)
    const of = (id: string) => findings.find((one) => one.id === id)?.finding
    expect(of('TLS1_3')).toMatch(/^offered/)
    for (const version of ['SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2'])
      expect(of(version), version).toMatch(/^not offered/)
    const weak = findings.filter(({ id, severity }) => !/^(OK|INFO)$/.test(severity) && !isOfTheTest(id))
    expect(weak).toEqual([])
    // It looked for weaknesses at all.
    for (const id of ['heartbleed', 'CCS', 'ROBOT', 'POODLE_SSL', 'FREAK', 'BEAST', 'RC4', 'LUCKY13'])
      expect(of(id), id).toBeDefined()
  })
})

/** `testssl -p -U` as findings. */
async function scan(port: number): Promise<Finding[]> {
  const report = join(folder, 'report.json')
  const asked = ['-p', '-U', '--warnings', 'off', '--quiet', '--color', '0', '--ip', '127.0.0.1', '--jsonfile', report]
  const output = await new Promise<string>((resolve) => {
    execFile(testssl, [...asked, `localhost:${port}`], { timeout: 280_000, maxBuffer: 2 ** 24 }, (_, out) =>
      resolve(out),
    )
  })
  if (!existsSync(report)) throw new Error(output)
  return JSON.parse(readFileSync(report, 'utf8'))
}

/** What the scan says of the machine that it runs on. */
const isOfTheTest = (id: string) => /^(engine_problem|scanProblem|scanTime)$/.test(id)
