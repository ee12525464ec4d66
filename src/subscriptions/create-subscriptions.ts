import type { FastifyRequest } from 'fastify'
import type { Actor } from '#auth'
import type { StandingOrders } from '#chat'
import type { HttpServer } from '#platform/http-server'
import type { Metrics } from '#platform/metrics'
import type { MessageQueue } from '#platform/queue'
import { doDue, followDue } from './follow-due.ts'
import { createStandingOrders } from './order-in-chat.ts'
import { registerSubscriptionRoutes } from './routes.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'
import { createSubscriptionMetrics } from './subscription-metrics.ts'
import { dueQueue } from './subscription-queue.ts'

type Deps = Omit<SubscriptionDeps, 'metrics' | 'queue' | 'mostOfOwner' | 'now'> & {
  queue: MessageQueue
  metrics: Metrics
  mostOfOwner?: number
  now?: () => Date
}

/** Scheduled reports and alerts as the rest of the product sees them. */
export type Subscriptions = {
  /** For the chat. */
  orders: StandingOrders
  registerRoutes(server: HttpServer, deps: { actorOf: (request: FastifyRequest) => Actor }): void
  /** Does what is due from now on; any number of workers may. */
  startWork(): Promise<{ close(): Promise<void> }>
  /** To be told of entities that have changed in the ERP: alerts about them are judged within a second or two. */
  noteChanges(entities: readonly string[]): Promise<void>
}

const mostOfOwner = 50
const everyMs = 500
/** Changes come in bursts: what follows within this time is judged together. */
const settleMs = 400
const prefetch = 4
const drainMs = 20_000

/** Binds subscriptions and alerts to what they need. */
export function createSubscriptions({ metrics, queue, ...deps }: Deps): Subscriptions {
  const log = deps.log.child({ 'event.module': 'subscriptions' })
  const bound: SubscriptionDeps = {
    ...{ mostOfOwner, now: () => new Date(), ...deps, queue, log },
    metrics: createSubscriptionMetrics(metrics),
  }
  return {
    orders: createStandingOrders(bound),
    registerRoutes: (server, { actorOf }) => registerSubscriptionRoutes(server, { ...bound, actorOf }),
    startWork: async () => {
      const consumer = await queue.consume(dueQueue, { prefetch, drainMs }, (delivery) => doDue(bound, delivery))
      const following = followDue(bound, everyMs)
      return {
        async close() {
          await following.close()
          await consumer.close()
        },
      }
    },
    noteChanges: async (entities) => {
      try {
        await bound.store.markChanged(entities, new Date(bound.now().getTime() + settleMs))
      } catch (error) {
        // The changes are in the copy all the same; alerts are looked at again every few minutes.
        log.warn({ err: error }, 'Alerts could not be told of changes')
      }
    },
  }
}
