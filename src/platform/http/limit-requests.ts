import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'
import type { HttpLimits } from './limits.ts'

type Limits = Pick<HttpLimits, 'urlCharacters' | 'queryParameters' | 'headers' | 'headerBytes'>

/** A check that refuses a call by its first lines: an address or headers out of proportion, or a caller who cannot be told. */
export function createRequestCheck(limits: Limits): (request: FastifyRequest) => void {
  return ({ ip, raw, url }) => {
    if (url.length > limits.urlCharacters || countParameters(url) > limits.queryParameters)
      throw new AppError(platformErrors.urlTooLong, { params: { limit: limits.urlCharacters } })
    if (raw.rawHeaders.length / 2 > limits.headers)
      throw new AppError(platformErrors.headersTooLarge, { params: { limit: `${limits.headerBytes / 1024} KiB` } })
    // A trusted proxy passed on something that is no address: every limit and network rule would take it for a caller.
    if (isIP(ip) === 0) throw new AppError(platformErrors.badRequest, { details: [{ issue: 'X-Forwarded-For' }] })
  }
}

function countParameters(url: string): number {
  const start = url.indexOf('?')
  return start < 0 ? 0 : url.slice(start + 1).split(/[&;]/).length
}
