import { loadCatalog } from '../src/catalog/index.ts'
import { buildNameIndex, createUnderstanding, serveUnderstanding } from '../src/nlu/index.ts'
import { createLogger } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { serveEcho } from './echo-service.ts'
import { benchDay, demoNames, listedQuestions } from './erp-questions.ts'

// A server process of the benches: `understanding` is the product's own, `echo` the bare peer. Tells its address by IPC.
const [kind = 'understanding'] = process.argv.slice(2)
const catalog = loadCatalog('catalog', 'demo-odata')
const index = buildNameIndex(catalog, demoNames())
const understand = createUnderstanding({ catalog, names: () => index })
const log = createLogger({ level: 'warn', role: 'bench' })

if (kind === 'echo') {
  const replies = listedQuestions().map((text) => understand({ text, today: benchDay, language: 'ko', state: {} }))
  process.send?.(await serveEcho(await Promise.all(replies)))
} else {
  const metrics = createMetrics()
  const { address } = await serveUnderstanding('127.0.0.1:0', { understand, log, metrics, modelVersion: 'bench' })
  process.send?.(address)
}
process.once('disconnect', () => process.exit())
