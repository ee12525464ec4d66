import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { errorBodySchema } from '../envelope.ts'

// Named once, so that the document refers to it instead of repeating it at every status.
const schemaRegistry = z.registry<{ id: string }>().add(errorBodySchema, { id: 'ErrorBody' })

/** OpenAPI 3.1 from the routes' own schemas at /openapi.json, every error a route can answer included. */
export async function describeApi(server: FastifyInstance, publicUrl: string): Promise<void> {
  server.addHook('onRoute', documentRoute)
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ERP chatbot',
        description:
          'Ask the ERP in plain Korean or English. Bodies under /api/v1 come in a message envelope; every error is an ErrorBody.',
        version: '1',
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'access' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  })
  let document: string | undefined
  server.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async (_, reply) => {
    document ??= JSON.stringify(server.swagger())
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

function documentRoute(route: RouteOptions): void {
  const isPublic = route.config !== undefined && 'access' in route.config && route.config.access === 'public'
  const errors = Object.fromEntries(listErrorStatuses(route, isPublic).map((status) => [status, errorBodySchema]))
  route.schema = {
    ...route.schema,
    security: route.schema?.security ?? (isPublic ? [] : [{ bearer: [] }, { cookie: [] }, ...keySecurity(route)]),
    response: { ...errors, ...(route.schema?.response as object | undefined) },
  }
}

/** API keys open the routes that name a scope; since OpenAPI 3.1 a requirement may list what is needed of any scheme. */
function keySecurity({ config }: RouteOptions): { apiKey: string[] }[] {
  return config && 'scope' in config && typeof config.scope === 'string' ? [{ apiKey: [config.scope] }] : []
}

/** What the server itself may answer before or instead of the route's handler. */
function listErrorStatuses(route: RouteOptions, isPublic: boolean): number[] {
  const always = [400, 414, 429, 431, 500, 503]
  const guarded = isPublic ? [] : [401, 403]
  const changing = [route.method].flat().some((method) => method !== 'GET' && method !== 'HEAD')
  return [...always, ...guarded, ...(changing ? [403, 413, 415] : []), ...(route.url.includes(':') ? [404] : [])]
}
