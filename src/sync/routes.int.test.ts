import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { AuditEntry } from '#audit'
import { envelopeOf } from '#platform/envelope'
import { type ApiCall, createHttpServer, type HttpServer } from '#platform/http-server'
import { createMetrics } from '#platform/metrics'
import { loadAccessRules } from '../auth/access-rules.ts'
import type { Actor } from '../auth/actor.ts'
import type { KeyAuthenticator } from '../auth/api-keys/authenticate-key.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import { createRequestGuard } from '../auth/guard.ts'
import { createConnectionTest } from '../erp/create-connection-test.ts'
import { demoCatalog } from '../erp/demo-erp-fixture.ts'
import { connectionReportSchema, connectionSchema, runListSchema, runSchema, syncStatusSchema } from './api.ts'
import { log, openFullSync } from './full/full-sync-fixture.ts'
import { registerSyncAdmin, startFullSync, startSourceReports } from './index.ts'

const rules = loadAccessRules(join(import.meta.dirname, '../../access/roles.yaml'), demoCatalog)
const schedule = { cron: '0 2 * * *', timeZone: 'Asia/Seoul' }
const roles: Record<string, Actor['roles']> = {
  hyerim: ['employee', 'admin'],
  minsu: ['employee', 'sales', 'executive'],
}
const calls: ApiCall[] = []
const acts: AuditEntry[] = []
let isAuditAway = false
let sync: Awaited<ReturnType<typeof openFullSync>>
let server: HttpServer
let connection: ReturnType<Awaited<ReturnType<typeof openFullSync>>['demo']['connect']>

beforeAll(async () => {
  sync = await openFullSync({ pageSize: 2_000 })
  connection = sync.demo.connect([sync.server.url], { limits: { baseDelayMs: 1 } })
  const authenticator = {
    authenticate: async (name: string) => ({ actor: { userId: name, name, roles: roles[name] ?? [] }, language: 'ko' }),
  } as unknown as Authenticator
  const keys = {} as KeyAuthenticator
  const networks = { current: async () => ({ allows: () => true }), forget: () => undefined }
  const { permissions } = rules
  const guard = createRequestGuard({ authenticator, keys, networks, cookieName: 'access', permissions })
  server = await createHttpServer({
    log,
    metrics: createMetrics(),
    publicUrl: 'http://localhost',
    guard: guard.guard,
    onCall: async (call) => void calls.push(call),
    readiness: {},
    limits: { perActor: 100_000, perAddress: 100_000 },
  })
  const access = { urls: [sync.server.url], clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }
  registerSyncAdmin(server, {
    erp: connection.erp,
    testConnection: createConnectionTest({ access, catalog: demoCatalog, log }),
    audit: {
      recordWith: async (_, entry) => {
        if (isAuditAway) throw new Error('AUDIT_UNAVAILABLE')
        acts.push(entry)
      },
    },
    actorOf: guard.actorOf,
    copy: sync.copy,
    catalog: demoCatalog,
    database: sync.ours.database,
    schedule,
  })
})
beforeEach(() => {
  calls.length = 0
  acts.length = 0
})
afterAll(async () => {
  await server.close()
  await connection.erp.close()
  await sync.close()
})

async function call(method: 'GET' | 'POST', url: string, { as = 'hyerim', body }: { as?: string; body?: object } = {}) {
  const headers = { authorization: `Bearer ${as}`, ...(body && { 'content-type': 'application/json' }) }
  const reply = await server.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) })
  return { status: reply.statusCode, body: reply.json().body, code: reply.json().error?.code, text: reply.body, reply }
}

/** A worker that does what is asked for. */
function startWorker() {
  const { deps, ours } = sync
  return startFullSync({
    ...{ records: deps.records, copy: deps.copy, catalog: demoCatalog, database: ours.database, log, schedule },
    ...{ pace: deps.pace, onEnd: () => undefined, everyMs: 5 },
  })
}

async function waitFor<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await read()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const routes: ['GET' | 'POST', string][] = [
  ['GET', '/api/v1/sync/status'],
  ['GET', '/api/v1/sync/runs'],
  ['POST', '/api/v1/sync/runs'],
  ['GET', `/api/v1/sync/runs/${randomUUID()}`],
  ['POST', `/api/v1/sync/runs/${randomUUID()}/cancel`],
  ['GET', '/api/v1/erp/connection'],
  ['POST', '/api/v1/erp/connection/test'],
]

