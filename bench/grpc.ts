import { create } from '@bufbuild/protobuf'
import { AnalyzeRequestSchema } from '../src/nlu/gen/nlu_pb.ts'
import { connectUnderstanding } from '../src/nlu/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { connectEcho } from './echo-service.ts'
import { askedQuestions, benchDay } from './erp-questions.ts'
import { comparedFigure, type Figure, judged, median, plainFigure, quantile } from './figure.ts'
import { type Servers, startServers } from './server-processes.ts'

const inFlight = 64
const warmUpMs = 6_000
const roundMs = 4_000
const rounds = 3

/** `serverMicros`, `clientMicros`: processor time an analysis takes on either side, which other work on the machine hardly touches. */
type Round = { perSecond: number; p50: number; p99: number; failed: number; serverMicros: number; clientMicros: number }
type Ask = (text: string) => Promise<unknown>

/**
 * `npm run bench -- grpc`: two server processes and one client on one machine, 64 requests in flight over loopback. The
 * product's understanding; in turn with it the product's client and server with nothing to read, and an echo of the same
 * messages by grpc-js and protobuf-es alone.
 */
export async function measureGrpc(): Promise<Figure[]> {
  const real = await startServers('understanding', 2)
  const wire = await startServers('wire', 2)
  const echo = await startServers('echo', 2)
  const log = createLogger({ level: 'warn', role: 'bench' })
  const client = connectUnderstanding(real.addresses, { log, metrics: createMetrics() })
  const wireClient = connectUnderstanding(wire.addresses, { log, metrics: createMetrics() })
  const peer = connectEcho(echo.addresses)
  let count = 0
  const askReal: Ask = (text) => client.understand({ text, today: benchDay, language: 'ko', state: {} })
  const askWire: Ask = (text) => wireClient.understand({ text, today: benchDay, language: 'ko', state: {} })
  const askEcho: Ask = (text) =>
    peer.ask(
      create(AnalyzeRequestSchema, { requestId: String(++count), text, today: benchDay, language: 'ko', state: {} }),
    )
  try {
    await load(askReal, real, warmUpMs)
    await load(askWire, wire, warmUpMs)
    await load(askEcho, echo, warmUpMs)
    const reals: Round[] = []
    const wires: Round[] = []
    const echoes: Round[] = []
    for (let i = 0; i < rounds; i += 1) {
      reals.push(await load(askReal, real, roundMs))
      wires.push(await load(askWire, wire, roundMs))
      echoes.push(await load(askEcho, echo, roundMs))
    }
    return toFigures(middle(reals), middle(wires), middle(echoes))
  } finally {
    for (const one of [client, wireClient, peer]) one.close()
    for (const servers of [real, wire, echo]) servers.stop()
  }
}

async function load(ask: Ask, servers: Servers, forMs: number): Promise<Round> {
  const questions = askedQuestions()
  const times: number[] = []
  let failed = 0
  const serversBefore = await servers.cpuMicros()
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const endsAt = startedAt + forMs
  const askOn = async () => {
    for (let now = startedAt; now < endsAt; ) {
      const text = questions.next().value
      now = performance.now()
      await ask(text).catch(() => {
        failed += 1
      })
      times.push(performance.now() - now)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, askOn))
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  const serversTook = (await servers.cpuMicros()) - serversBefore
  const share = { serverMicros: serversTook / times.length, clientMicros: (user + system) / times.length }
  return { perSecond: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99), failed, ...share }
}

function middle(measured: Round[]): Round {
  const of = (key: keyof Round) => median(measured.map((round) => round[key]))
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    failed: Math.max(...measured.map((r) => r.failed)),
    serverMicros: of('serverMicros'),
    clientMicros: of('clientMicros'),
  }
}

function toFigures(real: Round, wire: Round, echo: Round): Figure[] {
  const name = 'echo of the same messages'
  const throughput = comparedFigure('understanding over gRPC', real.perSecond, '/s', { name, value: echo.perSecond })
  return [
    judged(throughput, '≥ 15000 /s or ratio ≥ 0.5', real.perSecond >= 15_000 || (throughput.ratio ?? 0) >= 0.5),
    comparedFigure('understanding over gRPC, p50', real.p50, 'ms', { name, value: echo.p50 }),
    judged(
      comparedFigure('understanding over gRPC, p99', real.p99, 'ms', { name, value: echo.p99 }),
      '≤ 20 ms',
      real.p99 <= 20,
    ),
    comparedFigure('processor time in the servers, an analysis', real.serverMicros, 'µs', {
      name,
      value: echo.serverMicros,
    }),
    comparedFigure('processor time in the client, an analysis', real.clientMicros, 'µs', {
      name,
      value: echo.clientMicros,
    }),
    comparedFigure('our client and server, nothing to read', wire.perSecond, '/s', { name, value: echo.perSecond }),
    comparedFigure('our client and server, p99', wire.p99, 'ms', { name, value: echo.p99 }),
    judged(plainFigure('understanding over gRPC, failed', real.failed, ''), '0', real.failed === 0),
  ]
}
