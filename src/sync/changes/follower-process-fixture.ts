import { once } from 'node:events'
import { join } from 'node:path'
import { loadCatalog } from '#catalog'
import { createConnector } from '#erp'
import { createPostgresNameStore } from '#nlu'
import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createCopy } from '../copy/create-copy.ts'
import { createPostgresChangeSource } from './change-source.postgres.ts'
import { changedTables, startFollowing } from './index.ts'

// A worker that follows the demo ERP, as a process of its own that can be killed. FOLLOWER, as JSON: what it connects to.
export type FollowerOptions = {
  databaseUrl: string
  erpDatabaseUrl: string
  erpUrls: string[]
  slot: string
  access: { clientId: string; clientSecret: string; apiKey: string }
  logLevel?: string
}

// biome-ignore lint/style/noProcessEnv: a test's process gets what it needs by its environment
const options: FollowerOptions = JSON.parse(process.env.FOLLOWER ?? '')
const catalog = loadCatalog(join(import.meta.dirname, '../../../catalog'), 'demo-odata')
const log = createLogger({ level: options.logLevel ?? 'silent', role: 'test' })
const metrics = createMetrics()
const access = {
  refreshToken: undefined,
  tokenPath: undefined,
  apiSecret: undefined,
  tokenHeader: undefined,
  database: undefined,
  language: undefined,
  ...options.access,
  urls: options.erpUrls,
}
const connector = createConnector({ access, catalog, log, metrics })
await using database = openDatabase({ url: options.databaseUrl, log })
const source = createPostgresChangeSource({
  url: options.erpDatabaseUrl,
  slot: options.slot,
  tables: changedTables(catalog),
  log,
  limits: { tickMs: 200 },
})
const copy = createCopy({ database, catalog, log })
const names = createPostgresNameStore(database)
await using following = startFollowing({
  source,
  catalog,
  database,
  copy,
  records: connector.records,
  names,
  metrics,
  log,
})
process.send?.('ready')
await once(process, 'disconnect')
await following.close()
