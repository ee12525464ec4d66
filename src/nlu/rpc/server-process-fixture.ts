import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { answering } from './rpc-fixture.ts'
import { serveUnderstanding } from './serve-understanding.ts'

// The program of `serveInProcess`: answers with the name it is given, and tells where it listens.
const [name = 'child', listen = '127.0.0.1:0'] = process.argv.slice(2)
const { address } = await serveUnderstanding(listen, {
  understand: answering(name),
  log: createLogger({ level: 'silent', role: 'test' }),
  metrics: createMetrics(),
  modelVersion: () => 'test',
})
process.once('disconnect', () => process.exit())
process.send?.(address)
