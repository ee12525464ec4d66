import { loadCatalog } from '#catalog'
import type { RecordReader } from '#erp'
import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createOdataConnector } from '../../erp/connectors/odata/odata-connector.ts'
import { createCopy } from '../copy/create-copy.ts'
import { runFullSync } from './run-full-sync.ts'
import { createPostgresRunStore } from './run-store.postgres.ts'

// A process of its own that works slowly on a run: for tests that kill it.
const [, , databaseUrl = '', erpUrl = '', run = ''] = process.argv
const log = createLogger({ level: 'silent', role: 'test' })
const catalog = loadCatalog('catalog', 'demo-odata')
const database = openDatabase({ url: databaseUrl, log })
const connector = createOdataConnector({
  config: { urls: [erpUrl], clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' },
  catalog,
  log,
  metrics: createMetrics(),
  limits: { pageSize: 500 },
})
const runs = createPostgresRunStore(database)
const copy = createCopy({ database, catalog, log })
const pace = { pauseMs: 50, retryWaitsMs: [], mostGone: 0.5 }
const deps = { records: connector.records as RecordReader, copy, runs, log, pace }
await runFullSync(deps, await runs.read(run), new AbortController().signal)
