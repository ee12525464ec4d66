import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { readNeighbourhood } from '../networks.ts'
import { platformErrors } from '../platform-errors.ts'
import type { RateCounters } from '../rate-counters.ts'
import { callOf } from './call-state.ts'
import type { HttpLimits } from './limits.ts'

type Limiter = {
  /** Before authentication: bounds what one network can ask for, guesses of tokens included. */
  limitAddress: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** After authentication: bounds what one person or API key can. */
  limitActor: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

type Limits = Pick<HttpLimits, 'perActor' | 'perKey' | 'perAddress'>

const windowMs = 60_000

/** Counts calls, and says in every answer what is left (RateLimit fields of draft-ietf-httpapi-ratelimit-headers-06). */
export function createLimiter(counters: RateCounters, { perActor, perKey, perAddress }: Limits): Limiter {
  const count = async (key: string, limit: number, reply: FastifyReply) => {
    const { count, resetMs } = await counters.add(key, windowMs)
    const seconds = Math.max(1, Math.ceil(resetMs / 1_000))
    void reply.headers({
      'ratelimit-policy': `${limit};w=${windowMs / 1_000}`,
      'ratelimit-limit': limit,
      'ratelimit-remaining': Math.max(0, limit - count),
      'ratelimit-reset': seconds,
    })
    if (count > limit) throw new AppError(platformErrors.rateLimited, { params: { seconds }, retryAfterS: seconds })
  }
  return {
    limitAddress: (request, reply) => count(`address ${readNeighbourhood(request.ip)}`, perAddress, reply),
    limitActor: async (request, reply) => {
      const { actorId, key } = callOf(request)
      if (actorId !== null) await count(`actor ${actorId}`, key ? perKey : perActor, reply)
    },
  }
}
