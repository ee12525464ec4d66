import type { Kysely } from 'kysely'
import type { Connection } from 'rabbitmq-client'
import { countDeadLetters } from '../dead-letters.ts'
import type { Queue, QueueDepth } from '../message-queue.ts'
import { countDelayed } from '../outbox.ts'
import { queueNameOf } from './topology.ts'

type Deps = { connection: Connection; kysely: Kysely<unknown>; queues: readonly Queue[] }

const watchEveryMs = 5_000

/**
 * How full the queues are. AMQP does not tell the age of what waits; but none of it is older than what was delivered last, nor than the
 * last moment at which the queue was seen empty. The later of the two bounds the age, and is close to it where messages queue up.
 */
export function createDepths({ connection, kysely, queues }: Deps) {
  const since = new Map<string, number>()
  const openedAt = Date.now()
  const passed = (queue: string, at: number) => since.set(queue, Math.max(at, since.get(queue) ?? 0))

  const count = async (queue: string) => {
    const { messageCount = 0 } = await connection.queueDeclare({ queue: queueNameOf(queue), passive: true })
    if (messageCount === 0) passed(queue, Date.now())
    return messageCount
  }
  const timer = setInterval(() => {
    if (connection.ready) for (const { name } of queues) count(name).catch(() => undefined)
  }, watchEveryMs)
  timer.unref()

  return {
    /** What is consumed here shows how old the oldest can be. */
    delivered: (queue: string, publishedAt: Date | undefined) => {
      if (publishedAt) passed(queue, publishedAt.getTime())
    },
    read: async (): Promise<QueueDepth[]> => {
      if (!connection.ready) throw new Error('RabbitMQ is out of reach')
      const [ready, delayed, dead] = await Promise.all([
        Promise.all(queues.map(({ name }) => count(name))),
        countDelayed(kysely),
        countDeadLetters(kysely),
      ])
      return queues.map(({ name, topic }, index) => {
        const depth = {
          queue: name,
          ready: ready[index] ?? 0,
          delayed: delayed.reduce(
            (sum, row) => (row.queue === name || row.topic === topic.name ? sum + row.count : sum),
            0,
          ),
          dead: dead.get(name) ?? 0,
        }
        if (depth.ready === 0) return depth
        return { ...depth, oldestSeconds: (Date.now() - (since.get(name) ?? openedAt)) / 1000 }
      })
    },
    close: async () => clearInterval(timer),
  }
}
