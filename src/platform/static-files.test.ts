import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpServer, type HttpServer } from '#platform/http-server'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { serveStaticFiles } from '#platform/static-files'

let folder: string
let server: HttpServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-pages-'))
  await mkdir(join(folder, 'dist/assets'), { recursive: true })
  await writeFile(join(folder, 'dist/index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(folder, 'dist/assets/app-abc123.js'), 'run()')
  await writeFile(join(folder, 'secret.txt'), 'hush')
  server = await createHttpServer({
    log: createLogger({ level: 'silent', role: 'http' }),
    metrics: createMetrics(),
    publicUrl: 'http://localhost:3000',
    guard: async () => undefined,
    onCall: async () => undefined,
    readiness: {},
    limits: { perAddress: 3 },
  })
  await serveStaticFiles(server, join(folder, 'dist'), 'http://localhost:3000')
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

test('files as they are, hashed ones kept; the page for every page address; none of them limited', async () => {
  const asset = await server.inject('/assets/app-abc123.js')
  expect(asset.body).toBe('run()')
  expect(asset.headers['content-type']).toMatch(/javascript/)
  expect(asset.headers['cache-control']).toContain('immutable')
  for (const address of ['/', '/?returnTo=x', '/c/0192', '/%zz']) {
    const page = await server.inject(address)
    expect([address, page.statusCode, page.headers['cache-control']]).toEqual([
      address,
      address === '/%zz' ? 400 : 200,
      page.statusCode === 200 ? 'no-cache' : undefined,
    ])
  }
  expect((await server.inject('/c/0192')).body).toContain('<title>page</title>')
})

test.each([
  '/missing.js',
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/.env',
  '/assets/..%5c..%5csecret.txt',
  '/%00.js',
])('%s is not found', async (address) => {
  const reply = await server.inject(address)
  expect(reply.body).not.toContain('hush')
  expect([reply.statusCode, reply.json().error.code]).toEqual([404, 'NOT_FOUND'])
})

test('another name of the same loopback address leads to the public one, where sign-in keeps its cookies', async () => {
  const at = (host: string, url = '/c/0192?a=1') => server.inject({ url, headers: { host } })
  expect((await at('127.0.0.1:3000')).headers.location).toBe('http://localhost:3000/c/0192?a=1')
  expect((await at('127.0.0.1:3000', '/%2F/evil')).headers.location).toBe('http://localhost:3000/%2F/evil')
  expect((await at('127.0.0.1:3000', '/assets/app-abc123.js')).statusCode).toBe(200)
  for (const host of ['localhost:3000', 'erp.example.com', 'localhost.evil.example'])
    expect((await at(host)).statusCode).toBe(200)
})

test('HEAD answers like GET, without the page', async () => {
  const reply = await server.inject({ method: 'HEAD', url: '/' })
  expect([reply.statusCode, reply.body]).toEqual([200, ''])
})

test('unknown API addresses are not pages, and count', async () => {
  const ask = async () => (await server.inject('/api/v1/nothing')).json().error.code
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'RATE_LIMITED',
  ])
})
