import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { fetch } from 'undici'
import { type BusinessQuery, loadCatalog, permitQuery } from '../src/catalog/index.ts'
import { createConnector, createErp, type Erp } from '../src/erp/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { erpAccess, startErpProcess } from './erp-process.ts'
import { comparedFigure, type Figure, judged, median, plainFigure } from './figure.ts'

const warmUps = 10
const rounds = 60
const mostMs = 3

const november = { field: 'date', from: '2026-11-01', to: '2026-11-30' }
const year = { field: 'date', from: '2026-01-01', to: '2026-11-23' }
const questions: [name: string, query: BusinessQuery][] = [
  ['sales of a month', { entity: 'sales', measures: ['amount'], period: november }],
  ['top 5 customers', { entity: 'sales', measures: ['amount'], groupBy: ['customer'], period: november, limit: 5 }],
  ['months of a year', { entity: 'sales', measures: ['amount'], groupBy: ['date:month'], period: year }],
  [
    'a month beside the one before',
    { entity: 'sales', measures: ['amount'], period: november, compareTo: 'previousPeriod' },
  ],
  ['items below safety stock', { entity: 'stock', measures: ['quantity'], where: [['quantity', 'lt', 'safetyStock']] }],
  ['the 50 newest orders', { entity: 'salesOrder', measures: [], limit: 50 }],
]
/** More than anybody reads: a file. */
const file: BusinessQuery = { entity: 'sales', measures: [], limit: 5_000 }

type Bare = () => Promise<unknown>

/**
 * `npm run bench -- erp`: a permitted query answered from the demo ERP, in a process of its own, beside bare fetches of the very
 * URLs that the answer asks for, with a token in hand and the JSON parsed. Cost: the middle of the differences, round by round.
 */
export async function measureErp(): Promise<Figure[]> {
  await using process = await startErpProcess()
  const deps = { catalog: loadCatalog('catalog', 'demo-odata'), log: createLogger({ level: 'silent', role: 'bench' }) }
  const access = { urls: [process.url], ...erpAccess }
  const erp = createErp({ connector: createConnector({ access, metrics: createMetrics(), ...deps }), ...deps })
  try {
    const figures: Figure[] = []
    const all: number[] = []
    for (const [name, query] of questions) {
      const { costs, told } = await measureQuestion(erp, name, query)
      all.push(...costs)
      figures.push(...told)
    }
    const cost = median(all)
    figures.push(judged(plainFigure('our cost, all questions, p50', cost, 'ms'), `≤ ${mostMs} ms`, cost <= mostMs))
    const { told } = await measureQuestion(erp, 'a file of 5,000 sales lines', file)
    return [...figures, ...told]
  } finally {
    await erp.close()
  }
}

async function measureQuestion(erp: Erp, name: string, query: BusinessQuery) {
  const ask = () => erp.answerQuery(permitQuery(query, 'all', 'bench'), new AbortController().signal)
  await ask()
  const bareFetches = await listFetches(ask)
  const times = { ours: [] as number[], bare: [] as number[], costs: [] as number[] }
  for (let i = -warmUps; i < rounds; i += 1) {
    // In turn, and each first every other time: whatever else the machine does falls on both.
    const isOursFirst = i % 2 === 0
    const early = isOursFirst ? await time(ask) : 0
    const bare = await time(() => Promise.all(bareFetches.map((run) => run())))
    const ours = isOursFirst ? early : await time(ask)
    if (i < 0) continue
    times.ours.push(ours)
    times.bare.push(bare)
    times.costs.push(ours - bare)
  }
  const { costs } = times
  const whole = comparedFigure(name, median(times.ours), 'ms', { name: 'bare fetch', value: median(times.bare) })
  return { costs, told: [whole, plainFigure(`${name}: our cost`, median(costs), 'ms')] }
}

/** What an answer asks the ERP for, as bare fetches. */
async function listFetches(ask: () => Promise<unknown>): Promise<Bare[]> {
  const bare: Bare[] = []
  const note = (message: unknown) => {
    const { request } = message as { request: { origin: string; path: string; headers: string[] } }
    const pairs = Array.from({ length: request.headers.length / 2 }, (_, i) => request.headers.slice(i * 2, i * 2 + 2))
    const headers = Object.fromEntries(pairs) as Record<string, string>
    bare.push(async () => {
      const reply = await fetch(`${request.origin}${request.path}`, { headers })
      if (!reply.ok) throw new Error(`The ERP answered ${reply.status}`)
      return reply.json()
    })
  }
  subscribe('undici:request:create', note)
  await ask()
  unsubscribe('undici:request:create', note)
  return bare
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
