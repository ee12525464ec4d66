import type { FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'
import { callOf, findCall } from './call-state.ts'
import type { HttpLimits } from './limits.ts'

type Limits = Pick<HttpLimits, 'socketsPerActor' | 'framesPerMinute'>
/** The WebSockets of one person or key, and the frames of the minute under way. */
type Use = { open: number; frames: number; minuteEndsAt: number }

type SocketLimiter = {
  /** Takes a place for an upgrade; throws TOO_MANY_CONNECTIONS. The place is free again when the connection closes. */
  takePlace(request: FastifyRequest): void
  /** Ends a WebSocket whose owner sends more than anyone types. */
  watch(socket: Pick<WebSocket, 'on' | 'close' | 'removeAllListeners'>, raw: FastifyRequest['raw']): void
}

const minuteMs = 60_000
/** "Policy violation" in RFC 6455, 7.4.1. */
const closeTooMany = 1008

/** Bounds WebSockets by who opened them, at this process: a connection lives in one process only. */
export function createSocketLimiter({ socketsPerActor, framesPerMinute }: Limits): SocketLimiter {
  // As many as have a WebSocket open.
  const uses = new Map<string, Use>()
  return {
    takePlace(request) {
      const { actorId } = callOf(request)
      if (actorId === null) return
      const use = uses.get(actorId) ?? { open: 0, frames: 0, minuteEndsAt: 0 }
      if (use.open >= socketsPerActor)
        throw new AppError(platformErrors.tooManyConnections, { params: { max: socketsPerActor }, retryAfterS: 30 })
      use.open += 1
      uses.set(actorId, use)
      request.raw.socket.once('close', () => {
        use.open -= 1
        if (use.open === 0 && uses.get(actorId) === use) uses.delete(actorId)
      })
    },
    watch(socket, raw) {
      const use = uses.get(findCall(raw)?.actorId ?? '')
      if (!use) return
      socket.on('message', () => {
        const now = performance.now()
        if (now > use.minuteEndsAt) Object.assign(use, { frames: 0, minuteEndsAt: now + minuteMs })
        use.frames += 1
        if (use.frames <= framesPerMinute) return
        // What is already received must not be worked on any more.
        socket.removeAllListeners('message')
        socket.close(closeTooMany, platformErrors.rateLimited.code)
      })
    },
  }
}
