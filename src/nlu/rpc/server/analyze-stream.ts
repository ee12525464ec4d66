import { type ServerDuplexStream, status } from '@grpc/grpc-js'
import type { AnalyzeRequest, AnalyzeResponse } from '../../gen/nlu_pb.ts'
import { rpcErrors } from '../errors.ts'
import { decodeRequest, encodeResponse, maxResponseBytes } from '../service-definition.ts'
import { type AnalysisQueue, createAnalysisQueue } from './analysis-queue.ts'
import type { Reader } from './analysis-turns.ts'
import type { DropReason, ServerMetrics } from './server-metrics.ts'

export type Outcome = Exclude<AnalyzeResponse['outcome'], { case: undefined }>
export type BytesStream = ServerDuplexStream<Buffer, Buffer>

type Deps = {
  analyze(request: AnalyzeRequest): Promise<Outcome>
  /** To be called when there may be something to read. */
  takeTurn(reader: Reader): void
  metrics: ServerMetrics
  /** Of the model that reads now. */
  modelVersion: () => string
}

/** What one client may have waiting. A client of ours keeps fewer under way; past this it is flooding. */
const mostWaiting = 256
/** Readings under way at once for one client; ours are done as soon as they start, others may wait for something. */
const mostReading = 64
/** Answers that are written and not taken by the transport; past this the client reads slower than it asks. */
const mostUnsent = 64

type Running = { requestId: string; expiresAt: number; isWanted: boolean }

const faultOf = (code: string, message: string): Outcome => ({
  case: 'fault',
  value: { $typeName: 'erpchat.nlu.v1.Fault', code, message },
})

/** The bytes of a response; where they would be too many, or there are none, those of a fault. */
function encodeOutcome(response: Pick<AnalyzeResponse, 'requestId' | 'revision' | 'outcome'>): Buffer {
  const encode = (outcome: AnalyzeResponse['outcome']) =>
    encodeResponse({ $typeName: 'erpchat.nlu.v1.AnalyzeResponse', ...response, outcome })
  try {
    const bytes = encode(response.outcome)
    if (bytes.length <= maxResponseBytes) return bytes
  } catch {
    // A text with half a character in it has no bytes.
  }
  return encode(faultOf(rpcErrors.fault.code, 'the reading cannot be sent'))
}

/** One client's stream: answers the newest text of each id, and none that was withdrawn or has waited too long. */
export class AnalyzeSession implements Reader {
  #stream: BytesStream
  #deps: Deps
  #queue: AnalysisQueue
  #running = new Set<Running>()
  /** The client reads slower than it is answered. */
  #isBlocked = false
  #isDraining = false
  #isEnded = false

