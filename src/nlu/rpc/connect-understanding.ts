import { randomUUID } from 'node:crypto'
import { Histogram } from 'prom-client'
import { z } from 'zod'
import { AppError, type ErrorSpec } from '#platform/errors'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { currentTrace, formatTraceparent } from '#platform/trace'
import type { AnalyzeResponse } from '../gen/nlu_pb.ts'
import type { Understand, UnderstandReply, UnderstandRequest } from '../understanding.ts'
import { fromProtoReading, fromProtoState, toProtoRequest } from './convert.ts'
import { rpcErrors } from './errors.ts'
import { createServerLink, type ServerLink } from './server-link.ts'

type Deps = { log: Logger; metrics: Metrics }
export type UnderstandingClient = { understand: Understand; checkReady(): Promise<void>; close(): void }

const deadlineMs = 2000
/** A server that has not answered by then is taken for stalled and the request goes elsewhere, when there is an elsewhere. */
const stallMs = 600
const healthEveryMs = 5000

const specs = new Map<string, ErrorSpec>(Object.values(rpcErrors).map((spec) => [spec.code, spec]))

/**
 * Understanding over gRPC: round-robin over the healthy of `addresses`, 2 s for a request whatever happens, a health check
 * every 5 s. A request whose server breaks or stalls is sent to the next one. Throws NLU_UNAVAILABLE, NLU_TIMEOUT, NLU_BAD_REQUEST.
 */
export function connectUnderstanding(addresses: string[], { log, metrics }: Deps): UnderstandingClient {
  const links = addresses.map((address) => createServerLink(address, log))
  const duration = new Histogram({
    name: 'nlu_request_duration_seconds',
    help: 'Time of one understanding request as its caller sees it, by server and outcome',
    labelNames: ['server', 'outcome'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2],
    registers: [metrics.registry],
  })
  let turn = 0
  const healthTimer = setInterval(() => void Promise.all(links.map((link) => link.checkHealth())), healthEveryMs)
  healthTimer.unref()

  /** The links to try, next in turn first, healthy before the rest: a wrong health verdict costs time, not the answer. */
  function linksInTurn(): ServerLink[] {
    turn += 1
    const rotated = links.map((_, i) => links[(turn + i) % links.length]).filter((link) => link !== undefined)
    return [...rotated.filter((link) => link.isHealthy()), ...rotated.filter((link) => !link.isHealthy())]
  }

  /**
   * Twice round: a server that was just restarting gets a second chance inside the deadline. A slow one is left early only
   * while there is another to go to: asking it again would but double its load.
   */
  function planTries(): { link: ServerLink; patienceMs: number }[] {
    const inTurn = linksInTurn()
    const tries = [...inTurn, ...inTurn]
    const hasElsewhere = (i: number) => links.length > 1 && i < tries.length - 1
    return tries.map((link, i) => ({ link, patienceMs: hasElsewhere(i) ? stallMs : deadlineMs }))
  }

  async function tryLink(
    link: ServerLink,
    request: UnderstandRequest,
    deadline: AbortSignal,
    patienceMs: number,
  ): Promise<UnderstandReply> {
    const stopTimer = duration.startTimer({ server: link.address })
    const message = toProtoRequest(randomUUID(), request, formatTraceparent(currentTrace()))
    try {
      const response = await link.ask(message, AbortSignal.any([deadline, AbortSignal.timeout(patienceMs)]))
      stopTimer({ outcome: response.outcome.case === 'analysis' ? 'ok' : 'fault' })
      return toReply(response)
    } catch (error) {
      // A caller that lost interest, as when more was typed, is no fault of the server's.
      const isAbandoned = deadline.aborted && deadline.reason?.name !== 'TimeoutError'
      if (error instanceof AppError) throw error
      stopTimer({ outcome: isAbandoned ? 'abandoned' : 'failed' })
      if (!isAbandoned)
        log.warn({ err: error, server: { address: link.address } }, 'An understanding server did not answer')
      throw error
    }
  }

  async function understand(request: UnderstandRequest, signal?: AbortSignal): Promise<UnderstandReply> {
    const timeout = AbortSignal.timeout(deadlineMs)
    const deadline = signal ? AbortSignal.any([signal, timeout]) : timeout
    let lastError: unknown
    for (const { link, patienceMs } of planTries()) {
      if (deadline.aborted) break
      try {
        return await tryLink(link, request, deadline, patienceMs)
      } catch (error) {
        if (error instanceof AppError) throw error
        lastError = error
      }
    }
    throw new AppError(deadline.aborted ? rpcErrors.timeout : rpcErrors.unavailable, { cause: lastError })
  }

  return {
    understand,
    async checkReady() {
      await Promise.all(links.map((link) => link.checkHealth()))
      if (!links.some((link) => link.isHealthy())) throw new AppError(rpcErrors.unavailable)
    },
    close() {
      clearInterval(healthTimer)
      for (const link of links) link.close()
    },
  }
}

function toReply({ outcome }: AnalyzeResponse): UnderstandReply {
  if (outcome.case === 'fault') {
    throw new AppError(specs.get(outcome.value.code) ?? rpcErrors.fault, { params: { issue: outcome.value.message } })
  }
  if (outcome.case !== 'analysis' || !outcome.value.reading) throw new Error('an empty reply')
  try {
    return { understanding: fromProtoReading(outcome.value.reading), state: fromProtoState(outcome.value.state) }
  } catch (error) {
    if (error instanceof z.ZodError) throw new Error('a reply of another version', { cause: error })
    throw error
  }
}
