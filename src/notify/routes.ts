import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import {
  type EmailBody,
  type EmailDetailBody,
  emailDetailSchema,
  emailListQuerySchema,
  emailListSchema,
  emailParams,
  previewQuerySchema,
  previewSchema,
  requestEmailSchema,
  requestedEmailSchema,
  templateListSchema,
} from './api.ts'
import type { EmailDetail, EmailRecord, EmailStore, RequestedEmail } from './email/email-store.ts'
import type { RecipientKind } from './email/limits.ts'
import type { EmailRequest } from './email/request-email.ts'
import type { Templates } from './email/templates/render-template.ts'
import { notifyErrors } from './errors.ts'
import { listCursor, readInstant } from './list-cursor.ts'

export type RouteDeps = {
  store: Pick<EmailStore, 'list' | 'read'>
  templates: Templates
  requestEmail: (request: EmailRequest) => Promise<RequestedEmail>
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'notify' }
/** Ten megabytes of attachments are fourteen in base64. */
const bodyLimit = 16 * 1024 * 1024

/** Mail for those whose role permits `notify`: what was sent and what became of it, sending, and how templates look. */
export function registerNotifyRoutes(server: HttpServer, deps: RouteDeps): void {
  registerEmails(server, deps)
  registerTemplates(server, deps)
}

function registerEmails(server: HttpServer, { store, requestEmail, actorOf }: RouteDeps): void {
  server.get(
    '/api/v1/notify/emails',
    { config, schema: { querystring: emailListQuerySchema, response: { 200: envelopeOf(emailListSchema) } } },
    async ({ query: { state, recipient, from, to, limit, after } }) => {
      const found = await store.list({
        ...{ state, recipient, from: readInstant(from), to: readInstant(to) },
        limit: limit + 1,
        after: after === undefined ? undefined : listCursor.read(after),
      })
      const emails = found.slice(0, limit)
      const last = emails.at(-1)
      const next =
        found.length > limit && last ? { next: listCursor.format({ at: last.requestedAt, id: last.email }) } : {}
      return wrapMessage({ emails: emails.map(describeEmail), ...next }, toClient)
    },
  )
  server.get(
    '/api/v1/notify/emails/:email',
    {
      config,
      schema: { params: emailParams, response: { 200: envelopeOf(emailDetailSchema), 404: error } },
    },
    async ({ params }) => {
      const email = await store.read(params.email)
      if (!email) throw new AppError(notifyErrors.emailUnknown)
      return wrapMessage(describeDetail(email), toClient)
    },
  )
  server.post(
    '/api/v1/notify/emails',
    {
      config,
      bodyLimit,
      schema: { body: requestEmailSchema, response: { 202: envelopeOf(requestedEmailSchema), 404: error } },
    },
    async (request, reply) => {
      const { to, cc, bcc, attachments, ...body } = request.body
      const named = (kind: RecipientKind, list: string[]) => list.map((address) => ({ kind, address }))
      const requested = await requestEmail({
        ...body,
        recipients: [...named('to', to), ...named('cc', cc), ...named('bcc', bcc)],
        attachments: attachments.map(({ content, ...rest }) => ({ ...rest, content: Buffer.from(content, 'base64') })),
        requestedBy: actorOf(request).userId,
      })
      const { request: id, emails } = requested
      return reply.code(202).send(wrapMessage({ request: id, emails }, toClient))
    },
  )
}

function registerTemplates(server: HttpServer, { templates }: RouteDeps): void {
  server.get(
    '/api/v1/notify/templates',
    { config, schema: { response: { 200: envelopeOf(templateListSchema) } } },
    async () => {
      const list = templates.list().map(({ name, version, example }) => {
        return { template: name, version, variables: Object.keys(example.ko) }
      })
      return wrapMessage({ templates: list }, toClient)
    },
  )
  server.get(
    '/api/v1/notify/templates/:template/preview',
    {
      config,
      schema: {
        params: z.object({ template: z.string().max(80) }),
        querystring: previewQuerySchema,
        response: { 200: envelopeOf(previewSchema), 404: error },
      },
    },
    async ({ params: { template }, query: { language, version } }) => {
      const { example } = templates.find(template, version)
      return wrapMessage(templates.render({ template, version, language }, example[language]), toClient)
    },
  )
}

function describeEmail({ requestedAt, sentAt, error: code, reply, ...email }: EmailRecord): EmailBody {
  const { request, part, state, template, version, language, attempts, requestedBy, opens, clicks } = email
  return {
    ...{ email: email.email, request, part, state, template, version, language, attempts, requestedBy, opens, clicks },
    requestedAt: requestedAt.toISOString(),
    ...(sentAt && { sentAt: sentAt.toISOString() }),
    ...(code !== null && { error: code }),
    ...(reply !== null && { reply }),
  }
}

function describeDetail({ subject, recipients, events, ...email }: EmailDetail): EmailDetailBody {
  return {
    ...describeEmail(email),
    subject,
    events: events.map(({ kind, at }) => ({ kind, at: at.toISOString() })),
    recipients: recipients.map(({ reply, ...recipient }) => ({ ...recipient, ...(reply !== null && { reply }) })),
  }
}
