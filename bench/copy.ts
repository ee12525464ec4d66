import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { startPostgres } from '../demo/postgres.ts'
import { type BusinessQuery, loadCatalog, permitQuery } from '../src/catalog/index.ts'
import { createErp } from '../src/erp/index.ts'
import { type Database, migrateDatabase, openDatabase } from '../src/platform/database.ts'
import { createLogger } from '../src/platform/log.ts'
import { createCopy, createCopyConnector } from '../src/sync/index.ts'
import { comparedFigure, type Figure, judged, median, plainFigure } from './figure.ts'

const lines = 1_000_000
const customers = 199
const months = 36
const rounds = 15
const warmUps = 3
const log = createLogger({ level: 'silent', role: 'bench' })
const catalog = loadCatalog('catalog', 'demo-odata')
const query: BusinessQuery = { entity: 'sales', measures: ['amount'], groupBy: ['date:month', 'customer'] }

/** What a person who knows PostgreSQL would write for it, in the ways there are; the fastest is the peer. */
const byHand = [
  sql`select extract(year from date) as y, extract(month from date) as m, customer, sum(amount) as amount
    from copy.sales group by 1, 2, 3 order by 1, 2, 4 desc`,
  sql`select date_trunc('month', date::timestamp) as month, customer, sum(amount) as amount
    from copy.sales group by 1, 2 order by 1, 3 desc`,
  sql`select date_trunc('month', date)::date as month, customer, sum(amount) as amount
    from copy.sales group by 1, 2 order by 1, 3 desc`,
]

/**
 * `npm run bench -- copy`: a question answered from the copy over 1,000,000 sales lines, by month and customer, beside the same
 * SQL written by hand, in turns on the same pool of the same PostgreSQL.
 */
export async function measureCopy(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const server = await startPostgres({ dataDir, settings: { shared_buffers: '512MB', fsync: 'off' } })
  try {
    await using database = openDatabase({ url: server.url('postgres'), log })
    await migrateDatabase(database, 'migrations')
    await createCopy({ database, catalog, log }).prepare()
    await generateSales(database)
    return await measure(database)
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Lines spread over months and customers, amounts with cents, made by the server itself. */
async function generateSales(database: Database): Promise<void> {
  await using own = openDatabase({ url: database.url, log, poolSize: 1, statementTimeoutMs: 300_000 })
  await sql`
    insert into copy.sales (_key, "invoiceNo", date, customer, item, category, region, salesperson, department, amount, quantity, profit)
    select i::text, 'INV-' || (i / 3), date '2023-12-01' + (i * 7919 % ${sql.lit(months * 30)})::int,
      '거래처 ' || (i * 104729 % ${sql.lit(customers)}), '품목 ' || (i % 97), '분류 ' || (i % 7), '지역 ' || (i % 9),
      '담당 ' || (i % 23), '팀 ' || (i % 5), (i * 31 % 9000000) / 100.0, i % 50, (i * 17 % 900000) / 100.0
    from generate_series(1::bigint, ${sql.lit(lines)}) as i`.execute(own.kysely)
  await sql`vacuum analyze copy.sales`.execute(own.kysely)
  await sql`update copy_entities set filled_at = now(), as_of = now() where entity = 'sales'`.execute(own.kysely)
}

async function measure(database: Database): Promise<Figure[]> {
  const erp = createErp({ connector: createCopyConnector({ database, catalog }), catalog, log })
  const { signal } = new AbortController()
  const ask = () => erp.answerQuery(permitQuery(query, 'all', 'bench'), signal)
  const times = { asked: [] as number[], hand: byHand.map((): number[] => []) }
  let groups = 0
  for (let i = 0; i < warmUps + rounds; i += 1) {
    const asked = await timed(ask)
    const answer = asked.value
    groups = answer.completeness.kind === 'first' ? answer.completeness.of : answer.rows.length
    const hand: number[] = []
    for (const statement of byHand) {
      const done = await timed(() => statement.execute(database.kysely))
      if (done.value.rows.length !== groups) throw new Error('not the same groups')
      hand.push(done.ms)
    }
    if (i < warmUps) continue
    times.asked.push(asked.ms)
    for (const [n, ms] of hand.entries()) times.hand[n]?.push(ms)
  }
  const peer = Math.min(...times.hand.map(median))
  const figure = comparedFigure('answer from the copy, 1,000,000 lines', median(times.asked), 'ms', {
    name: 'the same SQL by hand',
    value: peer,
  })
  return [
    plainFigure('groups by month and customer', groups, ''),
    judged(figure, 'ratio <= 1.2', (figure.ratio ?? 9) <= 1.2),
  ]
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, ms: performance.now() - startedAt }
}
