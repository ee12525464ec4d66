import { afterEach, expect, test, vi } from 'vitest'
import type { Catalog } from '#catalog'
import { createPostgresNameStore } from '#nlu'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog } from '../../erp/demo-erp-fixture.ts'
import { closeAll, start } from '../../platform/http/server-fixture.ts'
import { fillWith } from '../copy/copy-fixture.ts'
import { createCopy } from '../copy/create-copy.ts'
import { plainEvent } from './debezium-event-fixture.ts'
import { receiveChanges } from './index.ts'

const secret = 'a-secret-of-at-least-24-letters'
const log = createLogger({ level: 'silent', role: 'test' })
const fields = { name: 'name', bizNo: 'biz_no', ceo: 'ceo', phone: 'phone' }
const tables = { 'erp.vendors': [{ entity: 'vendor', key: ['vendor_id'], fields }] }
const catalog: Catalog = {
  ...demoCatalog,
  mapping: { ...demoCatalog.mapping, changes: { source: 'debezium', tables } },
}

afterEach(closeAll)

test('events that are sent are in the copy and among the names when they are answered, once', async () => {
  await using ours = await createTestDatabase()
  const { database } = ours
  const copy = createCopy({ database, catalog, log })
  await copy.prepare()
  await fillWith(copy, 'vendor', [], new Date().toISOString())
  const names = createPostgresNameStore(database)
  const metrics = createMetrics()
  const { server } = await start()
  const following = receiveChanges(server, { catalog, database, copy, records: undefined, names, metrics, log, secret })
  await vi.waitFor(() => expect(following?.status().state).toBe('following'))
  const stateOf = async () => (await copy.state()).find(({ entity }) => entity === 'vendor')
  const post = async (body: unknown) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/sync/changes',
      headers,
      payload: JSON.stringify(body),
    })
    return reply.statusCode
  }
  const vendor = (name: string, commit: number) =>
    plainEvent({ table: 'vendors', op: 'u', after: { vendor_id: 7, name, biz_no: null, ceo: 'c', phone: 'p' }, commit })
  expect(await post([vendor('한빛', 100), plainEvent({ table: 'elsewhere', after: { id: 1 } })])).toBe(200)
  expect((await names.read()).entries).toEqual([{ domain: 'vendor', name: '한빛' }])
  // A server never heard of: what it did before is not known.
  expect((await stateOf())?.distrusted?.reason).toMatch(/not followed until now/)
  await fillWith(
    copy,
    'vendor',
    [{ key: '7', row: { name: '한빛', bizNo: null, ceo: 'c', phone: 'p' } }],
    new Date().toISOString(),
  )
  expect(await post(vendor('새론', 200))).toBe(200)
  expect(await post(vendor('한빛', 100))).toBe(200)
  expect((await names.read()).entries).toEqual([{ domain: 'vendor', name: '새론' }])
  expect(await stateOf()).toMatchObject({ records: 1, isFilled: true })
  expect((await stateOf())?.distrusted).toBeUndefined()
  expect((await copy.readPosition('debezium:erp'))?.follows).toEqual(['vendor'])
  expect(await metrics.registry.getSingleMetricAsString('sync_changes_total')).toContain('outcome="unknown"} 1')
  await following?.close()
})

test('takes nothing in without a key, or for another source', async () => {
  const { server } = await start()
  const deps = {
    database: {},
    copy: {},
    records: undefined,
    names: {},
    metrics: createMetrics(),
    log,
  } as never as Omit<Parameters<typeof receiveChanges>[1], 'catalog' | 'secret'>
  expect(receiveChanges(server, { ...deps, catalog, secret: undefined })).toBeUndefined()
  expect(receiveChanges(server, { ...deps, catalog: demoCatalog, secret })).toBeUndefined()
  expect((await server.inject({ method: 'POST', url: '/api/v1/sync/changes', payload: {} })).statusCode).toBe(404)
})
