import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ActorNames } from '#audit'
import { envelopeOf, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { notifyErrors } from '../../errors.ts'
import { listCursor } from '../../list-cursor.ts'
import {
  deviceQuerySchema,
  registeredDevicesSchema,
  topicChangeSchema,
  topicListSchema,
  topicMembersSchema,
  topicParams,
} from '../api.ts'
import { changeTopicMembers, type DeviceDeps } from './change-devices.ts'
import type { ListedDevice } from './device-store.ts'

export type DeviceAdminDeps = DeviceDeps & {
  names: ActorNames
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'notify' }
const mostTopicsListed = 1_000
const mostPeople = 100

/** Everybody's devices, and topics, for those whose role permits `notify`. */
export function registerDeviceAdmin(server: HttpServer, deps: DeviceAdminDeps): void {
  const { devices, names } = deps
  server.get(
    '/api/v1/notify/devices',
    { config, schema: { querystring: deviceQuerySchema, response: { 200: envelopeOf(registeredDevicesSchema) } } },
    async ({ query: { person, limit, after } }) => {
      const users = person === undefined ? undefined : (await findPeople(names, person)).filter(isUserId)
      const place = after === undefined ? undefined : listCursor.read(after)
      const found = await devices.list({ users, limit: limit + 1, after: place })
      const page = found.slice(0, limit)
      const owners = await names.namesOf([...new Set(page.map(({ userId }) => userId))])
      const last = page.at(-1)
      const next = found.length > limit && last ? { next: listCursor.format({ at: last.seenAt, id: last.device }) } : {}
      return wrapMessage({ devices: page.map((device) => describeDevice(device, owners)), ...next }, toClient)
    },
  )
  registerTopics(server, deps)
}

async function findPeople(names: ActorNames, person: string): Promise<string[]> {
  const found = await names.findActors(person, mostPeople + 1)
  if (found.length > mostPeople) throw new AppError(notifyErrors.personUnclear, { params: { max: mostPeople } })
  return found
}

function registerTopics(server: HttpServer, deps: DeviceAdminDeps): void {
  server.get(
    '/api/v1/notify/topics',
    { config, schema: { response: { 200: envelopeOf(topicListSchema) } } },
    async () => wrapMessage({ topics: await deps.devices.listTopics(mostTopicsListed) }, toClient),
  )
  for (const change of ['subscribe', 'unsubscribe'] as const)
    server.post(
      `/api/v1/notify/topics/:topic/${change}`,
      {
        config,
        schema: { params: topicParams, body: topicMembersSchema, response: { 200: envelopeOf(topicChangeSchema) } },
      },
      async (request) => {
        const { topic } = request.params
        const wish = { change, topic, members: request.body }
        const caller = { userId: deps.actorOf(request).userId, ip: request.ip }
        return wrapMessage({ topic, devices: await changeTopicMembers(deps, wish, caller) }, toClient)
      },
    )
}

/** A search for a person may find a machine's key, which has no devices, and falls back to what was searched for. */
const isUserId = (id: string): boolean => z.uuid().safeParse(id).success

function describeDevice({ name, userId, registeredAt, seenAt, ...rest }: ListedDevice, owners: Map<string, string>) {
  const owner = owners.get(userId)
  const { platform, language, topics } = rest
  return {
    ...{ platform, language, topics },
    ...(name !== null && { name }),
    ...(owner !== undefined && { person: owner }),
    registeredAt: registeredAt.toISOString(),
    seenAt: seenAt.toISOString(),
  }
}
