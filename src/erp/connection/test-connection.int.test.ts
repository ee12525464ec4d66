import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Catalog } from '#catalog'
import { createLogger } from '#platform/log'
import { testCertificate } from '../../platform/http/certificate-fixture.ts'
import { catalog as frappeCatalog, openFrappe } from '../connectors/frappe/open-frappe-fixture.ts'
import { odooCatalog, openOffice } from '../connectors/odoo/odoo-office-fixture.ts'
import { createConnectionTest } from '../create-connection-test.ts'
import { demoCatalog, openDemoErp } from '../demo-erp-fixture.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()
const access = { clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }
let demo: Awaited<ReturnType<typeof openDemoErp>>
let url: string
let secure: Server
let secureUrl: string

beforeAll(async () => {
  demo = await openDemoErp()
  url = (await demo.serve()).url
  secure = createServer(testCertificate, (_, response) => response.end('{}'))
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`
})
afterAll(async () => {
  secure.close()
  await demo.close()
})

type Options = Partial<Omit<Parameters<typeof createConnectionTest>[0], 'access'>> & {
  access?: object
  urls?: string[]
}

async function run({ access: other = {}, urls = [url], ...deps }: Options = {}) {
  const testing = createConnectionTest({ access: { ...access, ...other, urls }, catalog: demoCatalog, log, ...deps })
  const report = await testing(signal)
  return { ...report, wrong: report.steps.filter(({ ok }) => !ok) }
}
const steps = ({ steps: all }: Awaited<ReturnType<typeof run>>) =>
  all.map(({ server, step, code }) => [server, step, code])

function remap(entity: string, change: object): Catalog {
  const { mapping } = demoCatalog
  const entities = { ...mapping.entities, [entity]: { ...mapping.entities[entity], ...change } }
  return { ...demoCatalog, mapping: { ...mapping, entities } as Catalog['mapping'] }
}

test('a good connection is good at every step, at every server', async () => {
  const second = await demo.serve()
  const report = await run({ urls: [url, second.url] })
  expect(report.wrong).toEqual([])
  expect(report.ok).toBe(true)
  expect(steps(report).slice(0, 6)).toEqual([
    ['primary', 'address', 'ERP_ADDRESS_OK'],
    ['primary', 'tls', 'ERP_TLS_NONE'],
    ['primary', 'clock', 'ERP_CLOCK_OK'],
    ['primary', 'sign-in', 'ERP_TOKEN_OK'],
    ['primary', 'access', 'ERP_ACCESS_OK'],
    ['primary', 'entity', 'ERP_ENTITY_OK'],
  ])
  const read = report.steps.filter(({ step }) => step === 'entity')
  expect(read).toHaveLength(2 * Object.keys(demoCatalog.mapping.entities).length)
  expect(read.at(-1)?.server).toBe('standby')
  expect(report.tookMs).toBeGreaterThan(0)
})

test.each([
  ['a wrong secret', { clientSecret: 'not-this-one' }, 'sign-in', 'ERP_TOKEN_REFUSED'],
  ['a wrong key', { apiKey: 'not-this-one' }, 'access', 'ERP_ACCESS_REFUSED'],
  ['a wrong token path', { tokenPath: '/nothing' }, 'sign-in', 'ERP_TOKEN_FAILED'],
])('%s is named, and nothing after it is tried', async (_, other, step, code) => {
  const report = await run({ access: other })
  expect(report.steps.at(-1)).toMatchObject({ step, code, ok: false })
  expect(report.wrong).toHaveLength(1)
  expect(JSON.stringify(report)).not.toMatch(/not-this-one|"secret"/)
})

test('a closed port and an unknown host', async () => {
  const server = await demo.serve()
  await demo.stop(server)
  expect(steps(await run({ urls: [server.url] }))).toEqual([['primary', 'address', 'ERP_PORT_CLOSED']])
  expect(steps(await run({ urls: ['https://erp.invalid'] }))).toEqual([['primary', 'address', 'ERP_HOST_UNKNOWN']])
})

test('certificates: self-signed, of another name, of our own authority', async () => {
  const codes = async (options: Options) => steps(await run(options)).filter(([, step]) => step === 'tls')
  expect(await codes({ urls: [secureUrl] })).toEqual([['primary', 'tls', 'ERP_CERTIFICATE_UNTRUSTED']])
  const tls = { ca: testCertificate.cert }
  expect(await codes({ urls: [secureUrl], tls })).toEqual([['primary', 'tls', 'ERP_TLS_OK']])
  const report = await run({ urls: [secureUrl.replace('127.0.0.1', '127.0.0.2')], tls })
  // Linux answers on all of 127.0.0.0/8 only where the server listens there, too.
  expect(['ERP_CERTIFICATE_NAME', 'ERP_PORT_CLOSED']).toContain(report.steps.at(-1)?.code)
  expect(await codes({ urls: [url.replace('http:', 'https:')] })).toEqual([['primary', 'tls', 'ERP_TLS_FAILED']])
})

test('an ERP that speaks TLS 1.2 at most', async () => {
  const server = createSecureServer({ ...testCertificate, maxVersion: 'TLSv1.2' }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const old = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const report = await run({ urls: [old], tls: { ca: testCertificate.cert } })
  expect(report.steps.at(-1)).toMatchObject({ ok: false, code: 'ERP_TLS_TOO_OLD' })
  server.close()
})

test('a set that is missing, a field that was renamed', async () => {
  const missing = await run({ catalog: remap('vendor', { set: 'Suppliers' }) })
  expect(missing.wrong).toMatchObject([{ step: 'entity', entity: 'vendor', code: 'ERP_SET_MISSING' }])
  expect(missing.wrong[0]?.ko).toContain('Suppliers')
  const { fields } = demoCatalog.mapping.entities.sales!
  const renamed = await run({
    catalog: remap('sales', { fields: { ...fields, amount: 'NetAmount', profit: 'Margin' } }),
  })
  expect(renamed.wrong).toMatchObject([
    { step: 'entity', entity: 'sales', code: 'ERP_FIELD_MISSING', fields: ['NetAmount', 'Margin'] },
  ])
  expect(renamed.wrong[0]?.en).toContain('NetAmount, Margin')
})

test('a clock that is two hours off', async () => {
  const now = () => new Date(Date.now() + 2 * 60 * 60_000)
  const report = await run({ now })
  expect(report.wrong).toMatchObject([{ step: 'clock', code: 'ERP_CLOCK_SKEW' }])
  expect(report.wrong[0]?.ko).toMatch(/(7199|7200|7201)초/)
})

test('Frappe: a good connection, a wrong key, a field that is not there', async () => {
  const { simulator, close } = await openFrappe('16.0.0')
  const { apiKey, apiSecret } = { apiKey: 'key', apiSecret: 'secret' }
  const good = await run({ urls: [simulator.url], access: { apiKey, apiSecret }, catalog: frappeCatalog })
  expect(good.wrong).toEqual([])
  expect(good.steps.some(({ step }) => step === 'sign-in')).toBe(false)
  const wrong = await run({ urls: [simulator.url], access: { apiKey, apiSecret: 'x' }, catalog: frappeCatalog })
  expect(wrong.steps.at(-1)?.code).toBe('ERP_ACCESS_REFUSED')
  await close()
})

test('Odoo: a good connection, a wrong key', async () => {
  const { simulator, close } = await openOffice()
  const urls = [simulator.url]
  const own = { clientId: undefined, clientSecret: undefined }
  const good = await run({ urls, access: { ...own, apiKey: 'key' }, catalog: odooCatalog })
  expect(good.wrong).toEqual([])
  const wrong = await run({ urls, access: { ...own, apiKey: 'x' }, catalog: odooCatalog })
  expect(wrong.steps.at(-1)?.code).toBe('ERP_ACCESS_REFUSED')
  await close()
})
