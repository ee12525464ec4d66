import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Database } from '#platform/database'
import { createFieldCipher, createFileKeyService } from '#platform/encryption'
import { createLogger } from '#platform/log'
import { createMetrics } from '#platform/metrics'
import { createPostgresQueue, type MessageQueue, type Queue } from '#platform/queue'
import { emailQueue } from './email-queue.ts'
import { createPostgresEmailStore } from './email-store.postgres.ts'
import type { Recipient } from './limits.ts'
import { createMailMetrics } from './mail-metrics.ts'
import type { Mailer } from './mailer.ts'
import { type EmailRequest, requestEmail } from './request-email.ts'
import { createEmailSender } from './send-email.ts'
import { createPostgresSendSlots } from './send-slots.postgres.ts'
import { createTemplates } from './templates/render-template.ts'
import { loadTemplates } from './templates/template-file.ts'

type Received = { at: number; recipients: string[]; user: string | undefined; isSecure: boolean; raw: Buffer }
/** May refuse, at the recipient or at the end of the message, with `responseCode`. */
export type Behaviour = {
  onRecipient?: (address: string) => number | undefined
  onMessage?: (recipients: string[]) => number | undefined | Promise<number | undefined>
}

const refusal = (code: number) =>
  Object.assign(new Error(`5.0.0 said to kim@example.com`.replace('5', String(code)[0] ?? '5')), { responseCode: code })

/** A real SMTP server that keeps what it is sent. */
export async function startSmtp(behaviour: Behaviour = {}, options: SMTPServerOptions = {}) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: options.key ? [] : ['STARTTLS'],
    closeTimeout: 200,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username ?? '' }) : done(refusal(535)),
    onRcptTo: ({ address }, _session, done) => {
      const code = behaviour.onRecipient?.(address)
      done(code === undefined ? null : refusal(code))
    },
    onData: (stream, { envelope, user, secure }, done) => {
      const recipients = envelope.rcptTo.map(({ address }) => address)
      const keep = async () => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk)
        const code = await behaviour.onMessage?.(recipients)
        if (code !== undefined) return done(refusal(code))
        received.push({
          at: performance.now(),
          recipients,
          user: user as string | undefined,
          isSecure: secure,
          raw: Buffer.concat(chunks),
        })
        done(null, `Ok ${randomUUID()}`)
      }
      keep().catch(done)
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as { port: number }
  const close = () => new Promise<void>((done) => server.close(done))
  const parse = (): Promise<ParsedMail[]> => Promise.all(received.map(({ raw }) => simpleParser(raw)))
  return { received, parse, behaviour, port, url: `smtp://127.0.0.1:${port}`, close }
}

const log = createLogger({ level: 'silent', role: 'test' })
export const testCipher = () =>
  createFieldCipher(createFileKeyService(join(mkdtempSync(join(tmpdir(), 'mail-')), 'key')))

/** Email on a database of the test's own: store, queue and templates of the product. */
export async function openEmail(
  database: Database,
  { cipher = testCipher(), queue }: { cipher?: ReturnType<typeof testCipher>; queue?: MessageQueue } = {},
) {
  const messages =
    queue ?? (await createPostgresQueue({ database, queues: [emailQueue as Queue], log, metrics: createMetrics() }))
  const store = createPostgresEmailStore({ database, cipher })
  const templates = createTemplates(loadTemplates('notify-templates'))
  const requesting = { database, queue: messages, store, templates, isConfigured: true }
  const request = (email: Partial<EmailRequest> = {}) => requestEmail(requesting, { ...notice, ...email })
  const send = (mailer: Mailer) => {
    const slots = createPostgresSendSlots({
      kysely: database.kysely,
      perSecond: 14,
      leaseMs: mailer.deadlineMs + 10_000,
    })
    const sender = createEmailSender({ store, mailer, slots, metrics: createMailMetrics(createMetrics()), log })
    return messages.consume(emailQueue, { prefetch: 4, drainMs: 5_000 }, sender)
  }
  return { store, queue: messages, templates, requesting, request, send, close: () => messages.close() }
}

export const toAll = (count: number): Recipient[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'to' as const, address: `person${index}@hanbit.example` }))

const notice: EmailRequest = {
  template: 'notice',
  language: 'ko',
  variables: { title: '재고가 기준 아래로 내려갔어요', message: 'A-100 재고가 80개예요.' },
  recipients: [{ kind: 'to', address: 'minsu@hanbit.example' }],
  requestedBy: 'test',
}

/** The most of the instants (ms) that fall into any one second. */
export function worstSecond(instants: readonly number[]): number {
  const sorted = instants.toSorted((a, b) => a - b)
  let worst = 0
  let first = 0
  for (const [last, at] of sorted.entries()) {
    while (at - (sorted[first] ?? 0) >= 1_000) first += 1
    worst = Math.max(worst, last - first + 1)
  }
  return worst
}

/** Until `check` holds; fails with its last answer. */
export async function until<T>(check: () => Promise<T> | T, isMet: (value: T) => boolean, ms = 20_000): Promise<T> {
  const giveUpAt = Date.now() + ms
  while (true) {
    const value = await check()
    if (isMet(value)) return value
    if (Date.now() > giveUpAt) throw new Error(`Not in ${ms} ms: ${JSON.stringify(value)}`)
    await wait(20)
  }
}
