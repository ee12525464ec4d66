import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls, { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { watchCertificateFiles } from '#platform/certificate-files'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { requireTls13 } from '#platform/tls-version'
import { type Certificate, createTestAuthority, hasOpenssl } from '../../../test/support/test-certificates.ts'
import { connectUnderstanding } from './connect-understanding.ts'
import { answeredBy, answering, closeAll, closeLater, request } from './rpc-fixture.ts'
import { serveUnderstanding } from './serve-understanding.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const before = tls.DEFAULT_MIN_VERSION
let folder: string
let ours: ReturnType<typeof createTestAuthority>
let foreign: ReturnType<typeof createTestAuthority>
beforeAll(() => {
  requireTls13()
  folder = mkdtempSync(join(tmpdir(), 'erp-chatbot-mtls-'))
  if (!hasOpenssl) return
  ours = createTestAuthority()
  foreign = createTestAuthority()
})
afterEach(closeAll)
afterAll(() => {
  tls.DEFAULT_MIN_VERSION = before
  rmSync(folder, { recursive: true })
  ours?.close()
  foreign?.close()
})

/** Certificate files of one side, watched. */
function filesOf(name: string, identity: Certificate, ca: string) {
  const [certFile, keyFile, caFile] = ['cert', 'key', 'ca'].map((kind) => join(folder, `${name}.${kind}`)) as [
    string,
    string,
    string,
  ]
  const write = (next: Certificate) => {
    writeFileSync(certFile, next.cert)
    writeFileSync(keyFile, next.key)
  }
  write(identity)
  writeFileSync(caFile, ca)
  const files = watchCertificateFiles({ name, certFile, keyFile, caFile, log, metrics: createMetrics(), everyMs: 5 })
  return { ...closeLater(files), write }
}

async function serve(files: ReturnType<typeof filesOf>) {
  const deps = { understand: answering('a'), log, metrics: createMetrics(), modelVersion: () => 'test', tls: files }
  const { address } = closeLater(await serveUnderstanding('127.0.0.1:0', deps))
  return Number(address.split(':')[1])
}

const connect = (port: number, files?: ReturnType<typeof filesOf>) =>
  closeLater(connectUnderstanding([`localhost:${port}`], { log, metrics: createMetrics(), tls: files }))

const ask = async ({ understand }: ReturnType<typeof connect>) => answeredBy(await understand(request('매출')))

/** What a bare TLS client gets: the serial number of the server's certificate. A refusal of ours may come after the handshake. */
const shake = (port: number, options: ConnectionOptions) =>
  new Promise<string>((resolve, reject) => {
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: ours.ca,
      ALPNProtocols: ['h2'],
      ...options,
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
    socket.once('data', () => {
      resolve(socket.getPeerCertificate().serialNumber)
      socket.destroy()
    })
  })

describe.skipIf(!hasOpenssl)('understanding over mutual TLS', () => {
  test('answers who has a certificate of our authority, and nobody else', async () => {
    const port = await serve(filesOf('server', ours.issue('localhost'), ours.ca))
    const good = ours.issue('http')
    expect(await ask(connect(port, filesOf('good', good, ours.ca)))).toBe('a')
    const unavailable = { message: 'NLU_UNAVAILABLE' }
    await expect(ask(connect(port))).rejects.toMatchObject(unavailable)
    await expect(ask(connect(port, filesOf('foreign', foreign.issue('http'), ours.ca)))).rejects.toMatchObject(
      unavailable,
    )
    expect(await shake(port, good)).toMatch(/^[0-9A-F]+$/)
    await expect(shake(port, {})).rejects.toThrow()
    await expect(shake(port, { ...good, maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' })).rejects.toThrow(
      /protocol version/,
    )
  })

  test.each<[string, () => Certificate, () => string]>([
    ['a foreign authority', () => foreign.issue('localhost'), () => foreign.ca],
    ['another name', () => ours.issue('elsewhere.example.com'), () => ours.ca],
  ])('tells nothing to a server with a certificate of %s', async (_, identity, serverCa) => {
    const seen: string[] = []
    const server = filesOf('odd', identity(), serverCa())
    const deps = {
      understand: answering('odd', seen),
      log,
      metrics: createMetrics(),
      modelVersion: () => 'test',
      tls: server,
    }
    const { address } = closeLater(await serveUnderstanding('127.0.0.1:0', deps))
    const client = connect(Number(address.split(':')[1]), filesOf('client', ours.issue('http'), ours.ca))
    await expect(ask(client)).rejects.toMatchObject({ message: 'NLU_UNAVAILABLE' })
    expect(seen).toEqual([])
  })

  test('exchanges certificates of both sides while a stream stands', async () => {
    const server = filesOf('server', ours.issue('localhost'), ours.ca)
    const client = filesOf('client', ours.issue('http'), ours.ca)
    const port = await serve(server)
    const standing = connect(port, client)
    expect(await ask(standing)).toBe('a')
    const [own, old] = [ours.issue('bare'), await shake(port, ours.issue('bare'))]
    server.write(ours.issue('localhost'))
    client.write(ours.issue('http'))
    await expect.poll(() => shake(port, own)).not.toBe(old)
    expect(await ask(standing)).toBe('a')
    expect(await ask(connect(port, client))).toBe('a')
  })
})
