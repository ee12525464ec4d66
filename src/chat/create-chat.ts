import type { AuditLog } from '#audit'
import type { Auth } from '#auth'
import type { Catalog } from '#catalog'
import type { AnswerQuery } from '#erp'
import type { Understand } from '#nlu'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { ConversationStore } from './conversation-store.ts'
import { type RouteDeps, registerChatRoutes } from './routes.ts'
import { registerChatSocket } from './socket.ts'
import type { StandingOrders } from './standing-orders.ts'
import { createChatMetrics } from './step-timer.ts'
import { createTurnstile } from './turnstile.ts'

export type ChatDeps = {
  understand: Understand
  answerQuery: AnswerQuery
  auth: Pick<Auth, 'guard' | 'actorOf' | 'permitRead'>
  catalog: Catalog
  orders: StandingOrders
  conversations: ConversationStore
  audit: Pick<AuditLog, 'record'>
  metrics: Metrics
  log: Logger
  now?: () => Date
}

export type Chat = {
  /** The HTTP routes under /api/v1 and the WebSocket GET /api/v1/chat. */
  registerRoutes(server: HttpServer): void
}

/** Binds the chat to what it asks. One a process: it keeps the questions of a conversation in line. */
export function createChat({ now = () => new Date(), ...deps }: ChatDeps): Chat {
  const bound: RouteDeps = {
    ...deps,
    permitRead: deps.auth.permitRead,
    metrics: createChatMetrics(deps.metrics),
    turnstile: createTurnstile(),
    log: deps.log.child({ 'event.module': 'chat' }),
    now,
  }
  return {
    registerRoutes(server) {
      registerChatRoutes(server, bound)
      registerChatSocket(server, bound)
    },
  }
}
