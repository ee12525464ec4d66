import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import type { HttpServer } from '#platform/http-server'
import type { Actor } from '../actor.ts'
import {
  type NetworkRulesBody,
  networkRulesSchema,
  networkSubjectSchema,
  networkSubjects,
  setNetworksSchema,
} from './api.ts'
import type { NetworkRule } from './network-store.ts'
import { type SetNetworksDeps, setNetworks } from './set-networks.ts'

type Deps = SetNetworksDeps & { actorOf: (request: FastifyRequest) => Actor }

const toClient = { destination: 'client' }
const config = { access: 'networks' }

/** The administration of network rules, for those whose role permits `networks`. */
export function registerNetworkRoutes(server: HttpServer, deps: Deps): void {
  const { store, actorOf } = deps
  const response = { 200: envelopeOf(networkRulesSchema) }
  const answer = async ({ ip }: FastifyRequest) => wrapMessage(describeRules(await store.list(), ip), toClient)
  server.get('/api/v1/admin/networks', { config, schema: { response } }, async (request) => await answer(request))
  server.put(
    '/api/v1/admin/networks/:subject',
    {
      config,
      schema: {
        params: z.object({ subject: networkSubjectSchema }),
        body: setNetworksSchema,
        response: { ...response, 409: errorBodySchema },
      },
    },
    async (request) => {
      const change = { ...request.params, ...request.body }
      await setNetworks(deps, change, { actor: actorOf(request), ip: request.ip })
      return await answer(request)
    },
  )
}

function describeRules(rules: NetworkRule[], yourAddress: string): NetworkRulesBody {
  const described = networkSubjects.map((subject) => {
    const rule = rules.find((one) => one.subject === subject)
    if (!rule) return { subject, networks: [] }
    return { subject, networks: rule.networks, changedAt: rule.changedAt.toISOString(), changedBy: rule.changedBy }
  })
  return { rules: described, yourAddress }
}
