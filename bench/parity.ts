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
import { type BusinessQuery, completeQuery, loadCatalog } from '../src/catalog/index.ts'
import { type Outcome, outcomeOf } from '../src/erp/answer-outcome-fixture.ts'
import { createOdataConnector } from '../src/erp/connectors/odata/odata-connector.ts'
import { createErp, type Erp } from '../src/erp/index.ts'
import { readLabelledQueries } from '../src/erp/labelled-queries-fixture.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { fillWith, readRecords } from '../src/sync/copy/copy-fixture.ts'
import { entityTables } from '../src/sync/copy/entity-table.ts'
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
 * asked for its records only, and by the copy that was read from it; how many answers are equal to the last decimal.
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

async function compareAll(url: string, queries: Labelled[]): Promise<Figure[]> {
  await using resources = new AsyncDisposableStack()
  const erps = await openSources(url, resources)
  const permitRead = createPermitRead(loadAccessRules('access/roles.yaml', catalog), catalog)
  const actor = { ...executive(), userId: 'bench', email: 'x@example.com', language: 'ko' as const }
  const unequal: Record<string, number> = Object.fromEntries(Object.keys(erps).map((name) => [name, 0]))
  let [answers, refusals] = [0, 0]
  for (const { text, query } of queries) {
    const decision = permitRead(actor, completeQuery(query, catalog, benchDay), benchDay)
    if (decision.kind === 'refused') throw new Error(`refused: ${text}`)
    const outcomes: [string, Outcome][] = []
    for (const [name, erp] of Object.entries(erps)) outcomes.push([name, await outcomeOf(erp, decision.query)])
    const first = outcomes[0]?.[1]
    if (first && 'error' in first) refusals += 1
    else answers += 1
    for (const [name, outcome] of outcomes) {
      if (isDeepStrictEqual(outcome, first)) continue
      unequal[name] = (unequal[name] ?? 0) + 1
      console.error(`${name} answers otherwise: ${text}  ${JSON.stringify(query)}`)
    }
  }
  return [
    plainFigure('queries answered', answers, ''),
    plainFigure('refused alike', refusals, ''),
    ...Object.entries(unequal)
      .slice(1)
      .map(([name, count]) => judged(plainFigure(`not equal, ${name}`, count, ''), '0', count === 0)),
  ]
}

function executive() {
  const account = demoAccounts.find(({ groups }) => groups.includes('executive'))
  if (!account) throw new Error('the demo has no executive')
  return { name: account.name, department: account.department, roles: account.groups }
}

/** The first is what the others are held against. */
async function openSources(url: string, resources: AsyncDisposableStack): Promise<Record<string, Erp>> {
  const databaseUrl = await addDatabase(url, 'parity_erp')
  await prepareErp({ databaseUrl, today: benchDay, seed: 1 })
  const clients = [{ clientId: access.clientId, clientSecret: access.clientSecret }]
  const served = await serveErp({
    databaseUrl,
    port: 0,
    clients,
    apiKey: access.apiKey,
    signingSecret: 'signs',
    faults: false,
  })
  resources.defer(() => served.close())
  const connect = (aggregate?: 'none') =>
    createOdataConnector({
      config: { urls: [served.url], ...access, ...(aggregate ? { aggregate } : {}) },
      catalog,
      log,
      metrics: createMetrics(),
    })
  const connector = connect()
  const database = resources.use(openDatabase({ url: await addDatabase(url, 'parity_copy'), log }))
  await migrateDatabase(database, 'migrations')
  const copy = createCopy({ database, catalog, log })
  await copy.prepare()
  for (const table of entityTables(catalog).values())
    await fillWith(copy, table.entity, await readRecords(connector, table), now().toISOString())
  const open = (one: typeof connector) => createErp({ connector: one, catalog, log, now })
  const erps = {
    OData: open(connector),
    'OData without $apply': open(connect('none')),
    'the copy': open(createCopyConnector({ database, catalog, now })),
  }
  for (const erp of Object.values(erps)) resources.defer(() => erp.close())
  return erps
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
