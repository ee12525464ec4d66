import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '#catalog'
import { envelopeOf, errorBodySchema, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import type { AccessRules } from '../access-rules.ts'
import { roles } from '../actor.ts'
import {
  decideRoleSchema,
  endedSessionsSchema,
  peopleListSchema,
  peopleQuerySchema,
  personSchema,
  policySchema,
  reasonSchema,
} from './api.ts'
import type { ChangeBy, ChangeDeps } from './change-person.ts'
import { decideRole } from './decide-role.ts'
import { describePerson, describeSummary } from './describe-person.ts'
import { peopleErrors } from './errors.ts'
import { listCursor } from './list-cursor.ts'
import { describePolicy } from './policy-table.ts'
import { disablePerson, enablePerson, endPersonSessions } from './shut-out.ts'

type RouteDeps = Omit<ChangeDeps, 'rules'> & {
  rules: AccessRules
  catalog: Catalog
  actorOf: (request: FastifyRequest) => { userId: string }
}

const toClient = { destination: 'client' }
const config = { access: 'people' }
const error = errorBodySchema
const personParams = z.object({ userId: z.uuid() })
const onePerson = { 200: envelopeOf(personSchema), 404: error }
const changed = { ...onePerson, 409: error }

/** The administration of people and their roles, for those whose role permits `people`. */
export function registerPeopleRoutes(server: HttpServer, deps: RouteDeps): void {
  registerReading(server, deps)
  registerRoleChanges(server, deps)
  registerShuttingOut(server, deps)
}

function registerReading(server: HttpServer, deps: RouteDeps): void {
  server.get(
    '/api/v1/admin/people',
    { config, schema: { querystring: peopleQuerySchema, response: { 200: envelopeOf(peopleListSchema) } } },
    async ({ query: { after, state, search, limit, role } }) => {
      const people = await deps.people.list({
        search: search?.normalize('NFC').trim(),
        ...{ role, limit, disabled: state && state === 'disabled', after: after ? listCursor.read(after) : undefined },
      })
      const page = people.slice(0, limit)
      const last = people.length > limit ? page.at(-1) : undefined
      return wrapMessage(
        { people: page.map(describeSummary), ...(last && { next: listCursor.format(last) }) },
        toClient,
      )
    },
  )
  server.get(
    '/api/v1/admin/people/:userId',
    { config, schema: { params: personParams, response: onePerson } },
    async (request) => await tellPerson(deps, request),
  )
  server.get('/api/v1/admin/roles', { config, schema: { response: { 200: envelopeOf(policySchema) } } }, async () =>
    wrapMessage({ roles: [...roles], ...describePolicy(deps.rules, deps.catalog) }, toClient),
  )
}

function registerRoleChanges(server: HttpServer, deps: RouteDeps): void {
  const params = personParams.extend({ role: z.enum(roles) })
  server.put(
    '/api/v1/admin/people/:userId/roles/:role',
    { config, schema: { params, body: decideRoleSchema, response: changed } },
    async (request) => {
      const { role } = request.params
      await decideRole(deps, changeOf(deps, request), { role, ...request.body })
      return await tellPerson(deps, request)
    },
  )
}

function registerShuttingOut(server: HttpServer, deps: RouteDeps): void {
  const schema = { params: personParams, body: reasonSchema }
  for (const [path, act] of [
    ['disable', disablePerson],
    ['enable', enablePerson],
  ] as const) {
    server.post(
      `/api/v1/admin/people/:userId/${path}`,
      { config, schema: { ...schema, response: changed } },
      async (request) => {
        await act(deps, changeOf(deps, request), request.body.reason)
        return await tellPerson(deps, request)
      },
    )
  }
  server.post(
    '/api/v1/admin/people/:userId/end-sessions',
    {
      config,
      schema: { ...schema, response: { 200: envelopeOf(endedSessionsSchema), 404: error, 409: error } },
    },
    async (request) => {
      const ended = await endPersonSessions(deps, changeOf(deps, request), request.body.reason)
      return wrapMessage({ ended }, toClient)
    },
  )
}

type PersonRequest = FastifyRequest & { params: { userId: string } }

function changeOf({ actorOf }: RouteDeps, request: PersonRequest): ChangeBy {
  return { actorId: actorOf(request).userId, ip: request.ip, userId: request.params.userId }
}

async function tellPerson(deps: RouteDeps, request: PersonRequest) {
  const person = await deps.people.read(request.params.userId)
  if (!person) throw new AppError(peopleErrors.notFound)
  return wrapMessage(await describePerson(deps, person, deps.actorOf(request).userId), toClient)
}
