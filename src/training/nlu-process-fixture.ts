import { buildNameIndex, createUnderstanding, openBuiltInModels, serveUnderstanding } from '#nlu'
import { openDatabase } from '#platform/database'
import { createMetrics } from '#platform/metrics'
import { followServedModel, shadowReadings } from './index.ts'
import { catalog, log } from './training-fixture.ts'

// An understanding server in a process of its own, as the nlu role is: follows what is deployed, reads in shadow. Tells its address; asked
// for `state`, answers with the model in use and its memory, for `settled` with that after a collection, which holds questions up.
const database = openDatabase({ url: process.argv[2] ?? '', log })
const metrics = createMetrics()
const names = buildNameIndex(catalog, [])
const served = await followServedModel({ database, log, metrics, builtIn: openBuiltInModels() })
const openReader = (model: typeof served.choose) => createUnderstanding({ catalog, names: () => names, model })
const { understand } = shadowReadings({
  ...{ database, log, metrics, served, openReader, understand: openReader(served.choose), keepEveryMs: 200 },
})
const { address } = await serveUnderstanding('127.0.0.1:0', { understand, log, metrics, modelVersion: served.version })

export type NluState = { model: string; residentMb: number; heapMb: number }

process.on('message', (asked) => {
  if (asked === 'settled') globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  const state: NluState = { model: served.version(), residentMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 }
  process.send?.(state)
})
process.on('disconnect', () => process.exit(0))
process.send?.(address)
