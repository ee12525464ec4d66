import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { demoPassword } from '../demo/accounts.ts'
import { launchOffice, type Office } from '../demo/launch/office.ts'
import { signInWithPassword } from '../src/cli/sign-in.ts'
import { comparedFigure, type Figure, judged, median, plainFigure, quantile } from './figure.ts'
import { type LogSinks, startLogSinks } from './log-sinks.ts'

const inFlight = 8
const rounds = 20
const roundMs = 1_500
const steadyMs = 20_000
const awayMs = 60_000
const goal = 0.9
const question = '이번 달 매출 상위 5개 거래처'
const unlimited = {
  ...{ LIMIT_PERSON_CALLS: '1000000', LIMIT_ADDRESS_CALLS: '1000000' },
  // Small enough that a minute of load fills it.
  LOG_QUEUE_MB: '1',
}

type Product = { office: Office; token: string; dataDir: string }
type Load = { perSecond: number; waits: number[] }

/**
 * `npm run bench -- telemetry`. Requests a second of the whole product with logs to a log store, every trace to a collector and metrics
 * scraped, beside the same product with neither and no scrapes, in turn, either first. Then the log store is away for a minute under load.
 */
export async function measureTelemetry(): Promise<Figure[]> {
  const sinks = await startLogSinks()
  const off = await openProduct({ LOG_LEVEL: 'silent' })
  const on = await openProduct({ ELASTICSEARCH_URLS: sinks.url, OTEL_EXPORTER_OTLP_ENDPOINT: sinks.url })
  const scrapes = setInterval(() => void scrape(on).catch(() => undefined), 5_000)
  try {
    return [
      ...(await compare('questions', { on, off }, ask)),
      ...(await compare('lists of conversations', { on, off }, list)),
      plainFigure('log lines taken by the store', sinks.lines, ''),
      plainFigure('spans taken by the collector', sinks.spans, ''),
      ...(await measureAway(on, sinks)),
    ]
  } finally {
    clearInterval(scrapes)
    for (const { office, dataDir } of [on, off]) {
      await office.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
    await sinks.close()
  }
}

async function openProduct(given: Record<string, string>): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-telemetry-'))
  const office = await launchOffice({ dataDir, port: 0, roles: 'one', given: { ...unlimited, ...given } })
  const { accessToken: token } = await signInWithPassword({
    serviceUrl: office.url,
    login: 'sanghyun',
    password: demoPassword,
  })
  return { office, token, dataDir }
}

/** The median of the ratios of neighbouring rounds: what else the machine does meets both. */
async function compare(name: string, { on, off }: { on: Product; off: Product }, call: Call): Promise<Figure[]> {
  for (const product of [on, off]) await load(product, call, roundMs)
  const rates: { on: number; off: number }[] = []
  const spent = { on: 0, off: 0 }
  const count = { on: 0, off: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const)
    const rate = { on: 0, off: 0 }
    for (const which of order) {
      const product = which === 'on' ? on : off
      const cpuBefore = await cpuMs(product.office)
      const { perSecond, waits } = await load(product, call, roundMs)
      rate[which] = perSecond
      spent[which] += (await cpuMs(product.office)) - cpuBefore
      count[which] += waits.length
    }
    rates.push(rate)
  }
  const ratio = median(rates.map((rate) => rate.on / rate.off))
  const figure = comparedFigure(`${name}, all on`, median(rates.map((rate) => rate.on)), '/s', {
    name: 'all off',
    value: median(rates.map((rate) => rate.off)),
  })
  return [
    judged({ ...figure, ratio: Number(ratio.toPrecision(4)) }, `≥ ${goal} of off`, ratio >= goal),
    comparedFigure(`${name}, processor time of the service`, spent.on / count.on, 'ms', {
      name: 'all off',
      value: spent.off / count.off,
    }),
  ]
}

/** The log store hangs for a minute: p99 of questions before, during and after, memory, what was dropped, and when it had caught up. */
async function measureAway(on: Product, sinks: LogSinks): Promise<Figure[]> {
  const before = await load(on, ask, steadyMs)
  const memoryBefore = await residentMb(on.office)
  sinks.isAway = true
  const during = await load(on, ask, awayMs)
  const [memoryDuring, dropped] = [await residentMb(on.office), await droppedLines(on)]
  sinks.isAway = false
  const backAt = performance.now()
  while ((await readMetric(on, 'log_queue_lines')) > 20 && performance.now() - backAt < 60_000) await wait(100)
  const caughtUp = (performance.now() - backAt) / 1_000
  const after = await load(on, ask, steadyMs)
  const p99 = ({ waits }: Load) => quantile(waits, 0.99)
  const usual = { name: 'before and after', value: (p99(before) + p99(after)) / 2 }
  return [
    comparedFigure('a question, p99, store away for 60 s', p99(during), 'ms', usual),
    comparedFigure('questions, store away for 60 s', during.perSecond, '/s', {
      name: 'before',
      value: before.perSecond,
    }),
    comparedFigure('memory of the service, store away', memoryDuring, 'MB', { name: 'before', value: memoryBefore }),
    plainFigure('lines dropped and counted', dropped, ''),
    plainFigure('caught up after', caughtUp, 's'),
  ]
}

type Call = (product: Product) => Promise<void>

async function load(product: Product, call: Call, ms: number): Promise<Load> {
  const waits: number[] = []
  const endsAt = performance.now() + ms
  const callInTurn = async () => {
    while (performance.now() < endsAt) {
      const beganAt = performance.now()
      await call(product)
      waits.push(performance.now() - beganAt)
    }
  }
  const beganAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, callInTurn))
  return { perSecond: waits.length / ((performance.now() - beganAt) / 1_000), waits }
}

async function send({ office, token }: Product, path: string, init: RequestInit = {}): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const reply = await fetch(new URL(path, office.url), { ...init, headers, signal: AbortSignal.timeout(20_000) })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${path} was answered ${reply.status}`)
  return text
}

const ask: Call = async (product) =>
  void (await send(product, '/api/v1/chat/messages', { method: 'POST', body: JSON.stringify({ text: question }) }))
const list: Call = async (product) => void (await send(product, '/api/v1/conversations'))
const scrape = (product: Product) => send(product, '/metrics')

async function readMetric(product: Product, name: string): Promise<number> {
  const lines = (await scrape(product)).split('\n').filter((line) => line.startsWith(name))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

const droppedLines = (product: Product) => readMetric(product, 'log_lines_dropped_total')

/** Of the service's own process, in all its threads. Linux only: /proc, in ticks of 10 ms. */
async function cpuMs(office: Office): Promise<number> {
  const texts = await Promise.all(
    servicePids(office).map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  )
  const ticks = texts.map((text) => text.slice(text.lastIndexOf(')') + 2).split(' '))
  return ticks.reduce((sum, fields) => sum + 10 * (Number(fields[11]) + Number(fields[12])), 0)
}

function servicePids({ parts }: Office): number[] {
  return Object.entries(parts).flatMap(([name, { pid }]) => (/chatbot|service/i.test(name) ? [pid] : []))
}

/** Of the service's own process. Linux only: /proc. */
async function residentMb(office: Office): Promise<number> {
  const sizes = await Promise.all(
    servicePids(office).map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')),
  )
  return sizes.reduce((sum, text) => sum + Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024, 0)
}
