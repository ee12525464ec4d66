import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import pg from 'pg'
import { demoAccounts } from '../demo/accounts.ts'
import { prepareErp } from '../demo/erp/prepare-erp.ts'
import { serveErp } from '../demo/erp/serve-erp.ts'
import { startPostgres } from '../demo/postgres.ts'
import { loadAccessRules } from '../src/auth/index.ts'
import { createPermitRead } from '../src/auth/permit-read.ts'
import {
  type BusinessQuery,
  type Catalog,
  completeQuery,
  loadCatalog,
  type PermittedQuery,
} from '../src/catalog/index.ts'
import { comparable, outcomeOf } from '../src/erp/answer-outcome-fixture.ts'
import { createOdataConnector } from '../src/erp/connectors/odata/odata-connector.ts'
import { createErp, type Erp, type Row } from '../src/erp/index.ts'
import { readLabelledQueries } from '../src/erp/labelled-queries-fixture.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { fillWith, readRecords } from '../src/sync/copy/copy-fixture.ts'
import { entityTables } from '../src/sync/copy/entity-table.ts'
import { openVendor, vendorNames } from '../src/sync/copy/vendor-sources-fixture.ts'
import { createCopy, createCopyConnector } from '../src/sync/index.ts'
import { benchDay } from './erp-questions.ts'
import { type Figure, judged, plainFigure } from './figure.ts'

const ownFile = 'docs/questions.jsonl'
const log = createLogger({ level: 'silent', role: 'bench' })
const catalog = loadCatalog('catalog', 'demo-odata')
const now = () => new Date(`${benchDay}T03:00:00Z`)
const access = { clientId: 'chatbot', clientSecret: 'secret', apiKey: 'key' }

type Labelled = { text: string; query: BusinessQuery }

/**
 * `npm run bench -- parity [--file LABELS.jsonl]`: every labelled query of a file answered by the demo ERP over OData, by the same
 * asked for its records only, and by the copy that was read from it; then the part of the same data that ERPNext and Odoo hold, in
 * their simulators and in copies of those. How many answers are not equal to the last decimal.
 */
export async function measureParity(): Promise<Figure[]> {
  const { values } = parseArgs({ options: { file: { type: 'string', default: ownFile } }, strict: false })
  const queries = readLabelledQueries(String(values.file))
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const server = await startPostgres({ dataDir, settings: { fsync: 'off' } })
  try {
    return await compareAll(server.url('postgres'), queries)
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

type Source = { name: string; erp: Erp }

async function compareAll(url: string, queries: Labelled[]): Promise<Figure[]> {
  await using resources = new AsyncDisposableStack()
  const { demo, others, tables } = await openSources(url, resources)
  const figures = await compare({ queries: permitAll(catalog, queries), first: demo, others, isSameOrder: true })
  for (const name of vendorNames) {
    const createDatabase = () => openCopyDatabase(url, resources)
    const vendor = await openVendor(name, { tables, now, createDatabase })
    resources.defer(vendor.close)
    const sources = Object.entries(vendor.erps).map(([label, erp]): Source => ({ name: label, erp }))
    const first = { name: `the part of the data that ${name} holds`, erp: vendor.expected }
    const asked = permitAll(vendor.catalog, queries)
    figures.push(...(await compare({ queries: asked, first, others: sources, isSameOrder: false })))
  }
  return figures
}

type Permitted = { text: string; query: PermittedQuery }

/** As a person may ask who sees everything; what is `@me` there is one of the demo's people. */
function permitAll(of: Catalog, queries: Labelled[]): Permitted[] {
  const permitRead = createPermitRead(loadAccessRules('access/roles.yaml', catalog), catalog)
  const actor = { ...executive(), userId: 'bench', email: 'x@example.com', language: 'ko' as const }
  return queries.map(({ text, query }) => {
    const decision = permitRead(actor, completeQuery(query, of, benchDay), benchDay)
    if (decision.kind === 'refused') throw new Error(`refused: ${text}`)
    return { text, query: decision.query }
  })
}

type Comparison = { queries: Permitted[]; first: Source; others: Source[]; isSameOrder: boolean }

async function compare({ queries, first, others, isSameOrder }: Comparison): Promise<Figure[]> {
  const unequal = new Map(others.map(({ name }) => [name, 0]))
  let [answers, refusals] = [0, 0]
  for (const { text, query } of queries) {
    const ask = async ({ erp }: Source) => {
      const outcome = await outcomeOf(erp, query)
      return isSameOrder ? outcome : comparable(outcome, query.query)
    }
    const expected = await ask(first)
    if ('error' in expected) refusals += 1
    else answers += 1
    for (const other of others) {
      if (isDeepStrictEqual(await ask(other), expected)) continue
      unequal.set(other.name, (unequal.get(other.name) ?? 0) + 1)
      console.error(`${other.name} answers otherwise: ${text}  ${JSON.stringify(query.query)}`)
    }
  }
  return [
    plainFigure(`answered by ${first.name}`, answers, ''),
    plainFigure('  refused alike', refusals, ''),
    ...[...unequal].map(([name, count]) => judged(plainFigure(`  not equal, ${name}`, count, ''), '0', count === 0)),
  ]
}

function executive() {
  const account = demoAccounts.find(({ groups }) => groups.includes('executive'))
  if (!account) throw new Error('the demo has no executive')
  return { name: account.name, department: account.department, roles: account.groups }
}

/** The demo ERP, what is held against it, and its records. */
async function openSources(url: string, resources: AsyncDisposableStack) {
  const databaseUrl = await addDatabase(url, 'parity_erp')
  await prepareErp({ databaseUrl, today: benchDay, seed: 1 })
  const clients = [{ clientId: access.clientId, clientSecret: access.clientSecret }]
  const { apiKey } = access
  const served = await serveErp({ databaseUrl, port: 0, clients, apiKey, signingSecret: 'signs', faults: false })
  resources.defer(() => served.close())
  const connect = (aggregate?: 'none') =>
    createOdataConnector({
      config: { urls: [served.url], ...access, ...(aggregate ? { aggregate } : {}) },
      catalog,
      log,
      metrics: createMetrics(),
    })
  const connector = connect()
  const { database } = await openCopyDatabase(url, resources)
  const copy = createCopy({ database, catalog, log })
  await copy.prepare()
  const tables = new Map<string, Row[]>()
  for (const table of entityTables(catalog).values()) {
    const records = await readRecords(connector, table)
    const rows = records.map(({ row }) => row)
    tables.set(table.entity, rows)
    await fillWith(copy, table.entity, records, now().toISOString())
  }
  const open = (name: string, one: typeof connector): Source => ({
    name,
    erp: createErp({ connector: one, catalog, log, now }),
  })
  const demo = open('the demo ERP over OData', connector)
  const others = [
    open('without $apply', connect('none')),
    open('the copy', createCopyConnector({ database, catalog, now })),
  ]
  for (const { erp } of [demo, ...others]) resources.defer(() => erp.close())
  return { demo, others, tables }
}

let databases = 0

async function openCopyDatabase(url: string, resources: AsyncDisposableStack) {
  databases += 1
  const database = resources.use(openDatabase({ url: await addDatabase(url, `parity_copy_${databases}`), log }))
  await migrateDatabase(database, 'migrations')
  return { database, drop: async () => undefined }
}

async function addDatabase(url: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}
