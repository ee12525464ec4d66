import type { Kysely } from 'kysely'
import type { AuditLog } from '#audit'
import type { Database } from '#platform/database'
import type { FieldCipher } from '#platform/encryption'
import type { HttpServer } from '#platform/http-server'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import type { Consumer, MessageQueue } from '#platform/queue'
import { emailQueue } from './email/email-queue.ts'
import { createPostgresEmailStore } from './email/email-store.postgres.ts'
import type { RequestedEmail } from './email/email-store.ts'
import { fetchText } from './email/events/fetch-text.ts'
import { receiveEvent } from './email/events/receive-event.ts'
import { registerEmailEvents } from './email/events/routes.ts'
import { createSnsCheck, type FetchText } from './email/events/verify-sns.ts'
import { mostPerSecond } from './email/limits.ts'
import { createMailMetrics } from './email/mail-metrics.ts'
import type { Mailer } from './email/mailer.ts'
import { type EmailRequest, requestEmail } from './email/request-email.ts'
import { registerEmailAdmin } from './email/routes.ts'
import { createEmailSender } from './email/send-email.ts'
import { createPostgresSendSlots } from './email/send-slots.postgres.ts'
import { createTemplates } from './email/templates/render-template.ts'
import { loadTemplates } from './email/templates/template-file.ts'
import { type RouteDeps, registerNotifyRoutes } from './routes.ts'
import type { NotifySummary } from './summary/api.ts'
import { registerSummary } from './summary/routes.ts'

export { emailQueue } from './email/email-queue.ts'
export type { Attachment, RequestedEmail } from './email/email-store.ts'
export type { Recipient } from './email/limits.ts'
export { createSmtpMailer, type SmtpOptions } from './email/mailer.smtp.ts'
export type { Mailer } from './email/mailer.ts'
export type { EmailRequest } from './email/request-email.ts'
export { createTemplates } from './email/templates/render-template.ts'
export { loadTemplates, mailLanguages } from './email/templates/template-file.ts'
export {
  createPush,
  type FcmAccess,
  type Push,
  pushQueues,
  readServiceAccount,
} from './push/index.ts'
export { sealedNotifyColumns } from './sealed-columns.ts'

type Deps = {
  database: Database
  queue: MessageQueue
  cipher: FieldCipher
  audit: Pick<AuditLog, 'recordWith'>
  /** Absent when no mail server is configured: then nothing can be requested. */
  mailer: Mailer | undefined
  templatesDir: string
  log: Logger
  metrics: Metrics
}

type EventOptions = { topicArn: string; fetchText?: FetchText; now?: () => Date }

/** Email as the rest of the product sees it. */
export type Notify = {
  /** Has a mail sent, in the transaction of what causes it if one is given. Throws AppError naming the limit that it is over. */
  requestEmail(request: EmailRequest, within?: Kysely<unknown>): Promise<RequestedEmail>
  /** `provider`: what push messages go to. */
  registerRoutes(
    server: HttpServer,
    deps: Pick<RouteDeps, 'actorOf'> & { provider: NotifySummary['push']['provider'] },
  ): void
  /** Takes in what Amazon SES reports through the topic. */
  registerEvents(server: HttpServer, options: EventOptions): void
  /** Sends what is requested from now on; undefined when no mail server is configured. */
  startSending(): Promise<Consumer | undefined>
  /** Removes records of mails that are older. Answers how many requests there were. */
  removeOlderThan(days: number): Promise<number>
}

const prefetch = 4

/** Opens email over the queue and the mailer. Throws when a template has a fault. */
export function createNotify({ database, queue, cipher, audit, mailer, templatesDir, ...deps }: Deps): Notify {
  const log = deps.log.child({ 'event.module': 'notify' })
  const metrics = createMailMetrics(deps.metrics)
  const store = createPostgresEmailStore({ database, cipher })
  const templates = createTemplates(loadTemplates(templatesDir))
  const requesting = { database, queue, store, templates, isConfigured: mailer !== undefined }
  const request: Notify['requestEmail'] = (email, within) => requestEmail(requesting, email, within)
  return {
    requestEmail: request,
    registerRoutes: (server, { actorOf, provider }) => {
      registerNotifyRoutes(server, { store, templates, requestEmail: request, actorOf })
      registerEmailAdmin(server, { ...requesting, audit, actorOf })
      registerSummary(server, { database, hasMailer: mailer !== undefined, provider })
    },
    registerEvents: (server, { topicArn, now = () => new Date(), ...given }) => {
      const fetching = given.fetchText ?? fetchText
      const check = createSnsCheck({ topicArn, fetchText: fetching, now })
      registerEmailEvents(server, (message) =>
        receiveEvent({ check, fetchText: fetching, store, metrics, log }, message),
      )
    },
    startSending: async () => {
      if (!mailer) return undefined
      // Longer than a sending and the note of it can take.
      const leaseMs = mailer.deadlineMs + 10_000
      const slots = createPostgresSendSlots({ kysely: database.kysely, perSecond: mostPerSecond, leaseMs })
      const send = createEmailSender({ store, mailer, slots, metrics, log })
      return await queue.consume(emailQueue, { prefetch, drainMs: mailer.deadlineMs }, send)
    },
    removeOlderThan: store.removeOlderThan,
  }
}
