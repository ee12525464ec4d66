import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FetchSpec } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { demoCatalog, openDemoErp } from '../../erp/demo-erp-fixture.ts'
import { describeErpConnector } from '../../erp/erp-connector.contract.ts'
import { createCopyConnector } from './copy-connector.ts'
import { fillWith, readRecords } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'
import { entityTables } from './entity-table.ts'

const log = createLogger({ level: 'silent', role: 'test' })
const tables = entityTables(demoCatalog)
const asOf = '2026-11-23T02:00:00.000Z'
let ours: TestDatabase
let demo: Awaited<ReturnType<typeof openDemoErp>>

beforeAll(async () => {
  ours = await createTestDatabase()
  demo = await openDemoErp()
  const server = await demo.serve()
  const { connector } = demo.connect([server.url])
  const copy = createCopy({ database: ours.database, catalog: demoCatalog, log })
  await copy.prepare()
  for (const table of tables.values()) await fillWith(copy, table.entity, await readRecords(connector, table), asOf)
  await connector.close()
}, 180_000)
afterAll(async () => {
  await demo.close()
  await ours.drop()
})

const open = () => createCopyConnector({ database: ours.database, catalog: demoCatalog })

describeErpConnector(
  'the copy',
  async () => {
    const connector = open()
    return { connector, close: connector.close }
  },
  { source: 'copy' },
)

test('says how old it is', async () => {
  const spec: FetchSpec = {
    kind: 'records',
    entity: 'sales',
    filter: { is: 'every', of: [] },
    fields: ['date'],
    orderBy: [],
    maxRows: 1,
    limit: 1,
  }
  expect((await open().fetch(spec, new AbortController().signal)).asOf).toBe(asOf)
})
