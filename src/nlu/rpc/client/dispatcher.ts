import { AppError, type ErrorSpec } from '#platform/errors'
import type { Logger } from '#platform/log'
import { currentTrace, formatTraceparent } from '#platform/trace'
import type { AnalyzeResponse } from '../../gen/nlu_pb.ts'
import type { UnderstandReply, UnderstandRequest } from '../../understanding.ts'
import { fromProtoReading, fromProtoState } from '../convert.ts'
import { rpcErrors } from '../errors.ts'
import { UnreadableMessage } from '../read-field.ts'
import { createRevisionLedger } from '../revision-ledger.ts'
import { type Call, encodeCall } from './call.ts'
import { chooseLink } from './choose-link.ts'
import type { ClientMetrics, TryOutcome } from './client-metrics.ts'
import type { ServerLink } from './server-link.ts'

type Deps = { links: ServerLink[]; log: Logger; metrics: ClientMetrics }

const deadlineMs = 2000
/** A server from which nothing came for so long since a request was sent has stalled, when there is another to go to. */
const stallMs = 600
/** One request that a server is slow with while it answers others goes elsewhere after so long. */
const slowMs = 1200
const sweepMs = 20
/** A sweep so late says that this process stood still, not the servers: their answers may lie unread. */
const lateMs = 200
const mostWaiting = 1000

const specs = new Map<string, ErrorSpec>(Object.values(rpcErrors).map((spec) => [spec.code, spec]))

/**
 * Gives each question to a server in turn, waits in line when all are full (at most 1000, then NLU_OVERLOADED), sends it
 * elsewhere when a server breaks, stalls or refuses, and gives up after 2 s. One timer watches over all calls.
 */
export class Dispatcher {
  #deps: Deps
  #open = new Map<string, Call>()
  /** Ids of calls, in line. A growing text keeps its place whatever its text has become. */
  #waiting = new Set<string>()
  #isNewest = createRevisionLedger()
  #count = 0
  #turn = 0
  #isClosed = false
  #sweeper: NodeJS.Timeout | undefined
  #sweptAt = 0

  constructor(deps: Deps) {
    this.#deps = deps
  }

  waiting(): number {
    return this.#waiting.size
  }

  /** Throws NLU_UNAVAILABLE, NLU_TIMEOUT, NLU_OVERLOADED, NLU_SUPERSEDED, NLU_BAD_REQUEST, NLU_FAULT. */
  ask(request: UnderstandRequest, signal?: AbortSignal): Promise<UnderstandReply> {
    return new Promise((resolve, reject) => {
      const { growing } = request
      if (signal?.aborted) return reject(new AppError(rpcErrors.timeout, { cause: signal.reason }))
      if (growing && !this.#isNewest(growing.id, growing.revision)) {
        this.#deps.metrics.noteAbandoned('superseded')
        return reject(new AppError(rpcErrors.superseded))
      }
      this.#count += 1
      const giveUp = () => this.#abandon(call)
      const call: Call = {
        id: growing?.id ?? `q${this.#count}`,
        revision: growing?.revision ?? 0,
        request,
        traceparent: formatTraceparent(currentTrace()),
        startedAt: performance.now(),
        link: undefined,
        sentAt: 0,
        tries: undefined,
        settle(outcome) {
          signal?.removeEventListener('abort', giveUp)
          if (outcome instanceof AppError) reject(outcome)
          else resolve(outcome)
        },
      }
      signal?.addEventListener('abort', giveUp)
      this.#admit(call)
    })
  }