  constructor(stream: BytesStream, deps: Deps) {
    this.#stream = stream
    this.#deps = deps
    this.#queue = createAnalysisQueue(mostWaiting, () => deps.metrics.noteDropped('expired'))
    stream.on('data', (bytes: Buffer) => this.#receive(bytes))
    stream.on('end', () => this.drain())
    stream.on('cancelled', () => {
      this.#isEnded = true
    })
    stream.on('close', () => {
      this.#isEnded = true
    })
  }

  load(): { waiting: number; reading: number } {
    return { waiting: this.#queue.size(), reading: this.#running.size }
  }

  /** Takes nothing more, answers what was taken, then ends the stream. */
  drain(): void {
    if (this.#isDraining) return
    this.#isDraining = true
    this.#stream.pause()
    this.#deps.takeTurn(this)
  }

  /** Gives up on readings that are past their time, so that those that hang do not stop the rest. */
  dropOverdue(now: number): void {
    this.#release((run) => run.expiresAt <= now, 'expired')
    this.#goOn()
  }

  readNext(): boolean {
    if (this.#isBlocked || this.#isEnded || this.#running.size >= mostReading) return false
    const now = performance.now()
    const text = this.#queue.take(now)
    if (!text) {
      this.#endWhenDrained()
      return false
    }
    this.#deps.metrics.noteWait((now - text.arrivedAt) / 1000)
    void this.#read(text.request, now, text.expiresAt)
    return this.#queue.size() > 0
  }

  #goOn(): void {
    if (this.#queue.size() > 0 || this.#isDraining) this.#deps.takeTurn(this)
  }

  #receive(bytes: Buffer) {
    let request: AnalyzeRequest
    try {
      request = decodeRequest(bytes)
    } catch {
      this.#stream.emit('error', { code: status.INVALID_ARGUMENT, details: 'not an AnalyzeRequest' })
      return
    }
    const { requestId } = request
    if (request.withdrawn) return this.#withdraw(requestId)
    const { metrics, takeTurn } = this.#deps
    const admission = this.#queue.add(request, performance.now())
    if (admission === 'outdated') return metrics.noteDropped('outdated')
    if (admission === 'full') return this.#refuse(request)
    if (admission === 'replaced') metrics.noteDropped('superseded')
    if (request.revision > 0) this.#release((run) => run.requestId === requestId, 'superseded')
    takeTurn(this)
  }

  #withdraw(requestId: string): void {
    if (this.#queue.withdraw(requestId)) this.#deps.metrics.noteDropped('withdrawn')
    this.#release((run) => run.requestId === requestId, 'withdrawn')
  }

  /** Lets go of readings whose answers nobody waits for. They cannot be stopped, but no longer count. */
  #release(isMeant: (run: Running) => boolean, reason: DropReason): void {
    for (const run of this.#running) {
      if (!isMeant(run)) continue
      run.isWanted = false
      this.#running.delete(run)
      this.#deps.metrics.noteDropped(reason)
    }
  }

  #refuse(request: AnalyzeRequest): void {
    this.#deps.metrics.noteDropped('refused')
    this.#write(request, faultOf(rpcErrors.overloaded.code, `more than ${mostWaiting} texts wait on this stream`))
    // Nor does it read its answers: then let flow control stop it, rather than pile up refusals.
    if (this.#isBlocked) this.#stream.pause()
  }

  async #read(request: AnalyzeRequest, startedAt: number, expiresAt: number): Promise<void> {
    const run: Running = { requestId: request.requestId, expiresAt, isWanted: true }
    this.#running.add(run)
    const outcome = await this.#deps.analyze(request)
    const seconds = (performance.now() - startedAt) / 1000
    this.#running.delete(run)
    this.#note(request, outcome, seconds)
    if (outcome.case === 'analysis') outcome.value.elapsedMicros = BigInt(Math.round(seconds * 1e6))
    if (run.isWanted) this.#write(request, outcome)
    this.#goOn()
  }

  #note(request: AnalyzeRequest, outcome: Outcome, seconds: number): void {
    const { metrics, modelVersion } = this.#deps
    metrics.noteAnalysis(modelVersion(), outcome.case === 'analysis' ? 'ok' : outcome.value.code, seconds)
    if (outcome.case !== 'analysis' || request.partial || request.revision > 0) return
    const { reading } = outcome.value
    if (reading) metrics.noteReading(outcome.value.modelVersion, reading)
  }

  #write({ requestId, revision }: AnalyzeRequest, outcome: Outcome): void {
    if (this.#isEnded) return
    const wantsMore = this.#stream.write(encodeOutcome({ requestId, revision, outcome }))
    if (wantsMore || this.#isBlocked || this.#stream.writableLength < mostUnsent) return
    this.#isBlocked = true
    this.#stream.once('drain', () => {
      this.#isBlocked = false
      if (!this.#isDraining) this.#stream.resume()
      this.#goOn()
    })
  }

  #endWhenDrained(): void {
    if (!this.#isDraining || this.#isEnded || this.#queue.size() > 0 || this.#running.size > 0) return
    this.#isEnded = true
    this.#stream.end()
  }
}
