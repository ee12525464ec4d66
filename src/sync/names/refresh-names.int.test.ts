import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPostgresNameStore } from '#nlu'
import { createPostgresTurns } from '#platform/exclusive-work.postgres'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog, openDemoErp } from '../../erp/demo-erp-fixture.ts'
import { refreshNames } from './refresh-names.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const { signal } = new AbortController()
let ours: TestDatabase
let demo: Awaited<ReturnType<typeof openDemoErp>>

beforeAll(async () => {
  ours = await createTestDatabase()
  demo = await openDemoErp()
})
afterAll(async () => {
  await demo.close()
  await ours.drop()
})

test('the ERP’s names come over, once', async () => {
  const server = await demo.serve()
  const { erp } = demo.connect([server.url])
  const names = createPostgresNameStore(ours.database)
  const deps = { listGroups: erp.listGroups, catalog: demoCatalog, names, log }
  const first = await refreshNames(deps, signal)
  expect(first).toEqual({ changed: Object.keys(demoCatalog.domains), failed: [] })
  const { revision, entries } = await names.read()
  const customers = await demo.select('select distinct name from erp.customers')
  expect(new Set(entries.filter(({ domain }) => domain === 'customer').map(({ name }) => name))).toEqual(
    new Set(customers.map(({ name }) => name)),
  )
  const items = await demo.select('select name, item_code as code from erp.items order by 2')
  const kept = entries.filter(({ domain }) => domain === 'item').map(({ name, code }) => ({ name, code }))
  expect(kept.sort((a, b) => (String(a.code) < String(b.code) ? -1 : 1))).toEqual(items)

  expect(await refreshNames(deps, signal)).toEqual({ changed: [], failed: [] })
  expect(await names.readRevision()).toBe(revision)
  await demo.stop(server)
  expect((await refreshNames(deps, signal)).failed).toEqual(Object.keys(demoCatalog.domains))
  expect((await names.read()).entries).toEqual(entries)
  await erp.close()
})

test('one replica at a time has the turn', async () => {
  const [a, b] = [createPostgresTurns(ours.database, 42), createPostgresTurns(ours.database, 42)]
  const outcomes: boolean[] = []
  expect(
    await a(async () => {
      outcomes.push(await b(async () => undefined))
    }),
  ).toBe(true)
  expect(outcomes).toEqual([false])
  await expect(a(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await b(async () => undefined)).toBe(true)
})