  /** Sends what waits, as far as there is room. */
  sendWaiting(): void {
    for (const id of this.#waiting) {
      const call = this.#open.get(id)
      const link = call && chooseLink(this.#deps.links, this.#turn, call.tries)
      if (link === 'busy') return
      this.#waiting.delete(id)
      this.#turn += 1
      if (call && link) this.#sendTo(link, call)
      else if (call) this.#fail(call, rpcErrors.unavailable)
    }
  }

  /** Fails all that is open. */
  close(): void {
    this.#isClosed = true
    for (const call of [...this.#open.values()]) this.#fail(call, rpcErrors.unavailable)
  }

  #admit(call: Call) {
    const older = this.#open.get(call.id)
    this.#open.set(call.id, call)
    this.#sweeper ??= this.#startSweeper()
    if (!older) return this.#dispatch(call)
    this.#deps.metrics.noteAbandoned('superseded')
    this.#noteTry(older, 'superseded')
    older.settle(new AppError(rpcErrors.superseded))
    // In line it has the older text's place. Under way it goes the same way, where the server can put it in the older's place.
    if (this.#waiting.has(call.id)) return
    if (older.link?.isHealthy()) return this.#sendTo(older.link, call)
    older.link?.withdraw(call.id)
    this.#dispatch(call)
  }

  #dispatch(call: Call) {
    const link = this.#isClosed ? undefined : chooseLink(this.#deps.links, this.#turn, call.tries)
    this.#turn += 1
    if (link === undefined) return this.#fail(call, rpcErrors.unavailable)
    if (link !== 'busy') return this.#sendTo(link, call)
    if (this.#waiting.size >= mostWaiting) return this.#fail(call, rpcErrors.overloaded)
    this.#waiting.add(call.id)
  }

  #sendTo(link: ServerLink, call: Call) {
    const now = performance.now()
    const encoded = encodeCall(call, Math.max(1, Math.ceil(call.startedAt + deadlineMs - now)))
    if ('issue' in encoded) return this.#fail(call, rpcErrors.badRequest, encoded.issue)
    call.link = link
    call.sentAt = now
    link.send(call.id, encoded.bytes, {
      revision: call.revision,
      answered: (response) => this.#receive(call, response),
      lost: (reason, error) => this.#retry(call, reason, error),
    })
  }

  #receive(call: Call, { outcome }: AnalyzeResponse) {
    if (outcome.case === 'fault') {
      const { code, message } = outcome.value
      if (code === rpcErrors.overloaded.code) return this.#retry(call, 'refused', new Error(message))
      this.#noteTry(call, 'fault')
      return this.#fail(call, specs.get(code) ?? rpcErrors.fault, message)
    }
    let reply: UnderstandReply
    try {
      reply = toReply(outcome)
    } catch (error) {
      return this.#retry(call, 'unreadable', error as Error)
    }
    this.#noteTry(call, 'ok')
    this.#close(call, reply)
  }

  /** Sends a call elsewhere; when it has been everywhere, after a breath. */
  #retry(call: Call, reason: TryOutcome, error: Error) {
    const { link } = call
    if (this.#open.get(call.id) !== call || !link) return
    const { links, log, metrics } = this.#deps
    this.#noteTry(call, reason)
    metrics.noteRetry(link.address, reason)
    // Of broken and stalled servers the link tells, once for all that was under way.
    if (reason !== 'failed' && reason !== 'stalled')
      log.warn({ err: error, server: { address: link.address }, reason }, 'A question is asked elsewhere')
    const tries = call.tries ?? new Map<ServerLink, number>()
    call.tries = tries.set(link, (tries.get(link) ?? 0) + 1)
    call.link = undefined
    if (!links.every((one) => tries.has(one))) return this.#dispatch(call)
    // All that lost their server at once should not come back at once.
    setTimeout(
      () => {
        if (this.#open.get(call.id) === call && !call.link) this.#dispatch(call)
      },
      50 + 100 * Math.random(),
    )
  }

  #startSweeper(): NodeJS.Timeout {
    this.#sweptAt = performance.now()
    return setInterval(() => this.#sweep(), sweepMs)
  }

  #sweep(): void {
    const now = performance.now()
    const isLate = now - this.#sweptAt > lateMs
    this.#sweptAt = now
    if (isLate) return
    for (const call of [...this.#open.values()]) {
      if (now - call.startedAt >= deadlineMs) this.#expire(call)
      else if (call.link && now - call.sentAt >= stallMs) this.#moveOn(call, call.link, now)
    }
  }

  #expire(call: Call): void {
    const { link, sentAt } = call
    const isReached = this.#deps.links.some((one) => one.isConnected())
    this.#noteTry(call, 'timeout')
    link?.withdraw(call.id)
    this.#fail(call, isReached ? rpcErrors.timeout : rpcErrors.unavailable)
    if (link?.isSilentSince(sentAt)) link.stall()
  }

  /** Leaves a server that has stalled, or is slow with this one request: but only when there is another to go to. */
  #moveOn(call: Call, link: ServerLink, now: number) {
    if (!this.#deps.links.some((one) => one !== link && one.isHealthy())) return
    if (link.isSilentSince(call.sentAt)) return link.stall()
    if (now - call.sentAt < slowMs || call.tries) return
    link.withdraw(call.id)
    this.#retry(call, 'slow', new Error(`no answer in ${slowMs} ms`))
  }

  #abandon(call: Call): void {
    if (this.#open.get(call.id) !== call) return
    this.#deps.metrics.noteAbandoned('caller')
    this.#noteTry(call, 'abandoned')
    call.link?.withdraw(call.id)
    this.#close(call, new AppError(rpcErrors.timeout))
  }

  #fail(call: Call, spec: ErrorSpec, issue = ''): void {
    this.#deps.metrics.noteFailure(spec.code)
    this.#close(call, new AppError(spec, { params: { issue } }))
  }

  #close(call: Call, outcome: UnderstandReply | AppError): void {
    this.#open.delete(call.id)
    this.#waiting.delete(call.id)
    if (this.#open.size === 0) {
      clearInterval(this.#sweeper)
      this.#sweeper = undefined
    }
    call.settle(outcome)
    if (this.#waiting.size > 0) this.sendWaiting()
  }

  #noteTry({ link, sentAt }: Call, outcome: TryOutcome): void {
    if (link) this.#deps.metrics.noteTry(link.address, outcome, (performance.now() - sentAt) / 1000)
  }
}

const longestVersion = 64

/** Throws UnreadableMessage when the reply is of another version. */
function toReply(outcome: AnalyzeResponse['outcome']): UnderstandReply {
  if (outcome.case !== 'analysis' || !outcome.value.reading) throw new UnreadableMessage('an empty reply')
  const model = outcome.value.modelVersion.slice(0, longestVersion)
  const understanding = fromProtoReading(outcome.value.reading)
  return { understanding, state: fromProtoState(outcome.value.state), ...(model && { model }) }
}
