import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'

/** Lets a call through, or throws. `access` is what the route declares: 'signed-in' or a permission of the product. */
export type Guard = (request: FastifyRequest, access: string) => Promise<void>

/** Refuses at registration every route that does not say who may call it: `config: { access: 'public' | 'signed-in' | … }`. */
export function requireAccess(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (readAccess(route.config) === undefined)
      throw new Error(`Route ${String(route.method)} ${route.url} does not declare config.access`)
  })
}

/** What the route of a request declares; undefined when no route answers it. */
export function accessOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : readAccess(request.routeOptions.config)
}

/** A check that refuses a plain call of a WebSocket route, and an upgrade of any other. Call it before routes are added. */
export function createUpgradeCheck(server: FastifyInstance): (request: FastifyRequest) => void {
  const upgradable = new Set<string>()
  server.addHook('onRoute', (route) => {
    if (isWebSocket(route)) upgradable.add(route.url)
  })
  return (request) => {
    const isExpected = upgradable.has(request.routeOptions.url ?? '')
    if (isExpected && !request.ws) throw new AppError(platformErrors.upgradeRequired)
    if (!isExpected && request.ws) throw new AppError(platformErrors.badRequest)
  }
}

function readAccess(config: object | undefined): string | undefined {
  const access = config && 'access' in config ? config.access : undefined
  return typeof access === 'string' && access !== '' ? access : undefined
}

function isWebSocket(route: RouteOptions): boolean {
  return route.websocket === true || 'wsHandler' in route
}
