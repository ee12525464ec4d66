import { join } from 'node:path'
import { type Catalog, loadCatalog, type ODataMapping } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createErp } from '../../create-erp.ts'
import { createMappedValues } from '../mapped-values.ts'
import type { DialectName } from './dialect.ts'
import { createOdataConnector, type ODataConfig } from './odata-connector.ts'
import { type SimOptions, serveOData, simAccess } from './odata-simulator-fixture.ts'
import { setsOf } from './simulator-mapped-sets-fixture.ts'
import { businessCentralSales, financeOperationsSales, s4hanaQuery, s4hanaSales } from './simulator-sets-fixture.ts'

/** Simulated services with the made-up office, and connectors to them. Tests only. */
const folder = join(import.meta.dirname, '../../../../catalog')
const now = () => new Date('2026-11-23T03:00:00Z')

type MappedEntity = ODataMapping['entities'][string]
type Office = { catalog: Catalog; root: string; config: Partial<ODataConfig>; sets: SimOptions['sets'] }

const bcRoot = '/v2.0/tenant/Production/api/v2.0/companies(0001)/'
const entra = { clientId: simAccess.clientId, clientSecret: simAccess.clientSecret }
const basic = { user: simAccess.user, password: simAccess.password }

/** The shipped mapping of each dialect, and what a company would add that publishes gross profit. */
const offices: Record<Exclude<DialectName, 'standard'>, () => Office> = {
  'business-central': () => {
    const catalog = withProfit('business-central', 'salesInvoiceLines/grossProfit', '-salesCreditMemoLines/grossProfit')
    return {
      catalog,
      root: bcRoot,
      config: { ...entra, servicePath: bcRoot },
      sets: setsFor(catalog, businessCentralSales()),
    }
  },
  'finance-operations': () => {
    const catalog = withProfit('finance-operations', 'SalesInvoiceLinesV2/GrossProfit')
    return {
      catalog,
      root: '/data/',
      config: { ...entra, company: 'usmf' },
      sets: setsFor(catalog, financeOperationsSales()),
    }
  },
  's4hana-v2': () => {
    const catalog = withProfit('s4hana', 'to_Item/YY1_Profit', '-to_Item/YY1_Profit')
    return { catalog, root: '/sap/opu/', config: { ...basic, sapClient: '100' }, sets: setsFor(catalog, s4hanaSales()) }
  },
  s4hana: () => {
    const own = {
      ...{ dialect: 's4hana', set: 'odata4/sap/zsales/srvd/sap/zsales/0001/SalesItems', key: ['document', 'position'] },
      ...{ where: [], types: {}, names: {}, values: {}, daysPast: {}, absent: ['salesperson', 'department'], also: [] },
      fields: {
        ...{ invoiceNo: 'document', date: 'date', customer: 'customer', item: 'item', category: 'category' },
        ...{ region: 'region', amount: 'amount', quantity: 'quantity', profit: 'profit' },
      },
    } satisfies MappedEntity
    const catalog = withSales('s4hana', () => own)
    return { catalog, root: '/sap/opu/', config: { ...basic, sapClient: '100' }, sets: setsFor(catalog, s4hanaQuery()) }
  },
}

type Options = Partial<Omit<SimOptions, 'dialect' | 'root'>> & {
  config?: Partial<ODataConfig>
  clock?: () => Date
  limits?: Parameters<typeof createOdataConnector>[0]['limits']
}

/** A simulator of a dialect over the office, and a connector to it. */
export async function openOData(
  dialect: keyof typeof offices,
  { config, limits, clock = now, ...options }: Options = {},
) {
  const office = offices[dialect]()
  const simulator = await serveOData({ dialect, root: office.root, sets: office.sets, ...options })
  const log = createLogger({ level: 'silent', role: 'test' })
  const tokens = office.config.clientId === undefined ? {} : { tokenUrl: simulator.tokenUrl }
  const own = createOdataConnector({
    config: { urls: [simulator.url], ...office.config, ...tokens, ...config },
    catalog: office.catalog,
    log,
    metrics: createMetrics(),
    now: clock,
    limits: { baseDelayMs: 1, attemptMs: 2_000, ...limits },
  })
  const connector = createMappedValues(own, office.catalog, clock)
  const erp = createErp({ connector, catalog: office.catalog, log, now })
  return {
    ...office,
    simulator,
    connector,
    erp,
    close: async () => {
      await erp.close()
      await simulator.close()
    },
  }
}

function setsFor(catalog: Catalog, written: SimOptions['sets']): SimOptions['sets'] {
  return setsOf(catalog, mappingOf(catalog), written)
}

function mappingOf({ mapping }: Catalog): ODataMapping {
  if (mapping.connector !== 'odata') throw new Error('not a mapping of OData')
  return mapping
}

function withProfit(name: string, profit: string, takenOff = ''): Catalog {
  return withSales(name, (sales) => ({
    ...sales,
    fields: { ...sales.fields, profit },
    also: sales.also.map((source) => ({ ...source, fields: { ...source.fields, profit: takenOff } })),
    absent: sales.absent.filter((field) => field !== 'profit'),
  }))
}

function withSales(name: string, change: (sales: MappedEntity) => MappedEntity): Catalog {
  const catalog = loadCatalog(folder, name)
  const mapping = mappingOf(catalog)
  if (!mapping.entities.sales) throw new Error('no sales are mapped')
  const entities = { ...mapping.entities, sales: change(mapping.entities.sales) }
  return { ...catalog, mapping: { ...mapping, entities } }
}
