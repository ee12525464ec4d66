import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js'
import { service as healthService } from 'grpc-health-check'
import { Understanding } from '../src/nlu/gen/nlu_pb.ts'
import { connectUnderstanding } from '../src/nlu/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { askedQuestions, benchDay } from './erp-questions.ts'
import { type Figure, judged, median, plainFigure, quantile } from './figure.ts'
import { type Servers, startServers } from './server-processes.ts'
import type { Reload } from './understanding-process.ts'

const reloads = 50
/** Before those that count: at first the heap grows to hold an old and a new index, as code is compiled. */
const settlingReloads = 20
const inFlight = 8
const warmUpMs = 6_000
const pauseMs = 100
/** RSS moves by pages that the collector keeps for later; more than this is a leak. */
const mostGrowth = 1.05

/**
 * `npm run bench -- reload`: names and model of two servers are exchanged 50 times while questions keep coming over gRPC. What
 * fails, what health says meanwhile, and the memory of the first ten exchanges beside the last ten.
 */
export async function measureReload(): Promise<Figure[]> {
  const pair = await startServers('understanding', 2)
  const log = createLogger({ level: 'warn', role: 'bench' })
  const client = connectUnderstanding(pair.addresses, { log, metrics: createMetrics() })
  const health = watchHealth(pair.addresses)
  const load = keepAsking((text) => client.understand({ text, today: benchDay, language: 'ko', state: {} }))
  try {
    await wait(warmUpMs)
    for (let count = 0; count < settlingReloads; count += 1) await reloadAll(pair, reloads + count)
    const taken: Reload[][] = []
    for (let count = 0; count < reloads; count += 1) taken.push(await reloadAll(pair, count))
    await load.stop()
    return toFigures(taken, { failed: load.failed(), times: load.times, unwell: health.stop() })
  } finally {
    client.close()
    pair.stop()
  }
}

/** One server after the other, as a rollout does. */
async function reloadAll({ servers }: Servers, count: number): Promise<Reload[]> {
  const taken: Reload[] = []
  for (const { process: server } of servers) {
    await wait(pauseMs)
    server.send(count)
    const [reload] = await once(server, 'message')
    taken.push(reload as Reload)
  }
  return taken
}

function keepAsking(ask: (text: string) => Promise<unknown>) {
  const questions = askedQuestions()
  const times: number[] = []
  let failures = 0
  let goesOn = true
  const lanes = Array.from({ length: inFlight }, async () => {
    while (goesOn) {
      const startedAt = performance.now()
      await ask(questions.next().value).catch(() => {
        failures += 1
      })
      times.push(performance.now() - startedAt)
    }
  })
  return {
    times,
    failed: () => failures,
    async stop() {
      goesOn = false
      await Promise.all(lanes)
    },
  }
}

/** Asks for every server's health all the time; `stop` tells how often it was anything but SERVING. */
function watchHealth(addresses: string[]): { stop(): number } {
  type Check = (request: { service: string }, done: (error: Error | null, reply?: { status: string }) => void) => void
  const Client = makeGenericClientConstructor(healthService, 'Health')
  const clients = addresses.map((address) => new Client(address, credentials.createInsecure()))
  let unwell = 0
  const timer = setInterval(() => {
    for (const client of clients) {
      const { check } = client as unknown as { check: Check }
      check.call(client, { service: Understanding.typeName }, (error, reply) => {
        if (error || reply?.status !== 'SERVING') unwell += 1
      })
    }
  }, 50)
  return {
    stop() {
      clearInterval(timer)
      for (const client of clients) client.close()
      return unwell
    },
  }
}

function toFigures(taken: Reload[][], load: { failed: number; times: number[]; unwell: number }): Figure[] {
  const all = taken.flat()
  const memory = (key: 'residentMb' | 'heapMb', rows: Reload[][]) => median(rows.flat().map((reload) => reload[key]))
  const beside = (key: 'residentMb' | 'heapMb', name: string) => {
    const last = memory(key, taken.slice(-10))
    const first = memory(key, taken.slice(0, 10))
    const peer = { name: 'first ten reloads', value: first }
    const growth = last / first
    const figure = { ...plainFigure(name, last, 'MB'), peer, ratio: Number(growth.toPrecision(4)) }
    return judged(figure, `ratio ≤ ${mostGrowth}`, growth <= mostGrowth)
  }
  return [
    judged(
      plainFigure(`requests failed, ${taken.length} reloads of each server`, load.failed, ''),
      '0',
      load.failed === 0,
    ),
    judged(plainFigure('health checks not SERVING', load.unwell, ''), '0', load.unwell === 0),
    plainFigure('requests answered meanwhile', load.times.length, ''),
    plainFigure('request, p50', quantile(load.times, 0.5), 'ms'),
    plainFigure('request, p99', quantile(load.times, 0.99), 'ms'),
    plainFigure('request, slowest', quantile(load.times, 1), 'ms'),
    plainFigure('exchange of the names, median', median(all.map(({ namesMs }) => namesMs)), 'ms'),
    plainFigure('exchange of the model, median', median(all.map(({ modelMs }) => modelMs)), 'ms'),
    beside('residentMb', 'resident memory, last ten reloads'),
    beside('heapMb', 'heap in use, last ten reloads'),
  ]
}
