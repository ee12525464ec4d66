import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'
import { CallError, type HttpReply } from './call-server.ts'
import { ServerLost } from './retry-call.ts'

export type BreakerState = 'closed' | 'half-open' | 'open'

/** Keeps questions from a server that fails again and again, so that they need not wait to find out. */
export type Breaker = {
  state(): BreakerState
  /** Whether the attempt that failed last timed out. */
  isTimeout(): boolean
  /** Throws BreakerOpen unless closed. */
  requireClosed(): void
  /** Runs an attempt and learns from it. Throws BreakerOpen without running it unless closed, else as the attempt. */
  run(attempt: () => Promise<HttpReply>): Promise<HttpReply>
  /** Runs an attempt whatever the state: one that succeeds closes the breaker. */
  test(attempt: () => Promise<HttpReply>): Promise<HttpReply>
  /** Hears of each opening, with the failure that came last. */
  onOpen(listener: (failure: unknown) => void): void
}

/** The server is not asked: it failed too often in a row. */
export class BreakerOpen extends ServerLost {
  override readonly name = 'BreakerOpen'
}

/** What a gateway says when nobody is behind it; an error 500 may be about one question only, so it does not count. */
const goneStatuses = new Set([502, 503, 504])

/** `breakAfter` attempts in a row that time out, break off or find nobody open it. */
export function createBreaker({ breakAfter }: { breakAfter: number }): Breaker {
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof CallError && error.isServerFault).orWhenResult((reply) =>
      goneStatuses.has((reply as HttpReply).status),
    ),
    // Only tests get in while it is open, and those who send them know when.
    { halfOpenAfter: 0, breaker: new ProbationBreaker(breakAfter) },
  )
  const requireClosed = () => {
    if (policy.state !== CircuitState.Closed) throw new BreakerOpen('breaker open')
  }
  return {
    state: () => stateNames[policy.state],
    isTimeout: () => {
      const failure = policy.lastFailure
      return failure !== undefined && 'error' in failure && isTimeout(failure.error)
    },
    requireClosed,
    run: async (attempt) => {
      requireClosed()
      return policy.execute(attempt)
    },
    test: (attempt) => policy.execute(() => attempt().catch(countAsFault)),
    onOpen: (listener) => void policy.onBreak((last) => listener('error' in last ? last.error : undefined)),
  }
}

/** After a test that succeeded, the first real call that fails opens it again: a test may be easier than a question. */
class ProbationBreaker extends ConsecutiveBreaker {
  readonly #breakAfter: number

  constructor(breakAfter: number) {
    super(breakAfter)
    this.#breakAfter = breakAfter
  }

  override success(state?: CircuitState): void {
    this.state = state === CircuitState.HalfOpen ? this.#breakAfter - 1 : 0
  }
}

const stateNames: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
}

/** The library takes an error that it does not know, such as an abort, for a success of a test. */
function countAsFault(error: unknown): never {
  if (!(error instanceof CallError)) throw new CallError('broken', error)
  throw error.fault === 'cut' ? new CallError('timeout', error) : error
}

function isTimeout(error: unknown): boolean {
  return error instanceof CallError && error.fault === 'timeout'
}
