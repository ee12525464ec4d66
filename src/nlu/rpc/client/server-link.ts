import {
  type ChannelCredentials,
  type ClientDuplexStream,
  connectivityState,
  makeGenericClientConstructor,
} from '@grpc/grpc-js'
import type { Logger } from '#platform/log'
import type { AnalyzeResponse } from '../../gen/nlu_pb.ts'
import { decodeResponse, maxResponseBytes, understandingService } from '../service-definition.ts'
import { createHealthProbe } from './health-probe.ts'
import { encodeProbe, encodeWithdrawal } from './plain-requests.ts'

type AnalyzeStream = ClientDuplexStream<Buffer, Buffer>
type Deps = { log: Logger; onRoom: () => void; credentials: ChannelCredentials }

/** A request under way on a link. One of the two is called, once, unless the request is withdrawn or replaced before. */
export type Attempt = {
  revision: number
  answered(response: AnalyzeResponse): void
  lost(reason: 'failed' | 'stalled', error: Error): void
}

const UnderstandingClient = makeGenericClientConstructor(understandingService, 'Understanding')
const probeTimeoutMs = 1000
const probeId = 'probe'
/** Fewer than a server lets one client have waiting, so that it needs not refuse. */
const mostInFlight = 200

/** Requests that are written and not taken by the transport; grpc-js calls a stream full at 16, which one burst is. */
const mostUnsent = 64

const channelOptions = {
  // Backs off with jitter: servers that restart are not met by all their clients at once.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.max_receive_message_length': 2 * maxResponseBytes,
}

/**
 * One understanding server as its client sees it: a channel, one long-lived stream, and whether it may be given requests. It
 * counts as healthy until a health check, a broken stream or a stall says otherwise. After a broken stream or a stall it is
 * used again only when the health check is good *and* it has answered a request of no matter.
 */
export class ServerLink {
  readonly address: string
  #deps: Deps
  #client: InstanceType<typeof UnderstandingClient>
  #health: ReturnType<typeof createHealthProbe>
  #pending = new Map<string, Attempt>()
  #stream: AnalyzeStream | undefined
  #isBlocked = false
  #isClosed = false
  #isHealthy = true
  #isSuspect = false
  #lastAnswerAt = 0
  #checking: Promise<void> | undefined

  /** `onRoom` is called when the link may take requests that it could not before. */
  constructor(address: string, deps: Deps) {
    this.address = address
    this.#deps = deps
    this.#client = new UnderstandingClient(address, deps.credentials, channelOptions)
    this.#health = createHealthProbe(address, deps.credentials, channelOptions)
  }

  isHealthy(): boolean {
    return this.#isHealthy
  }

  isConnected(): boolean {
    return !this.#isClosed && this.#client.getChannel().getConnectivityState(false) === connectivityState.READY
  }

  inFlight(): number {
    return this.#pending.size
  }

  /** Whether it can take one request more: neither too many are under way nor is the stream full. */
  hasRoom(): boolean {
    return !this.#isBlocked && this.#pending.size < mostInFlight
  }

  /** Whether nothing at all came back since `time`, ms of the monotonic clock. */
  isSilentSince(time: number): boolean {
    return this.#lastAnswerAt < time
  }

  /** Sends one request, as bytes; one of the same id that is under way is replaced by it. */
  send(requestId: string, bytes: Buffer, attempt: Attempt): void {
    this.#pending.set(requestId, attempt)
    try {
      this.#stream ??= this.#openStream()
      if (!this.#stream.write(bytes)) this.#isBlocked = this.#stream.writableLength >= mostUnsent
    } catch (error) {
      // The channel was closed under it.
      this.#pending.delete(requestId)
      attempt.lost('failed', error as Error)
    }
  }

  withdraw(requestId: string): void {
    // A full stream isn't given more: the server lets go of the request by its timeout.
    if (this.#pending.delete(requestId) && !this.#isBlocked) this.#stream?.write(encodeWithdrawal(requestId))
    this.#deps.onRoom()
  }

  /** Takes the server for hung: all that is under way is lost, and nothing more is sent until it answers again. */
  stall(): void {
    this.#loseAll('stalled', new Error('the server stalled'))
  }

  /** Asks for the server's health; checks that come while one is under way are one with it. */
  checkHealth(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  close(): void {
    this.#isClosed = true
    this.#stream?.end()
    this.#client.close()
    this.#health.close()
  }

  #openStream(): AnalyzeStream {
    const opened = (this.#client as unknown as { analyze(): AnalyzeStream }).analyze()
    const lose = (error: Error) => {
      if (this.#stream === opened) this.#loseAll('failed', error)
    }
    opened.on('data', (bytes: Buffer) => this.#receive(bytes))
    opened.on('drain', () => {
      if (this.#stream !== opened) return
      this.#isBlocked = false
      this.#deps.onRoom()
    })
    opened.on('error', lose)
    opened.on('end', () => lose(new Error('the server ended the stream')))
    return opened
  }

  #receive(bytes: Buffer) {
    this.#lastAnswerAt = performance.now()
    let response: AnalyzeResponse
    try {
      response = decodeResponse(bytes)
    } catch (error) {
      return this.#loseAll('failed', new Error('a reply that is no reply', { cause: error }))
    }
    const attempt = this.#pending.get(response.requestId)
    // An older text's answer, or one to a request that was given up.
    if (attempt?.revision !== response.revision) return
    this.#pending.delete(response.requestId)
    attempt.answered(response)
  }

  #loseAll(reason: 'failed' | 'stalled', error: Error): void {
    const wasHealthy = this.#isHealthy
    const lost = this.#stream
    const attempts = [...this.#pending.values()]
    this.#stream = undefined
    this.#isBlocked = false
    this.#isSuspect = true
    this.#pending.clear()
    this.#setHealthy(false)
    lost?.cancel()
    if (this.#isClosed) return
    if (attempts.length > 0) {
      const server = { address: this.address }
      this.#deps.log.warn({ err: error, server, requests: attempts.length }, 'An understanding server lost requests')
    }
    for (const attempt of attempts) attempt.lost(reason, error)
    // A stream that broke on its own may have left the server well: it need not wait for the next check in turn.
    if (wasHealthy && reason === 'failed') void this.checkHealth()
  }

  #setHealthy(isHealthy: boolean): void {
    if (isHealthy === this.#isHealthy) return
    this.#isHealthy = isHealthy
    const server = { address: this.address }
    this.#deps.log.info({ server, healthy: isHealthy }, 'An understanding server changed health')
    if (isHealthy) this.#deps.onRoom()
  }

  async #check(): Promise<void> {
    const isWell = (await this.#health.isServing()) && (!this.#isSuspect || (await this.#answersProbe()))
    if (this.#isClosed) return
    if (isWell) this.#isSuspect = false
    this.#setHealthy(isWell)
  }

  /** Whether the server answers at all: a request with nothing to read. Its health may be well while its reading hangs. */
  #answersProbe(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answers: boolean) => {
        clearTimeout(timer)
        this.#pending.delete(probeId)
        resolve(answers)
      }
      const timer = setTimeout(() => settle(false), probeTimeoutMs)
      const attempt = { revision: 0, answered: () => settle(true), lost: () => settle(false) }
      this.send(probeId, encodeProbe(probeId, probeTimeoutMs), attempt)
    })
  }
}
