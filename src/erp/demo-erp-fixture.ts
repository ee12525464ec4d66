import { join } from 'node:path'
import pg from 'pg'
import { loadCatalog } from '#catalog'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { prepareErp } from '../../demo/erp/prepare-erp.ts'
import { type ErpServer, type ErpServerOptions, serveErp } from '../../demo/erp/serve-erp.ts'
import { createTestDatabase } from '../../test/support/test-database.ts'
import { createOdataConnector, type ODataConfig } from './connectors/odata/odata-connector.ts'
import { createErp } from './create-erp.ts'
import type { ErpConnector } from './erp-connector.ts'

const demoToday = '2026-11-23'
export const demoCatalog = loadCatalog(join(import.meta.dirname, '../../catalog'), 'demo-odata')
export const demoMapping = odataMapping()
const access = { clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }
const log = createLogger({ level: 'silent', role: 'test' })
const now = () => new Date(`${demoToday}T03:00:00Z`)

type ConnectorOptions = Partial<ODataConfig> & {
  limits?: Parameters<typeof createOdataConnector>[0]['limits']
  clock?: () => Date
  copy?: ErpConnector
}

/** The demo ERP on a database of its own, and clients of it. */
export async function openDemoErp() {
  const database = await createTestDatabase({ empty: true })
  await prepareErp({ databaseUrl: database.url, today: demoToday, seed: 1 })
  const sql = new pg.Pool({ connectionString: database.url, max: 2 })
  const servers = new Set<ErpServer>()

  async function serve(port = 0, more: Partial<ErpServerOptions> = {}): Promise<ErpServer> {
    const clients = [{ clientId: access.clientId, clientSecret: access.clientSecret }]
    const options = {
      databaseUrl: database.url,
      port,
      clients,
      apiKey: access.apiKey,
      signingSecret: 'signs',
      faults: true,
      ...more,
    }
    const server = await serveErp(options)
    servers.add(server)
    return server
  }

  function connect(urls: string[], { limits, clock, copy, ...config }: ConnectorOptions = {}) {
    const metrics = createMetrics()
    const deps = { config: { urls, ...access, ...config }, catalog: demoCatalog, log, metrics }
    const connector = createOdataConnector({ ...deps, ...(limits ? { limits } : {}), ...(clock ? { now: clock } : {}) })
    const erp = createErp({ connector, catalog: demoCatalog, log, now, ...(copy ? { copy } : {}) })
    return { connector, erp, metrics }
  }

  return {
    databaseUrl: database.url,
    serve,
    stop: async (server: ErpServer) => {
      servers.delete(server)
      await server.close()
    },
    connect,
    /** Rows of independent SQL; numeric comes as text. */
    select: async (text: string, values: unknown[] = []) => (await sql.query(text, values)).rows,
    close: async () => {
      await Promise.all([...servers].map((server) => server.close()))
      await sql.end()
      await database.drop()
    },
  }
}

function odataMapping() {
  const { mapping } = demoCatalog
  if (mapping.connector !== 'odata') throw new Error('the demo ERP speaks OData')
  return mapping
}

/** Orders the next calls at a server to go wrong. */
export async function orderFault(url: string, kind: string, times = 1, more: object = {}): Promise<void> {
  const reply = await fetch(`${url}/demo/faults`, { method: 'POST', body: JSON.stringify({ kind, times, ...more }) })
  if (!reply.ok) throw new Error(`fault refused: ${reply.status}`)
}