test.each(routes)('%s %s is for managers only, and recorded', async (method, url) => {
  const { status, code } = await call(method, url, { as: 'minsu', ...(method === 'POST' && { body: {} }) })
  expect([status, code]).toEqual([403, 'FORBIDDEN'])
  expect(calls).toMatchObject([{ method, actorId: 'minsu', status: 403, errorCode: 'FORBIDDEN' }])
  expect((await server.inject({ method, url })).statusCode).toBe(401)
})

test('a run that cannot be put on record is not started', async () => {
  isAuditAway = true
  expect((await call('POST', '/api/v1/sync/runs', { body: {} })).status).toBe(500)
  isAuditAway = false
  expect((await call('GET', '/api/v1/sync/status')).body.activeRun).toBeUndefined()
})

test('a run is asked for, seen on its way, reported, and refused twice', async () => {
  const asked = await call('POST', '/api/v1/sync/runs', { body: { entities: ['item', 'customer'] } })
  expect(asked.status).toBe(202)
  expect(envelopeOf(runSchema).safeParse(asked.reply.json()).error).toBeUndefined()
  expect(asked.body).toMatchObject({ state: 'requested', trigger: 'manual', requestedBy: 'hyerim', isWhole: false })
  expect(asked.body.entities.map(({ entity }: { entity: string }) => entity)).toEqual(['customer', 'item'])
  expect(calls).toMatchObject([{ method: 'POST', route: '/api/v1/sync/runs', actorId: 'hyerim', status: 202 }])
  const details = { entities: ['item', 'customer'], force: false }
  expect(acts).toMatchObject([{ actorId: 'hyerim', action: 'sync.run', outcome: 'ok', details }])
  const twice = await call('POST', '/api/v1/sync/runs', { body: {} })
  expect([twice.status, twice.code]).toEqual([409, 'SYNC_RUNNING'])
  const { body: waiting } = await call('GET', '/api/v1/sync/status')
  expect(waiting).toMatchObject({ activeRun: { run: asked.body.run, state: 'requested' } })

  await using _ = startWorker()
  const done = await waitFor(async () => {
    const { body } = await call('GET', `/api/v1/sync/runs/${asked.body.run}`)
    return body.finishedAt ? body : undefined
  })
  expect(done.state).toBe('finished')
  for (const one of done.entities) expect(one).toMatchObject({ state: 'finished', added: one.read, removed: 0 })
  const over = await call('POST', `/api/v1/sync/runs/${asked.body.run}/cancel`)
  expect([over.status, over.code]).toEqual([409, 'SYNC_RUN_OVER'])
})

test('what has no copy is filled at once, and the status tells', async () => {
  await using _ = startWorker()
  const status = await waitFor(async () => {
    const reply = await call('GET', '/api/v1/sync/status')
    expect(envelopeOf(syncStatusSchema).safeParse(reply.reply.json()).error).toBeUndefined()
    const { entities } = reply.body
    return entities.every(({ isFilled }: { isFilled: boolean }) => isFilled) ? reply.body : undefined
  })
  const { entity, label, records, asOf } = status.entities.find((one: { entity: string }) => one.entity === 'vendor')
  expect({ entity, label, records }).toEqual({
    entity: 'vendor',
    label: demoCatalog.entities.vendor?.label,
    records: 15,
  })
  expect(Date.parse(asOf)).toBeGreaterThan(0)
  expect(new Date(status.nextRunAt).toISOString()).toMatch(/T17:00:00.000Z$/)
  const { reply, body } = await call('GET', '/api/v1/sync/runs?limit=1')
  expect(envelopeOf(runListSchema).safeParse(reply.json()).error).toBeUndefined()
  expect(body.runs).toHaveLength(1)
  expect(body.runs[0]).toMatchObject({ trigger: 'needed' })
}, 60_000)

test('a distrusted entity is synced at once', async () => {
  await sync.copy.distrust(['vendor'], 'the replication slot was lost')
  const { body } = await call('GET', '/api/v1/sync/status')
  const vendor = body.entities.find((one: { entity: string }) => one.entity === 'vendor')
  expect(vendor.distrusted).toMatchObject({ reason: 'the replication slot was lost' })
  await using _ = startWorker()
  const run = await waitFor(async () => {
    const [newest] = (await call('GET', '/api/v1/sync/runs?limit=1')).body.runs
    return newest.finishedAt && newest.entities.length === 1 ? newest : undefined
  })
  expect(run).toMatchObject({ trigger: 'needed', isWhole: false, entities: [{ entity: 'vendor', state: 'finished' }] })
  expect((await sync.copy.state()).find(({ entity }) => entity === 'vendor')?.distrusted).toBeUndefined()
})

