import type { FastifyRequest } from 'fastify'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import {
  deviceListSchema,
  deviceParams,
  deviceTopicParams,
  doneSchema,
  registerDeviceSchema,
  registeredDeviceSchema,
} from '../api.ts'
import {
  type DeviceDeps,
  registerOwnDevice,
  removeOwnDevice,
  subscribeOwnDevice,
  unsubscribeOwnDevice,
} from './change-devices.ts'
import type { Device } from './device-store.ts'

type Deps = DeviceDeps & { actorOf: (request: FastifyRequest) => { userId: string } }

const toClient = { destination: 'client' }
const own = { access: 'signed-in' }
const done = () => wrapMessage({ done: true }, toClient)

/** One's own devices and their topics, for everybody who is signed in. */
export function registerDeviceRoutes(server: HttpServer, deps: Deps): void {
  registerOwnDevices(server, deps)
  registerOwnTopics(server, deps)
}

function registerOwnDevices(server: HttpServer, deps: Deps): void {
  const { devices, actorOf } = deps
  server.post(
    '/api/v1/me/devices',
    {
      config: own,
      schema: { body: registerDeviceSchema, response: { 200: envelopeOf(registeredDeviceSchema), 409: error } },
    },
    async (request) => wrapMessage(await registerOwnDevice(deps, request.body, callerOf(deps, request)), toClient),
  )
  server.get(
    '/api/v1/me/devices',
    { config: own, schema: { response: { 200: envelopeOf(deviceListSchema) } } },
    async (request) => {
      const list = await devices.listOf(actorOf(request).userId)
      return wrapMessage({ devices: list.map(describeDevice) }, toClient)
    },
  )
  server.delete(
    '/api/v1/me/devices/:device',
    { config: own, schema: { params: deviceParams, response: { 200: envelopeOf(doneSchema), 404: error } } },
    async (request) => {
      await removeOwnDevice(deps, request.params.device, callerOf(deps, request))
      return done()
    },
  )
}

function registerOwnTopics(server: HttpServer, deps: Deps): void {
  const response = { 200: envelopeOf(doneSchema), 404: error, 409: error }
  const options = { config: own, schema: { params: deviceTopicParams, response } }
  server.put('/api/v1/me/devices/:device/topics/:topic', options, async (request) => {
    await subscribeOwnDevice(deps, request.params, callerOf(deps, request))
    return done()
  })
  server.delete('/api/v1/me/devices/:device/topics/:topic', options, async (request) => {
    await unsubscribeOwnDevice(deps, request.params, callerOf(deps, request))
    return done()
  })
}

const callerOf = ({ actorOf }: Deps, request: FastifyRequest) => ({ userId: actorOf(request).userId, ip: request.ip })

function describeDevice({ name, registeredAt, seenAt, ...device }: Device) {
  return {
    ...device,
    ...(name !== null && { name }),
    registeredAt: registeredAt.toISOString(),
    seenAt: seenAt.toISOString(),
  }
}
