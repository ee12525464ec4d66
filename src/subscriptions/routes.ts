import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '#auth'
import { envelopeOf, errorBodySchema as error, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import { addSubscription } from './add-subscription.ts'
import {
  changeSubscriptionSchema,
  newSubscriptionSchema,
  subscriptionCountsSchema,
  subscriptionListSchema,
  subscriptionSchema,
} from './api.ts'
import { changeSubscription, findOwn, removeSubscription, runSubscription } from './change-subscription.ts'
import { describeSubscription } from './describe-subscription.ts'
import type { Subscription } from './subscription.ts'
import type { SubscriptionDeps } from './subscription-deps.ts'

type RouteDeps = SubscriptionDeps & { actorOf: (request: FastifyRequest) => Actor }

const toClient = { destination: 'client' }
const config = { access: 'signed-in' }
const params = z.object({ subscription: z.uuid() })
const one = { 200: envelopeOf(subscriptionSchema), 404: error }

/** One's own subscriptions and alerts; for those who may manage `notify`, how many there are, and nothing of what they are about. */
export function registerSubscriptionRoutes(server: HttpServer, deps: RouteDeps): void {
  const { actorOf } = deps
  const placeOf = (request: FastifyRequest, { subscription }: { subscription: string }) => {
    return { subscription, actor: actorOf(request), ip: request.ip }
  }
  const describe = (subscription: Subscription, { language }: Actor) =>
    describeSubscription(subscription, { catalog: deps.catalog, language, now: deps.now() })
  registerOwn(server, deps, describe)

  server.get('/api/v1/subscriptions/:subscription', { config, schema: { params, response: one } }, async (request) => {
    const place = placeOf(request, request.params)
    return wrapMessage(describe(await findOwn(deps, place), place.actor), toClient)
  })
  server.patch(
    '/api/v1/subscriptions/:subscription',
    { config, schema: { params, body: changeSubscriptionSchema, response: { ...one, 409: error } } },
    async (request) => {
      const place = placeOf(request, request.params)
      return wrapMessage(describe(await changeSubscription(deps, place, request.body), place.actor), toClient)
    },
  )
  server.post(
    '/api/v1/subscriptions/:subscription/run',
    { config, schema: { params, response: { 202: envelopeOf(z.object({})), 404: error, 409: error } } },
    async (request, reply) => {
      await runSubscription(deps, placeOf(request, request.params))
      return reply.code(202).send(wrapMessage({}, toClient))
    },
  )
  server.delete(
    '/api/v1/subscriptions/:subscription',
    { config, schema: { params, response: { 200: envelopeOf(z.object({})), 404: error } } },
    async (request) => {
      await removeSubscription(deps, placeOf(request, request.params))
      return wrapMessage({}, toClient)
    },
  )
}

type Describe = (subscription: Subscription, actor: Actor) => z.infer<typeof subscriptionSchema>

function registerOwn(server: HttpServer, deps: RouteDeps, describe: Describe): void {
  const { actorOf, store, mostOfOwner } = deps
  server.get(
    '/api/v1/subscriptions',
    { config, schema: { response: { 200: envelopeOf(subscriptionListSchema) } } },
    async (request) => {
      const actor = actorOf(request)
      const own = await store.list(actor.userId)
      return wrapMessage({ subscriptions: own.map((each) => describe(each, actor)), limit: mostOfOwner }, toClient)
    },
  )
  server.post(
    '/api/v1/subscriptions',
    { config, schema: { body: newSubscriptionSchema, response: { 201: envelopeOf(subscriptionSchema), 409: error } } },
    async (request, reply) => {
      const actor = actorOf(request)
      const { language = actor.language, ...body } = request.body
      const added = await addSubscription(deps, { ...body, language }, { actor, ip: request.ip })
      return reply.code(201).send(wrapMessage(describe(added, actor), toClient))
    },
  )
  server.get(
    '/api/v1/admin/subscriptions',
    { config: { access: 'notify' }, schema: { response: { 200: envelopeOf(subscriptionCountsSchema) } } },
    async () => wrapMessage({ counts: await store.counts() }, toClient),
  )
}
