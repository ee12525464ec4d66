import type { Row } from '#erp'
import { createLogger } from '#platform/log'
import { createTestDatabase } from '../../../test/support/test-database.ts'
import { createErp } from '../../erp/create-erp.ts'
import { demoCatalog, openDemoErp } from '../../erp/demo-erp-fixture.ts'
import { createCopyConnector } from './copy-connector.ts'
import { fillWith, readRecords } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'
import { entityTables } from './entity-table.ts'

const log = createLogger({ level: 'silent', role: 'test' })
export const demoDay = '2026-11-23'
const now = () => new Date(`${demoDay}T03:00:00Z`)

export type DemoSources = Awaited<ReturnType<typeof openDemoSources>>

/** The demo company's data in its ERP over OData, the same asked for records only, and in a copy that was read over OData. */
export async function openDemoSources() {
  const [ours, demo] = await Promise.all([createTestDatabase(), openDemoErp()])
  const server = await demo.serve()
  const grouping = demo.connect([server.url])
  const recordsOnly = demo.connect([server.url], { aggregate: 'none' })
  const copy = createCopy({ database: ours.database, catalog: demoCatalog, log })
  await copy.prepare()
  const tables = new Map<string, Row[]>()
  for (const table of entityTables(demoCatalog).values()) {
    const records = await readRecords(grouping.connector, table)
    tables.set(
      table.entity,
      records.map(({ row }) => row),
    )
    await fillWith(copy, table.entity, records, now().toISOString())
  }
  const connector = createCopyConnector({ database: ours.database, catalog: demoCatalog, now })
  const erps = {
    odata: grouping.erp,
    'odata, records only': recordsOnly.erp,
    copy: createErp({ connector, catalog: demoCatalog, log, now }),
  }
  return {
    catalog: demoCatalog,
    erps,
    /** Every record by entity, in the order of the ERP's keys. */
    tables,
    now,
    log,
    close: async () => {
      await Promise.all(Object.values(erps).map((erp) => erp.close()))
      await demo.close()
      await ours.drop()
    },
  }
}
