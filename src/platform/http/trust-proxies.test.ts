import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HttpServer } from '#platform/http-server'
import { createNetworkList } from '../networks.ts'
import { closeAll, start } from './server-fixture.ts'

const proxies = ['10.0.0.0/8', 'fd00::/8']
const trusted = createNetworkList(proxies)
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('10.0.0.1', '10.1.2.3', '::ffff:10.0.0.9', 'fd00::1', '127.0.0.1', '203.0.113.7'),
)
const noise = fc.constantFrom('unknown', 'evil', '', '10.0.0.1:80', "'; drop", '[::1]', '1.2.3')

let behind: HttpServer
let open: HttpServer

beforeAll(async () => {
  behind = (await start({ trustedProxies: proxies, limits: { perAddress: 1e6 } })).server
  open = (await start({ limits: { perAddress: 1e6 } })).server
  for (const server of [behind, open])
    server.get('/api/v1/from', { config: { access: 'public' } }, async ({ ip }) => ({ ip }))
})
afterAll(closeAll)

const ask = async (server: HttpServer, remoteAddress: string, forwarded: string[]) => {
  const headers = forwarded.length > 0 ? { 'x-forwarded-for': forwarded.join(', ') } : {}
  const reply = await server.inject({ url: '/api/v1/from', remoteAddress, headers })
  return { status: reply.statusCode, ip: reply.json().ip as string | undefined }
}

describe('X-Forwarded-For', () => {
  test('is nothing from someone who is no trusted proxy', async () => {
    await fc.assert(
      fc.asyncProperty(address, fc.array(fc.oneof(address, noise), { maxLength: 5 }), async (remote, forwarded) => {
        expect(await ask(open, remote, forwarded)).toEqual({ status: 200, ip: remote })
        if (!trusted.has(remote)) expect((await ask(behind, remote, forwarded)).ip).toBe(remote)
      }),
      { numRuns: 300 },
    )
  })

  test('from a trusted proxy it names the caller: the rightmost that is no trusted proxy', async () => {
    const proxy = fc.constantFrom('10.0.0.1', '10.200.0.1', 'fd00::2', '::ffff:10.0.0.3')
    const stranger = address.filter((one) => !trusted.has(one))
    await fc.assert(
      fc.asyncProperty(
        proxy,
        fc.array(fc.oneof(address, noise.filter(Boolean)), { maxLength: 4 }),
        stranger,
        fc.array(proxy, { maxLength: 3 }),
        async (remote, spoofed, caller, chain) => {
          expect(await ask(behind, remote, [...spoofed, caller, ...chain])).toEqual({ status: 200, ip: caller })
        },
      ),
      { numRuns: 300 },
    )
  })

  test('from a trusted proxy that passes on nonsense it is refused: nobody knows who calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(address, { maxLength: 3 }), noise.filter(Boolean), async (before, nonsense) => {
        expect((await ask(behind, '10.0.0.1', [...before, nonsense])).status).toBe(400)
      }),
    )
  })
})

describe('probes', () => {
  test.each([
    ['the proxy itself', '10.0.0.1', undefined, 200],
    ['somebody behind it', '10.0.0.1', '203.0.113.7', 403],
    ['somebody behind it who says to be the proxy', '10.0.0.1', '10.0.0.1, 203.0.113.7', 403],
    ['a stranger who says to be the proxy', '203.0.113.7', '10.0.0.1', 403],
    ['a monitor behind it', '10.0.0.1', '198.51.100.4', 200],
  ])('%s', async (_, remoteAddress, forwarded, status) => {
    const from = ['10.0.0.1', '198.51.100.0/24']
    const { server } = await start({ trustedProxies: ['10.0.0.1'], metricsFrom: from, healthFrom: from })
    const headers = forwarded ? { 'x-forwarded-for': forwarded } : {}
    for (const url of ['/metrics', '/healthz', '/readyz'])
      expect((await server.inject({ url, remoteAddress, headers })).statusCode).toBe(status)
  })
})
