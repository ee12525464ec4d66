import { z } from 'zod'
import { openDatabase } from '../database.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { createPostgresQueue } from './message-queue.postgres.ts'
import { createRabbitmqQueue } from './message-queue.rabbitmq.ts'
import { defineQueue, defineTopic } from './message-queue.ts'

// A process of its own that takes a message, says so and never finishes: for tests that kill it.
const [, , url = '', databaseUrl = ''] = process.argv
const log = createLogger({ level: 'silent', role: 'test' })
const database = openDatabase({ url: databaseUrl, log })
const topic = defineTopic('numbers', z.object({ number: z.number() }))
const queue = defineQueue(topic, { retry: { limit: 3, firstSeconds: 1, longestSeconds: 1 } })
const deps = { database, queues: [queue], log, metrics: createMetrics() }
const messages = url === '' ? await createPostgresQueue(deps) : await createRabbitmqQueue({ url, ...deps })
await messages.consume(queue, { prefetch: 1 }, async ({ message }) => {
  process.stdout.write(`${message.body.number}\n`)
  await new Promise(() => undefined)
})
