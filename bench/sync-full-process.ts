import { loadCatalog } from '../src/catalog/index.ts'
import { createConnector, type RecordReader } from '../src/erp/index.ts'
import { openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { createCopy } from '../src/sync/copy/create-copy.ts'
import { runFullSync } from '../src/sync/full/run-full-sync.ts'
import { createPostgresRunStore } from '../src/sync/full/run-store.postgres.ts'

// A process of the full sync's bench: `bare` reads the sales lines of the demo ERP with nothing but fetch, `sync` brings them
// into the copy. Tells by IPC how many rows that were, the milliseconds, and the most memory the process ever held, in MiB.
const [kind, erpUrl = '', databaseUrl = ''] = process.argv.slice(2)
const access = { clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }
const catalog = loadCatalog('catalog', 'demo-odata')

async function readBare(): Promise<number> {
  const secret = Buffer.from(`${access.clientId}:${access.clientSecret}`).toString('base64')
  const token = await fetch(`${erpUrl}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${secret}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  }).then((reply) => reply.json() as Promise<{ access_token: string }>)
  const fields = Object.values(catalog.mapping.entities.sales?.fields ?? {})
  const headers = {
    authorization: `Bearer ${token.access_token}`,
    'x-api-key': access.apiKey,
    accept: 'application/json;IEEE754Compatible=true',
    prefer: 'odata.maxpagesize=5000',
  }
  let rows = 0
  let next: string | undefined =
    `${erpUrl}/odata/v4/SalesInvoiceLines?$select=LineId,${fields.join(',')}&$orderby=LineId`
  while (next !== undefined) {
    const reply = await fetch(next, { headers })
    const page = (await reply.json()) as { value: unknown[]; '@odata.nextLink'?: string }
    rows += page.value.length
    next = page['@odata.nextLink']
  }
  return rows
}

async function syncSales(): Promise<number> {
  const log = createLogger({ level: 'warn', role: 'bench' })
  await using database = openDatabase({ url: databaseUrl, log })
  const connector = createConnector({ access: { urls: [erpUrl], ...access }, catalog, log, metrics: createMetrics() })
  const [runs, copy] = [createPostgresRunStore(database), createCopy({ database, catalog, log })]
  const run = await runs.open({ trigger: 'manual', entities: ['sales'], isForced: false, isWhole: false })
  const pace = { pauseMs: 0, retryWaitsMs: [], mostGone: 0.5 }
  const records = connector.records as RecordReader
  await runFullSync({ records, copy, runs, log, pace }, run, new AbortController().signal)
  const [sales] = (await runs.read(run.run)).entities
  await connector.close()
  if (sales?.state !== 'finished') throw new Error(`The full sync ended as ${sales?.state}`)
  return sales.read
}

const startedAt = performance.now()
const rows = await (kind === 'bare' ? readBare() : syncSales())
const ms = performance.now() - startedAt
process.send?.({ rows, ms, peakMiB: process.resourceUsage().maxRSS / 1024 })
process.disconnect()
