import type { FastifyRequest } from 'fastify'
import { type ActorNames, type AuditLog, recordAct } from '#audit'
import type { Database } from '#platform/database'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import type { DeadLetters } from '#platform/queue'
import { listCursor, readInstant } from '../list-cursor.ts'
import {
  deliveryListQuerySchema,
  deliveryListSchema,
  type PushBody,
  pushDetailSchema,
  pushListQuerySchema,
  pushListSchema,
  pushParams,
  pushSchema,
  replayedSchema,
  requestedPushSchema,
  requestPushSchema,
  sinkQuerySchema,
  sinkSchema,
} from './api.ts'
import type { DeviceStore } from './devices/device-store.ts'
import { pushErrors } from './errors.ts'
import type { DeliveryRecord, PushRecord, PushStore } from './push-store.ts'
import { replayPush } from './replay-push.ts'
import type { PushRequest, RequestedPush } from './request-push.ts'
import type { SinkFilter, SinkRecord } from './sink-records.ts'

export type PushRouteDeps = {
  database: Database
  store: PushStore
  deadLetters: DeadLetters
  requestPush: (request: PushRequest, within: Parameters<PushStore['add']>[1]) => Promise<RequestedPush>
  devices: Pick<DeviceStore, 'find'>
  names: Pick<ActorNames, 'namesOf'>
  listSink: (filter: SinkFilter) => Promise<SinkRecord[]>
  audit: Pick<AuditLog, 'recordWith' | 'record'>
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'notify' }

/** Push messages for those whose role permits `notify`: sending, what became of each, cancelling, and what the sink has recorded. */
export function registerPushRoutes(server: HttpServer, deps: PushRouteDeps): void {
  registerRequests(server, deps)
  registerRecords(server, deps)
  registerDevices(server, deps)
}

function registerRequests(server: HttpServer, deps: PushRouteDeps): void {
  const { database, store, audit, actorOf } = deps
  server.post(
    '/api/v1/notify/push',
    { config, schema: { body: requestPushSchema, response: { 202: envelopeOf(requestedPushSchema) } } },
    async (request, reply) => {
      const { target, sendAt, idempotencyKey, ...content } = request.body
      const wish = {
        ...{ content, target, idempotencyKey, requestedBy: actorOf(request).userId },
        sendAt: sendAt === undefined ? undefined : new Date(sendAt),
      }
      const requested = await database.kysely.transaction().execute(async (transaction) => {
        const found = await deps.requestPush(wish, transaction)
        const { push } = found
        if (found.isNew)
          await recordAct(deps, request, { action: 'push.request', details: { push, sendAt } })(transaction)
        return found
      })
      return reply.code(202).send(wrapMessage(requested, toClient))
    },
  )
  server.post(
    '/api/v1/notify/push/:push/cancel',
    {
      config,
      schema: { params: pushParams, response: { 200: envelopeOf(pushSchema), 404: error, 409: error } },
    },
    async (request) => {
      const { push } = request.params
      await database.kysely.transaction().execute(async (transaction) => {
        const found = await store.cancel(push, transaction)
        if (found === undefined) throw new AppError(pushErrors.unknown)
        if (found === 'over') throw new AppError(pushErrors.over)
        await recordAct(deps, request, { action: 'push.cancel', details: { push } })(transaction)
      })
      return wrapMessage(describePush(await readPush(store, push)), toClient)
    },
  )
  server.post(
    '/api/v1/notify/push/:push/replay',
    { config, schema: { params: pushParams, response: { 200: envelopeOf(replayedSchema), 404: error } } },
    async (request) => {
      const { push } = await readPush(store, request.params.push)
      const actor = { actorId: actorOf(request).userId, ip: request.ip }
      await audit.record({ ...actor, action: 'push.replay', outcome: 'ok', details: { push } })
      return wrapMessage({ replayed: await replayPush(deps.deadLetters, push) }, toClient)
    },
  )
}

