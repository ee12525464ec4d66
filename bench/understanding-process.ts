import { loadCatalog } from '../src/catalog/index.ts'
import {
  buildNameIndex,
  createUnderstanding,
  openRequestModel,
  serveUnderstanding,
  type Understand,
  type UnderstandReply,
} from '../src/nlu/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { serveEcho } from './echo-service.ts'
import { benchDay, demoNames, listedQuestions } from './erp-questions.ts'

// A server process of the benches. `understanding` is the product's own, `wire` the product's server with readings made
// before, `echo` the bare peer. Tells its address by IPC. The message `cpu` is answered with the processor time it has taken, any
// other exchanges names and model and is answered with what that took.
const [kind = 'understanding'] = process.argv.slice(2)
const catalog = loadCatalog('catalog', 'demo-odata')
let index = buildNameIndex(catalog, demoNames())
let model = openRequestModel()
const understand = createUnderstanding({ catalog, names: () => index, model: () => model })

function readAll(): Promise<UnderstandReply[]> {
  const replies = listedQuestions().map((text) => understand({ text, today: benchDay, language: 'ko', state: {} }))
  return Promise.all(replies)
}

async function serve(answer: Understand): Promise<string> {
  const log = createLogger({ level: 'warn', role: 'bench' })
  const deps = { understand: answer, log, metrics: createMetrics(), modelVersion: () => model.version }
  return (await serveUnderstanding('127.0.0.1:0', deps)).address
}

function answerFrom(replies: UnderstandReply[]): Understand {
  let turn = 0
  return async () => replies[turn++ % replies.length] as UnderstandReply
}

/** What one exchange took, and the memory after it when all that is not needed is gone. */
export type Reload = { namesMs: number; modelMs: number; residentMb: number; heapMb: number }

function reload(count: number): Reload {
  const startedAt = performance.now()
  index = buildNameIndex(catalog, [...demoNames(), { domain: 'customer', name: `새거래처${count}` }])
  const namesAt = performance.now()
  model = openRequestModel()
  const modelAt = performance.now()
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const mb = (bytes: number) => bytes / 1024 / 1024
  return { namesMs: namesAt - startedAt, modelMs: modelAt - namesAt, residentMb: mb(rss), heapMb: mb(heapUsed) }
}

const starts: Record<string, () => Promise<string>> = {
  understanding: () => serve(understand),
  wire: async () => serve(answerFrom(await readAll())),
  echo: async () => serveEcho(await readAll()),
}
process.send?.(await starts[kind]?.())
process.on('message', (message: number | 'cpu') =>
  process.send?.(message === 'cpu' ? process.cpuUsage() : reload(message)),
)
process.once('disconnect', () => process.exit())
