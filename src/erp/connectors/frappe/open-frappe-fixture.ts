import { join } from 'node:path'
import { type Catalog, loadCatalog } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createErp } from '../../create-erp.ts'
import { docTypes, documents } from './erpnext-data-fixture.ts'
import { createFrappeConnector, type FrappeConfig } from './frappe-connector.ts'
import { type Simulator, simulatorAccess, startFrappeSimulator } from './frappe-simulator-fixture.ts'

const shipped = loadCatalog(join(import.meta.dirname, '../../../../catalog'), 'erpnext')
const { apiKey, apiSecret } = simulatorAccess

type Limits = Parameters<typeof createFrappeConnector>[0]['limits']
type Options = { limits?: Limits; access?: FrappeConfig['access']; urls?: string[]; clock?: () => Date }

/** A simulated site of a version with the made-up documents, and connectors to it. */
export async function openFrappe(version: string) {
  const simulator: Simulator = await startFrappeSimulator(version, withProfit(docTypes), documents)
  const closing: (() => Promise<void>)[] = [simulator.close]

  function connect({ limits, access = { apiKey, apiSecret }, urls = [simulator.url], clock }: Options = {}) {
    const log = createLogger({ level: 'silent', role: 'test' })
    const now = clock ?? (() => new Date('2026-11-23T03:00:00Z'))
    const all = { attemptMs: 1_000, baseDelayMs: 1, budgetMs: 2_000, ...limits }
    const config = { urls, access }
    const connector = createFrappeConnector({ config, catalog, log, metrics: createMetrics(), now, limits: all })
    closing.unshift(connector.close)
    return { connector, erp: createErp({ connector, catalog, log, now }) }
  }

  return {
    simulator,
    connect,
    close: async () => {
      for (const close of closing) await close()
    },
  }
}

/** The shipped mapping, and what a site would add that has gross profit in a field of its own. */
export const catalog: Catalog = withProfitMapped(shipped)

function withProfit(types: typeof docTypes): typeof docTypes {
  return { ...types, 'Sales Invoice Item': { ...types['Sales Invoice Item'], gross_profit: 'Currency' } }
}

function withProfitMapped(from: Catalog): Catalog {
  const { mapping } = from
  if (mapping.connector !== 'frappe' || !mapping.entities.sales) throw new Error('not the mapping of ERPNext')
  const { sales } = mapping.entities
  const fields = { ...sales.fields, profit: 'items.gross_profit' }
  const absent = sales.absent.filter((field) => field !== 'profit')
  return { ...from, mapping: { ...mapping, entities: { ...mapping.entities, sales: { ...sales, fields, absent } } } }
}
