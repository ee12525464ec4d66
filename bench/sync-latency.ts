import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { launchOffice, type Office } from '../demo/launch/office.ts'
import { connectUnderstanding, type UnderstandingClient } from '../src/nlu/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { type Figure, judged, plainFigure, quantile } from './figure.ts'

const changesASecond = 500
const seconds = 20
const tickMs = 10
/** Of the changes: a customer is read again over REST, a vendor's columns say all. */
const newNamesASecond = 5
const lookMs = 10

type Seen = { kind: 'customer' | 'vendor'; name: string; committedAt: number; copiedMs?: number; namedMs?: number }

/**
 * The demo office in its processes, with 500 changes a second in its ERP: how long after the commit of a new customer or vendor the copy
 * has the record, and a question about it is understood. Both are looked for every 10 ms, which is part of the figures.
 */
export async function measureLatency(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'erp-chatbot-bench-'))
  const office = await launchOffice({ dataDir, port: 0, roles: 'three' })
  const log = createLogger({ level: 'error', role: 'bench' })
  const nlu = connectUnderstanding([office.parts.nlu?.url ?? ''], { log, metrics: createMetrics() })
  const [erp, own] = [openPool(office.erpDatabaseUrl), openPool(office.databaseUrl)]
  try {
    await waitForCopy(own)
    const seen: Seen[] = []
    const done = await change(erp, (name, kind) => {
      const one: Seen = { name, kind, committedAt: performance.now() }
      seen.push(one)
      return Promise.all([lookInCopy(own, one), ask(nlu, one)])
    })
    const rate = done / seconds
    const figures = (['customer', 'vendor'] as const).flatMap((kind) => describe(kind, seen))
    return [
      judged(plainFigure('changes a second', rate, '/s'), `≥ ${changesASecond * 0.95}`, rate >= changesASecond * 0.95),
      ...figures,
    ]
  } finally {
    nlu.close()
    await Promise.all([erp.end(), own.end()])
    await office.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function openPool(connectionString: Office['erpDatabaseUrl']): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 8 })
  pool.on('error', () => undefined)
  return pool
}

async function waitForCopy(own: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await own.query(
      'select count(*) filter (where filled_at is null or distrusted_reason is not null)::int as open, count(*)::int as all from copy_entities',
    )
    if (rows[0].all > 0 && rows[0].open === 0) return
    await wait(500)
  }
}

/** Changes the ERP at the pace; answers how many changes were made once every new name has been looked for. */
async function change(erp: pg.Pool, onName: (name: string, kind: Seen['kind']) => Promise<unknown>): Promise<number> {
  const { rows: lines } = await erp.query('select line_id from erp.invoice_lines order by 1 limit 5000')
  const looking: Promise<unknown>[] = []
  const writing = new Set<Promise<unknown>>()
  let made = 0
  const write = (text: string, values: unknown[]) => {
    const one: Promise<unknown> = erp.query(text, values).finally(() => writing.delete(one))
    writing.add(one)
    made += 1
    return one
  }
  const startedAt = performance.now()
  let names = 0
  while (performance.now() - startedAt < seconds * 1000) {
    const elapsed = (performance.now() - startedAt) / 1000
    if (names < elapsed * newNamesASecond) {
      names += 1
      const kind = names % 2 === 0 ? 'customer' : 'vendor'
      const name = nameOf(names)
      looking.push(write(newOne[kind], [`Z${names}`, name]).then(() => onName(name, kind)))
    }
    while (made < elapsed * changesASecond && writing.size < 16) {
      const line = lines[Math.floor(Math.random() * lines.length)]
      void write('update erp.invoice_lines set amount = amount + 1 where line_id = $1', [line.line_id])
    }
    await wait(tickMs)
  }
  await Promise.all([...looking, ...writing])
  return made
}

const newOne = {
  customer: `insert into erp.customers select $1, $2, biz_no, ceo, phone, region_id, grade, salesperson_no, terms_days
    from erp.customers limit 1`,
  vendor: `insert into erp.vendors select $1, $2, biz_no, ceo, phone, buyer_no, terms_days from erp.vendors limit 1`,
}

/** Names that are unlike each other and unlike those that are there. */
function nameOf(count: number): string {
  const syllables = '가나다라마바사아자차카타파하고노도로모보소오조초코토포호'
  const at = (index: number) => syllables[index % syllables.length]
  return `${at(count * 5)}${at(count * 11 + 3)}${at(Math.floor(count / 28) + 7)}${at(count * 3 + 1)}웅`
}

/** Gives up after 20 s: the figure shows it. */
async function until(isThere: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 20_000
  while (performance.now() < giveUpAt && !(await isThere())) await wait(lookMs)
}

async function lookInCopy(own: pg.Pool, one: Seen): Promise<void> {
  const text = `select 1 from copy.${one.kind} where name = $1`
  await until(async () => (await own.query(text, [one.name])).rowCount === 1)
  one.copiedMs = performance.now() - one.committedAt
}

async function ask(nlu: UnderstandingClient, one: Seen): Promise<void> {
  const text = one.kind === 'customer' ? `${one.name} 이번 달 매출` : `${one.name} 미지급금`
  const request = { text, today: '2026-11-23', language: 'ko' as const, state: {} }
  await until(async () => JSON.stringify((await nlu.understand(request)).understanding.query ?? {}).includes(one.name))
  one.namedMs = performance.now() - one.committedAt
}

function describe(kind: Seen['kind'], seen: readonly Seen[]): Figure[] {
  const of = (key: 'copiedMs' | 'namedMs') =>
    seen.filter((one) => one.kind === kind).map((one) => one[key] ?? Number.NaN)
  const by = kind === 'customer' ? 'read again' : 'by columns'
  return (
    [
      ['copied', of('copiedMs')],
      ['nameable', of('namedMs')],
    ] as const
  ).flatMap(([what, times]) => {
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
    return [
      judged(plainFigure(`${kind} ${by}, ${what}, p50`, p50, 'ms'), '≤ 100 ms', p50 <= 100),
      judged(plainFigure(`${kind} ${by}, ${what}, p99`, p99, 'ms'), '≤ 500 ms', p99 <= 500),
    ]
  })
}
