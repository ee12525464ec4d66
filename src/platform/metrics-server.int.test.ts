import { expect, test } from 'vitest'
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