function registerRecords(server: HttpServer, { store }: PushRouteDeps): void {
  server.get(
    '/api/v1/notify/push',
    { config, schema: { querystring: pushListQuerySchema, response: { 200: envelopeOf(pushListSchema) } } },
    async ({ query: { state, from, to, limit, after } }) => {
      const found = await store.list({
        ...{ state, from: readInstant(from), to: readInstant(to) },
        limit: limit + 1,
        after: after === undefined ? undefined : listCursor.read(after),
      })
      const messages = found.slice(0, limit)
      const last = messages.at(-1)
      const next =
        found.length > limit && last ? { next: listCursor.format({ at: last.requestedAt, id: last.push }) } : {}
      return wrapMessage({ messages: messages.map(describePush), ...next }, toClient)
    },
  )
  server.get(
    '/api/v1/notify/push/:push',
    { config, schema: { params: pushParams, response: { 200: envelopeOf(pushDetailSchema), 404: error } } },
    async ({ params: { push } }) => {
      const record = await readPush(store, push)
      const asked = await store.readContent(push)
      if (!asked) throw new AppError(pushErrors.unknown)
      return wrapMessage({ ...describePush(record), ...asked.content, target: asked.target }, toClient)
    },
  )
}

function registerDevices(server: HttpServer, deps: PushRouteDeps): void {
  const { store, listSink } = deps
  server.get(
    '/api/v1/notify/push/:push/devices',
    {
      config,
      schema: {
        params: pushParams,
        querystring: deliveryListQuerySchema,
        response: { 200: envelopeOf(deliveryListSchema), 404: error },
      },
    },
    async ({ params, query: { limit, after } }) => {
      const { push } = await readPush(store, params.push)
      const found = await store.listDeliveries(push, { limit: limit + 1, after })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const next = found.length > limit && last ? { next: last.device } : {}
      return wrapMessage({ devices: await describeDeliveries(deps, page), ...next }, toClient)
    },
  )
  server.get(
    '/api/v1/notify/push-sink',
    { config, schema: { querystring: sinkQuerySchema, response: { 200: envelopeOf(sinkSchema) } } },
    async ({ query: { push: of, limit, after } }) => {
      const found = await listSink({
        push: of,
        limit: limit + 1,
        after: after === undefined ? undefined : listCursor.read(after),
      })
      const records = found.slice(0, limit)
      const last = records.at(-1)
      const next =
        found.length > limit && last ? { next: listCursor.format({ at: last.recordedAt, id: last.record }) } : {}
      const described = records.map(({ recordedAt, ...record }) => ({
        ...record,
        recordedAt: recordedAt.toISOString(),
      }))
      return wrapMessage({ records: described, ...next }, toClient)
    },
  )
}

async function readPush(store: PushStore, push: string): Promise<PushRecord> {
  const record = await store.read(push)
  if (!record) throw new AppError(pushErrors.unknown)
  return record
}

function describePush({ requestedAt, dueAt, settledAt, error: code, ...push }: PushRecord): PushBody {
  return {
    ...push,
    requestedAt: requestedAt.toISOString(),
    dueAt: dueAt.toISOString(),
    ...(settledAt && { settledAt: settledAt.toISOString() }),
    ...(code !== null && { error: code }),
  }
}

/** With what is known of each device; of one that is no longer registered the record stays. */
async function describeDeliveries({ devices, names }: PushRouteDeps, page: readonly DeliveryRecord[]) {
  const known = await devices.find(page.map(({ device }) => device))
  const owners = await names.namesOf([...new Set([...known.values()].map(({ userId }) => userId))])
  return page.map((delivery) => {
    const { platform, name, userId } = known.get(delivery.device) ?? {}
    const person = userId === undefined ? undefined : owners.get(userId)
    const facts = { ...(platform && { platform }), ...(name && { name }), ...(person && { person }) }
    return { ...describeDelivery(delivery), ...facts }
  })
}

function describeDelivery({ sentAt, error: code, ...delivery }: DeliveryRecord) {
  return { ...delivery, ...(sentAt && { sentAt: sentAt.toISOString() }), ...(code !== null && { error: code }) }
}
