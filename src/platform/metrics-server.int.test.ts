import { get } from 'node:https'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createTestAuthority, hasOpenssl } from '../../test/support/test-certificates.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'

const log = createLogger({ level: 'silent', role: 'worker' })

test('names what does not work, and stays healthy', async () => {
  const readiness = { database: async () => undefined, queue: () => Promise.reject(new Error('away')) }
  await using server = await serveMetrics('127.0.0.1:0', { log, metrics: createMetrics(), readiness })
  const ready = await fetch(new URL('/readyz', server.url))
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'not ready', details: [{ field: 'queue', issue: 'failed' }] },
  ])
  expect((await fetch(new URL('/healthz', server.url))).status).toBe(200)
  expect((await fetch(new URL('/metrics', server.url), { method: 'POST', body: 'x' })).status).toBe(404)
})

test('lets in the networks told and nobody else, and none through a proxy', async () => {
  const deps = { log, metrics: createMetrics(), readiness: {} }
  await using far = await serveMetrics('127.0.0.1:0', { ...deps, from: ['10.0.0.0/8'] })
  for (const path of ['/metrics', '/healthz', '/readyz']) expect((await fetch(new URL(path, far.url))).status).toBe(403)
  await using near = await serveMetrics('127.0.0.1:0', deps)
  expect((await fetch(new URL('/metrics', near.url))).status).toBe(200)
  const headers = { forwarded: 'for=127.0.0.1' }
  expect((await fetch(new URL('/metrics', near.url), { headers })).status).toBe(403)
  // The port is taken.
  await expect(serveMetrics(new URL(near.url).host, deps)).rejects.toThrow('EADDRINUSE')
})

test.skipIf(!hasOpenssl)(
  'speaks TLS 1.3 only where others could listen, and not at all without a certificate',
  async () => {
    const authority = createTestAuthority()
    onTestFinished(() => authority.close())
    let identity = authority.issue('localhost')
    const listeners: ((one: typeof identity) => void)[] = []
    const https = {
      current: () => identity,
      onChange: (listener: (one: typeof identity) => void) => void listeners.push(listener),
    }
    const deps = { log, metrics: createMetrics(), readiness: {} }
    await expect(serveMetrics('0.0.0.0:0', deps)).rejects.toThrow('TLS')
    await using server = await serveMetrics('0.0.0.0:0', { ...deps, https })
    const port = Number(new URL(server.url).port)
    const statusOf = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          servername: 'localhost',
          port,
          path: '/healthz',
          ca: authority.ca,
          agent: false,
        }
        get(options, (response) => resolve(response.resume().statusCode)).on('error', reject)
      })
    expect(await statusOf()).toBe(200)
    const old = connect({ host: '127.0.0.1', servername: 'localhost', port, ca: authority.ca, maxVersion: 'TLSv1.2' })
    expect(
      await new Promise((resolve) => old.once('error', (error: { code?: string }) => resolve(error.code))),
    ).toMatch(/PROTOCOL_VERSION/)
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
    const another = createTestAuthority()
    onTestFinished(() => another.close())
    identity = another.issue('localhost')
    for (const listener of listeners) listener(identity)
    await expect(statusOf()).rejects.toThrow(/certificate/)
  },
)
