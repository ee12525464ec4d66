import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { startPostgres } from '../demo/postgres.ts'
import { type Catalog, loadCatalog } from '../src/catalog/index.ts'
import { migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { createPostgresChangeSource } from '../src/sync/changes/change-source.postgres.ts'
import { startFollowing } from '../src/sync/changes/index.ts'
import { createCopy } from '../src/sync/copy/create-copy.ts'
import { comparedFigure, type Figure, judged, plainFigure } from './figure.ts'

const run = promisify(execFile)
const transactions = 4_000
const rowsEach = 50
const rows = transactions * rowsEach
const leastRate = 20_000
const leastShare = 0.5

/** A table with every field of its entity: what it says is applied without asking the ERP. */
function columnMapped(catalog: Catalog): Catalog {
  const fields = { name: 'name', bizNo: 'biz_no', ceo: 'ceo', phone: 'phone' }
  const tables = { 'erp.vendors': [{ entity: 'vendor', key: ['vendor_id'], fields }] }
  return { ...catalog, mapping: { ...catalog.mapping, changes: { source: 'postgres', tables } } }
}

/**
 * A backlog of 200,000 changed rows in transactions of 50, three in four of them new and the others updates of those: applied to the
 * copy, beside pg_recvlogical writing the same stream to a file and COPY writing the rows to a plain table, one after the other.
 */
export async function measureApply(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const server = await startPostgres({ dataDir })
  try {
    const admin = await connect(server.url('postgres'))
    for (const name of ['erp', 'own']) await admin.query(`create database ${name}`)
    await admin.end()
    const [erpUrl, ownUrl] = [server.url('erp'), server.url('own')]
    await writeBacklog(erpUrl)
    const peer = await timePeer(erpUrl, ownUrl, dataDir)
    const ours = await timeOurs(erpUrl, ownUrl)
    const rate = (ms: number) => (rows / ms) * 1000
    const beside = { name: 'pg_recvlogical + COPY', value: rate(peer.receivedMs + peer.copiedMs) }
    const figure = comparedFigure(`changes applied, ${rows} rows`, rate(ours), '/s', beside)
    const ok = rate(ours) >= leastRate || rate(ours) >= leastShare * beside.value
    return [
      judged(figure, `≥ ${leastRate}/s or ratio ≥ ${leastShare}`, ok),
      plainFigure('pg_recvlogical alone', rate(peer.receivedMs), '/s'),
      plainFigure('COPY alone', rate(peer.copiedMs), '/s'),
    ]
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client
}

/** Both slots are there before the changes: the peer's, and ours, which its own first start makes. */
async function writeBacklog(erpUrl: string): Promise<void> {
  const erp = await connect(erpUrl)
  await erp.query(`create schema erp;
    create table erp.vendors (vendor_id text primary key, name text not null, biz_no text, ceo text, phone text);
    create publication peer for table erp.vendors`)
  await erp.query(`select pg_create_logical_replication_slot('peer', 'pgoutput')`)
  await erp.query(`select pg_create_logical_replication_slot('ours', 'pgoutput')`)
  await erp.query('create publication ours for table erp.vendors')
  for (let i = 0; i < transactions; i += 1) {
    const values = [i, rowsEach]
    if (i % 4 === 3)
      await erp.query(
        `update erp.vendors set phone = phone || '1', ceo = '대표 ' || $1::int
         where vendor_id in (select 'V' || (($1::int - 3) * $2::int + g) from generate_series(1, $2::int) g)`,
        values,
      )
    else
      await erp.query(
        `insert into erp.vendors select 'V' || ($1::int * $2::int + g), '협력업체 ' || ($1::int * $2::int + g), '123-45-' || g,
           '대표 ' || g, '02-' || g from generate_series(1, $2::int) g`,
        values,
      )
  }
  await erp.end()
}

async function timePeer(erpUrl: string, ownUrl: string, folder: string) {
  const erp = await connect(erpUrl)
  const { rows: ends } = await erp.query('select pg_current_wal_lsn()::text as lsn')
  const stream = join(folder, 'stream')
  const table = join(folder, 'vendors.csv')
  const url = new URL(erpUrl)
  const env = { PATH: process.env.PATH, PGPASSWORD: url.password }
  const where = ['-h', url.hostname, '-p', url.port, '-U', url.username]
  const options = ['-o', 'proto_version=1', '-o', 'publication_names=peer']
  const begin = performance.now()
  await run(
    'pg_recvlogical',
    [...where, '-d', 'erp', '-S', 'peer', '--start', '-f', stream, '-E', ends[0].lsn, '--no-loop', ...options],
    { env },
  )
  const received = performance.now()
  if ((await stat(stream)).size < rows * 40) throw new Error('pg_recvlogical did not get the whole stream')
  const columns = `select 'K' || g, '협력업체 ' || g, '123-45-' || g, '대표 ' || g, '02-' || g from generate_series(1, ${rows}) g`
  await run('psql', [...where, '-d', 'erp', '-c', `\\copy (${columns}) to '${table}' csv`], { env })
  await run(
    'psql',
    [...where, '-d', 'own', '-c', 'create table peer (id text primary key, a text, b text, c text, d text)'],
    { env },
  )
  const copying = performance.now()
  await run('psql', [...where, '-d', new URL(ownUrl).pathname.slice(1), '-c', `\\copy peer from '${table}' csv`], {
    env,
  })
  const copied = performance.now()
  await erp.end()
  return { receivedMs: received - begin, copiedMs: copied - copying }
}

/** From the first change of the backlog to the last in the copy. */
async function timeOurs(erpUrl: string, ownUrl: string): Promise<number> {
  const log = createLogger({ level: 'warn', role: 'bench' })
  const catalog = columnMapped(loadCatalog('catalog', 'demo-odata'))
  await using database = openDatabase({ url: ownUrl, log })
  await migrateDatabase(database, 'migrations')
  const copy = createCopy({ database, catalog, log })
  await copy.prepare()
  // The slot was there before: as if we had followed it until the backlog began.
  const erp = await connect(erpUrl)
  const { rows: slots } = await erp.query(
    `select confirmed_flush_lsn - '0/0'::pg_lsn as lsn from pg_replication_slots where slot_name = 'ours'`,
  )
  const { rows: ends } = await erp.query(`select count(*)::int as count from erp.vendors`)
  await erp.end()
  const lsn = BigInt(slots[0].lsn).toString(16).toUpperCase().padStart(16, '0')
  await copy.apply([], {
    source: 'postgres',
    at: new Date(0).toISOString(),
    position: `000001/${lsn}/${'0'.repeat(15)}`,
  })
  const source = createPostgresChangeSource({ url: erpUrl, slot: 'ours', tables: ['erp.vendors'], log })
  const own = await connect(ownUrl)
  const startedAt = performance.now()
  const names = { change: async () => false }
  await using _following = startFollowing({
    ...{ source, catalog, database, copy, records: undefined, names, metrics: createMetrics(), log },
  })
  const expected = ends[0].count
  for (;;) {
    const { rows: counted } = await own.query(`select count(*)::int as count from copy.vendor`)
    const last = `select 1 from copy.vendor where ceo = '대표 ${transactions - 1}'`
    if (counted[0].count === expected && (await own.query(last)).rowCount === rowsEach) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const tookMs = performance.now() - startedAt
  await own.end()
  return tookMs
}
