import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A check that refuses what another site made a browser send with our cookies. A request that changes something and carries
 * a cookie must say that it comes from our own pages; a WebSocket must when it says where it comes from at all.
 * A bearer token or an API key needs no check: no other site can add those headers.
 */
export function createOriginCheck(publicUrl: string): (request: FastifyRequest) => void {
  const ours = new URL(publicUrl)
  return (request) => {
    const { origin } = request.headers
    const isUpgrade = request.headers.upgrade !== undefined
    if (isUpgrade ? origin === undefined : !isSentByCookie(request)) return
    const isSame =
      origin === undefined
        ? request.headers['sec-fetch-site'] === 'same-origin'
        : origin === ours.origin || isOwnLoopback(origin, request.headers.host)
    if (!isSame) throw new AppError(platformErrors.crossSiteRequest)
  }
}

function isSentByCookie({ method, headers }: FastifyRequest): boolean {
  const hasKey = headers.authorization !== undefined || headers['x-api-key'] !== undefined
  return !safeMethods.has(method) && headers.cookie !== undefined && !hasKey
}

/** On loopback the port may be any. The name must be one of loopback's own, or a rebound DNS name would pass. */
function isOwnLoopback(origin: string, host: string | undefined): boolean {
  const url = URL.parse(origin)
  return url !== null && url.host === host && loopbackNames.has(url.hostname)
}
