import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { prepareErp } from '../demo/erp/prepare-erp.ts'
import { startPostgres } from '../demo/postgres.ts'
import { loadCatalog } from '../src/catalog/index.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createCopy } from '../src/sync/copy/create-copy.ts'
import { benchDay } from './erp-questions.ts'
import { comparedFigure, type Figure, judged, plainFigure } from './figure.ts'

const salesLines = 1_000_000
const mostMiB = 300
const leastShare = 0.5

type Measured = { rows: number; ms: number; peakMiB: number }

/**
 * A first full sync of a million sales lines over REST, and a second one that finds them as they were, beside the demo ERP's own
 * paging speed: a bare fetch loop over the same lines, before and after.
 */
export async function measureFullSync(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const postgres = await startPostgres({ dataDir })
  try {
    await createDatabases(postgres.url('postgres'))
    const [erpDatabase, ownDatabase] = [postgres.url('erp'), postgres.url('own')]
    await fillErp(erpDatabase)
    await prepareOwn(ownDatabase)
    const erp = await startErp(erpDatabase)
    try {
      const before = await measure('bare', erp.url)
      const first = await measure('sync', erp.url, ownDatabase)
      const second = await measure('sync', erp.url, ownDatabase)
      const after = await measure('bare', erp.url)
      return describe({ bare: [before, after], first, second })
    } finally {
      erp.stop()
    }
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

type Measures = { bare: [Measured, Measured]; first: Measured; second: Measured }

function describe({ bare, first, second }: Measures): Figure[] {
  const speed = ({ rows, ms }: Measured) => rows / (ms / 1_000)
  const peer = { name: 'bare fetch loop', value: (speed(bare[0]) + speed(bare[1])) / 2 }
  const compare = (name: string, measured: Measured) => {
    const figure = comparedFigure(name, speed(measured), 'rows/s', peer)
    return judged(figure, `ratio ≥ ${leastShare}`, (figure.ratio ?? 0) >= leastShare)
  }
  const peakMiB = Math.max(first.peakMiB, second.peakMiB)
  return [
    plainFigure('full sync, rows', first.rows, 'rows'),
    compare('full sync, empty copy', first),
    compare('full sync, nothing changed', second),
    judged(plainFigure('full sync, peak memory', peakMiB, 'MiB'), `≤ ${mostMiB}`, peakMiB <= mostMiB),
  ]
}

async function createDatabases(adminUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query('create database erp')
  await admin.query('create database own')
  await admin.end()
}

/** The demo company's data, its sales lines repeated up to a million. */
async function fillErp(databaseUrl: string): Promise<void> {
  await prepareErp({ databaseUrl, today: benchDay, seed: 1 })
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`
    insert into erp.invoice_lines
    select m.last + row_number() over (), l.invoice_no, l.item_code, l.quantity, l.unit_price, l.amount, l.cost
    from erp.invoice_lines l cross join generate_series(1, 20) cross join (select max(line_id) as last from erp.invoice_lines) m
    limit ${salesLines} - (select count(*) from erp.invoice_lines)`)
  await client.query('vacuum analyze erp.invoice_lines')
  await client.end()
}

async function prepareOwn(url: string): Promise<void> {
  const log = createLogger({ level: 'warn', role: 'bench' })
  await using database = openDatabase({ url, log })
  await migrateDatabase(database, fileURLToPath(new URL('../migrations', import.meta.url)))
  await createCopy({ database, catalog: loadCatalog('catalog', 'demo-odata'), log }).prepare()
}

async function startErp(databaseUrl: string): Promise<{ url: string; stop(): void }> {
  const access = {
    ERP_CLIENT_ID: 'chatbot',
    ERP_CLIENT_SECRET: 'secret',
    ERP_API_KEY: 'key',
    ERP_SIGNING_SECRET: 'signs',
  }
  const child = fork(new URL('../demo/erp/main.ts', import.meta.url), [], {
    env: { ...process.env, ...access, DATABASE_URL: databaseUrl, PORT: '0' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return { url, stop: () => child.kill() }
}

async function measure(kind: 'bare' | 'sync', ...more: string[]): Promise<Measured> {
  // As docs/operators.md has it for a worker that is a process of its own.
  const execArgv = ['--max-semi-space-size=8']
  const child = fork(new URL('./sync-full-process.ts', import.meta.url), [kind, ...more], { execArgv })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The process '${kind}' ended with ${code} before it had measured`)
  })
  failed.catch(() => undefined)
  const [measured] = (await Promise.race([once(child, 'message'), failed])) as [Measured]
  return measured
}
