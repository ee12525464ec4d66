import type { Database } from '#platform/database'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { type NotifySummary, notifySummarySchema } from './api.ts'
import { countMessages } from './count-messages.ts'

type Deps = { database: Database; hasMailer: boolean; provider: NotifySummary['push']['provider'] }

/** `GET /api/v1/notify/summary`: how mail and push are doing, for those whose role permits `notify`. */
export function registerSummary(server: HttpServer, { database, hasMailer, provider }: Deps): void {
  server.get(
    '/api/v1/notify/summary',
    { config: { access: 'notify' }, schema: { response: { 200: envelopeOf(notifySummarySchema) } } },
    async () => {
      const { mail, push } = await countMessages(database.kysely)
      const summary = { mail: { ...mail, isConfigured: hasMailer }, push: { ...push, provider } }
      return wrapMessage(summary, { destination: 'client' })
    },
  )
}