test('a run that is under way is cancelled', async () => {
  const { deps, ours } = sync
  await using _ = startFullSync({
    ...{ records: deps.records, copy: deps.copy, catalog: demoCatalog, database: ours.database, log, schedule },
    ...{ pace: { ...deps.pace, pauseMs: 50 }, onEnd: () => undefined, everyMs: 5 },
  })
  const { body: asked } = await call('POST', '/api/v1/sync/runs', { body: { entities: ['sales'] } })
  const url = `/api/v1/sync/runs/${asked.run}`
  await waitFor(async () => ((await call('GET', url)).body.entities[0].pages > 1 ? true : undefined))
  expect((await call('POST', `${url}/cancel`)).body.state).toBe('cancelling')
  const done = await waitFor(async () => {
    const { body } = await call('GET', url)
    return body.finishedAt ? body : undefined
  })
  expect(done).toMatchObject({ state: 'cancelled', entities: [{ state: 'cancelled' }] })
})

test('differences tell where, and not what: managing the system is no right to the data', async () => {
  await sync.demo.select(
    `update erp.vendors set ceo = '홍비밀' where vendor_id = (select min(vendor_id) from erp.vendors)`,
  )
  const run = await sync.sync(['vendor'])
  const { body, text } = await call('GET', `/api/v1/sync/runs/${run.run}`)
  expect(body.entities[0].differences).toEqual([{ key: expect.any(String), kind: 'field', field: 'ceo' }])
  expect(text).not.toContain('홍비밀')
})

test('nonsense is refused', async () => {
  const codes = async (url: string, body: object) => (await call('POST', url, { body })).code
  expect(await codes('/api/v1/sync/runs', { entities: ['nothing'] })).toBe('SYNC_ENTITY_UNKNOWN')
  expect(await codes('/api/v1/sync/runs', { entities: [] })).toBe('BAD_REQUEST')
  expect((await call('GET', `/api/v1/sync/runs/${randomUUID()}`)).code).toBe('SYNC_RUN_NOT_FOUND')
  expect((await call('POST', `/api/v1/sync/runs/${randomUUID()}/cancel`)).code).toBe('SYNC_RUN_NOT_FOUND')
})

test('a source of changes is seen from another process, and unknown once it falls silent', async () => {
  const said = { source: 'postgres:office', state: 'following', lagSeconds: 0.2, problems: ['the slot grows'] }
  const reports = startSourceReports({ database: sync.ours.database, status: () => said, log, everyMs: 5 })
  const [source] = await waitFor(async () => {
    const { sources } = (await call('GET', '/api/v1/sync/status')).body
    return sources.some((one: { source: string }) => one.source === said.source) ? sources : undefined
  })
  expect(source).toMatchObject(said)
  await reports.close()
})

test('the connection: its servers, what went wrong last, and a test', async () => {
  const { reply, body } = await call('GET', '/api/v1/erp/connection')
  expect(envelopeOf(connectionSchema).safeParse(reply.json()).error).toBeUndefined()
  expect(body).toMatchObject({ state: 'live', servers: [{ name: 'primary', breaker: 'closed' }] })
  const tested = await call('POST', '/api/v1/erp/connection/test')
  expect(tested.status).toBe(200)
  expect(envelopeOf(connectionReportSchema).safeParse(tested.reply.json()).error).toBeUndefined()
  expect(tested.body.ok).toBe(true)
  const [first, second] = await Promise.all([1, 2].map(() => call('POST', '/api/v1/erp/connection/test')))
  expect([first?.status, second?.status].sort()).toEqual([200, 409])
})

test('the API document names every route with its shapes', async () => {
  const { paths } = (await server.inject('/openapi.json')).json()
  for (const [method, url] of routes) {
    const path = url.replace(/[0-9a-f-]{36}/, '{run}')
    expect(Object.keys(paths[path][method.toLowerCase()].responses)).toEqual(expect.arrayContaining(['401', '403']))
  }
})
