import { once } from 'node:events'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '#platform/errors'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestAuthority, hasOpenssl } from '../../../../test/support/test-certificates.ts'
import { demoCatalog } from '../../demo-erp-fixture.ts'
import type { RecordSpec } from '../../erp-connector.ts'
import { reasonOf } from '../../failure-reason.ts'
import { every } from '../../filter.ts'
import { createOdataConnector } from '../odata/odata-connector.ts'
import type { TlsFiles } from './tls-files.ts'

let authority: ReturnType<typeof createTestAuthority>
const closing: (() => void)[] = []
beforeAll(() => {
  if (hasOpenssl) authority = createTestAuthority()
})
afterAll(() => {
  for (const close of closing) close()
  authority?.close()
})

const log = createLogger({ level: 'silent', role: 'test' })
const records: RecordSpec = {
  ...{ kind: 'records', entity: 'item', filter: every([]), fields: ['code'], orderBy: [], maxRows: 9 },
}

/** An ERP over TLS on `localhost`. `seen` is what got as far as a request. */
async function serve(options: ServerOptions) {
  const seen: { protocol: string | null; client: string | undefined }[] = []
  const server = createServer(options, (request, response) => {
    const socket = request.socket as TLSSocket
    const client = socket.getPeerCertificate().subject?.CN
    seen.push({ protocol: socket.getProtocol(), client: Array.isArray(client) ? client[0] : client })
    response.setHeader('content-type', 'application/json')
    response.end('{"access_token":"token","value":[{"Code":"A"}]}')
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, seen }
}

async function ask(url: string, tls?: TlsFiles) {
  const config = { urls: [url], clientId: 'id', clientSecret: 'secret', apiKey: 'key' }
  const deps = { catalog: demoCatalog, log, metrics: createMetrics(), limits: { baseDelayMs: 1 } }
  const connector = createOdataConnector({ config, ...deps, ...(tls ? { tls } : {}) })
  try {
    return (await connector.fetch(records, new AbortController().signal)).rows
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `${error.spec.code}: ${reasonOf(error.cause)}`
  } finally {
    await connector.close()
  }
}

describe.skipIf(!hasOpenssl)('an ERP', () => {
  test('with a certificate of the company’s own authority is asked over TLS 1.3', async () => {
    const { url, seen } = await serve(authority.issue('localhost'))
    expect(await ask(url, { ca: authority.ca })).toEqual([{ code: 'A' }])
    expect(seen.map(({ protocol }) => protocol)).toEqual(['TLSv1.3', 'TLSv1.3'])
  })

  test.each<[string, string, () => ServerOptions, boolean]>([
    ['of an unknown authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', () => authority.issue('localhost'), false],
    ['signed by itself', 'DEPTH_ZERO_SELF_SIGNED_CERT', () => authority.issue('localhost', { selfSigned: true }), true],
    ['of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', () => authority.issue('other.example.com'), true],
    ['that has expired', 'CERT_HAS_EXPIRED', () => authority.issue('localhost', { endsAt: '20210101000000Z' }), true],
    [
      'and no more than TLS 1.2',
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      () => ({ ...authority.issue('localhost'), maxVersion: 'TLSv1.2' }),
      true,
    ],
  ])('with a certificate %s is told nothing: %s', async (_, code, options, isKnown) => {
    const { url, seen } = await serve(options())
    expect(await ask(url, isKnown ? { ca: authority.ca } : undefined)).toBe(
      `ERP_UNAVAILABLE: connection < connect < ${code}`,
    )
    expect(seen).toEqual([])
  })

  test('that wants to know us by a certificate does', async () => {
    const own = authority.issue('erp-chatbot')
    const mutual = { ca: authority.ca, requestCert: true, rejectUnauthorized: true }
    const { url, seen } = await serve({ ...authority.issue('localhost'), ...mutual })
    expect(await ask(url, { ca: authority.ca, ...own })).toEqual([{ code: 'A' }])
    expect(seen.at(-1)?.client).toBe('erp-chatbot')
    expect(await ask(url, { ca: authority.ca })).toMatch(/^ERP_UNAVAILABLE/)
  })
})
