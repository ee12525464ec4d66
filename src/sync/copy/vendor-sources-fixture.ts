import { type Catalog, heldEntity, isHeld, loadCatalog } from '#catalog'
import type { ErpConnector, Row } from '#erp'
import type { Database } from '#platform/database'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { docTypes } from '../../erp/connectors/frappe/erpnext-data-fixture.ts'
import { createFrappeConnector } from '../../erp/connectors/frappe/frappe-connector.ts'
import { simulatorAccess, startFrappeSimulator } from '../../erp/connectors/frappe/frappe-simulator-fixture.ts'
import { documentsOf } from '../../erp/connectors/frappe/load-rows-fixture.ts'
import { createMappedValues } from '../../erp/connectors/mapped-values.ts'
import { modelsOf } from '../../erp/connectors/odoo/load-rows-fixture.ts'
import { createOdooConnector } from '../../erp/connectors/odoo/odoo-connector.ts'
import { serveOdoo } from '../../erp/connectors/odoo/odoo-simulator-fixture.ts'
import { createErp } from '../../erp/create-erp.ts'
import { createMemoryConnector } from '../../erp/memory-connector-fixture.ts'
import { createCopyConnector } from './copy-connector.ts'
import { fillWith, readRecords } from './copy-fixture.ts'
import { createCopy } from './create-copy.ts'
import { entityTables } from './entity-table.ts'

const log = createLogger({ level: 'silent', role: 'test' })
type Tables = ReadonlyMap<string, Row[]>
type Served = { connector: ErpConnector; close: () => Promise<void> }
type Serve = (catalog: Catalog, tables: Tables, now: () => Date) => Promise<Served>

/** Simulators of other vendors' servers, by the mapping that is for them. */
const vendors: Record<string, { mapping: string; serve: Serve }> = {
  'ERPNext 15': { mapping: 'erpnext', serve: serveFrappe('15.121.3') },
  'ERPNext 16': { mapping: 'erpnext', serve: serveFrappe('16.36.1') },
  'Odoo 19': { mapping: 'odoo', serve: serveOdooOver },
}
export const vendorNames = Object.keys(vendors)

/** `createDatabase` gives a migrated database of its own. */
type Office = {
  tables: Tables
  now: () => Date
  createDatabase: () => Promise<{ database: Database; drop: () => Promise<void> }>
}

/**
 * A part of the demo company's data, as far as the vendor's mapping holds it, in the vendor's simulator, in a copy read from it,
 * and in memory.
 */
export async function openVendor(name: string, { tables: all, now, createDatabase }: Office) {
  const vendor = vendors[name]
  if (!vendor) throw new Error(`no vendor '${name}'`)
  const catalog = loadCatalog('catalog', vendor.mapping)
  const tables = partOf(catalog, all)
  const [served, ours] = await Promise.all([vendor.serve(catalog, tables, now), createDatabase()])
  const copy = createCopy({ database: ours.database, catalog, log })
  await copy.prepare()
  for (const table of entityTables(catalog).values())
    await fillWith(copy, table.entity, await readRecords(served.connector, table), now().toISOString())
  const open = (connector: ErpConnector) => createErp({ connector, catalog, log, now })
  const memory = createMemoryConnector({ tables: Object.fromEntries(tables) })
  return {
    catalog,
    erps: {
      [name]: open(served.connector),
      [`a copy of ${name}`]: open(createCopyConnector({ database: ours.database, catalog, now })),
    },
    /** The same data in memory, which the others are held against. */
    expected: open(memory),
    close: async () => {
      await served.connector.close()
      await served.close()
      await ours.drop()
    },
  }
}

/** Every tenth paper with lines, and of codes only those that the vendor has a word for. */
function partOf(catalog: Catalog, all: Tables): Tables {
  const papers: Record<string, string> = { sales: 'invoiceNo', salesOrder: 'orderNo', purchaseOrder: 'orderNo' }
  const held = Object.values(catalog.entities).filter(({ entity }) => isHeld(catalog, entity))
  return new Map(
    held.map((one) => {
      const { entity, dimensions, measures } = heldEntity(catalog, one)
      const words = Object.entries(catalog.mapping.entities[entity]?.values ?? {})
      const no = papers[entity]
      const rows = (all.get(entity) ?? [])
        .filter((row) => no === undefined || String(row[no]).endsWith('7'))
        .filter((row) => words.every(([field, codes]) => Object.values(codes).includes(String(row[field]))))
      const fields = [...Object.keys(dimensions), ...Object.keys(measures)]
      return [entity, rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])))]
    }),
  )
}

function serveFrappe(version: string): Serve {
  return async (catalog, tables, now) => {
    const simulator = await startFrappeSimulator(version, docTypes, documentsOf(catalog, tables))
    const { apiKey, apiSecret } = simulatorAccess
    const config = { urls: [simulator.url], access: { apiKey, apiSecret } }
    const connector = createFrappeConnector({ config, catalog, log, metrics: createMetrics(), now })
    return { connector: createMappedValues(connector, catalog, now), close: simulator.close }
  }
}

async function serveOdooOver(catalog: Catalog, tables: Tables, now: () => Date): Promise<Served> {
  const simulator = await serveOdoo({ models: modelsOf(catalog, tables) })
  const config = { urls: [simulator.url], apiKey: 'key' }
  const connector = createOdooConnector({ config, catalog, log, metrics: createMetrics(), now })
  return { connector: createMappedValues(connector, catalog, now), close: simulator.close }
}
