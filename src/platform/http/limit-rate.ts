import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'
import { callOf } from './call-state.ts'

/** Requests a minute; an address may be a whole office, so it gets more than a person. */
export type RateLimits = { perActor: number; perAddress: number }

type Limiter = {
  /** Before authentication: bounds what one network can ask for, guesses of tokens included. */
  limitAddress: (request: FastifyRequest) => Promise<void>
  /** After authentication: bounds what one person can. */
  limitActor: (request: FastifyRequest) => Promise<void>
}

const window = 60_000

/** Counters of this process: with more replicas a caller gets that many times the limit. */
export async function createLimiter(server: FastifyInstance, limits: RateLimits): Promise<Limiter> {
  await server.register(rateLimit, { global: false })
  const countAddress = server.createRateLimit({
    max: limits.perAddress,
    timeWindow: window,
    keyGenerator: (request) => normalizeIP(request.ip, 64),
  })
  const countActor = server.createRateLimit({
    max: limits.perActor,
    timeWindow: window,
    keyGenerator: (request) => callOf(request).actorId ?? '',
  })
  return {
    limitAddress: async (request) => refuseExceeded(await countAddress(request)),
    limitActor: async (request) => {
      if (callOf(request).actorId !== null) refuseExceeded(await countActor(request))
    },
  }
}

function refuseExceeded(result: { isAllowed: true } | { isAllowed: false; isExceeded: boolean; ttlInSeconds: number }) {
  if (result.isAllowed || !result.isExceeded) return
  const seconds = Math.max(1, result.ttlInSeconds)
  throw new AppError(platformErrors.rateLimited, { params: { seconds }, retryAfterS: seconds })
}
