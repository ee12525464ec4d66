import type { ClaimedBatch, Outcome, PushStore } from './push-store.ts'

/** Notes outcomes of a batch together while others are being noted. */
export type SendingNotes = {
  /** Resolves when there is room for more outcomes that are not noted yet. */
  add(outcome: Outcome): Promise<void>
  /** Aborted when nothing more may be sent: the message was cancelled, the claim is lost, or nothing can be noted. */
  stopped: AbortSignal
  /** Resolves when all is noted. Rejects when something could not be. */
  finish(): Promise<void>
}

/** The fewer are not noted, the fewer devices get a message a second time when the worker dies. */
const mostUnnoted = 50

/** Holds the claim, too, while nothing happens. */
export function createSendingNotes(
  store: Pick<PushStore, 'note'>,
  claimed: ClaimedBatch,
  leaseMs: number,
): SendingNotes {
  const stop = new AbortController()
  let waiting: Outcome[] = []
  let running: Promise<void> | undefined
  let failure: unknown

  const write = async () => {
    do {
      const outcomes = waiting
      waiting = []
      try {
        const goesOn = await store.note(claimed, outcomes, leaseMs)
        if (!goesOn) stop.abort()
      } catch (error) {
        // Kept for the last try, in `finish`.
        waiting = [...outcomes, ...waiting]
        failure = error
        stop.abort()
        return
      }
    } while (waiting.length > 0)
  }
  const start = () => {
    running ??= write().finally(() => {
      running = undefined
    })
    return running
  }
  const heartbeat = setInterval(start, leaseMs / 3)
  return {
    stopped: stop.signal,
    add: async (outcome) => {
      waiting.push(outcome)
      const writing = start()
      if (waiting.length >= mostUnnoted) await writing
    },
    finish: async () => {
      clearInterval(heartbeat)
      await running
      failure = undefined
      if (waiting.length > 0) await start()
      if (failure !== undefined) throw failure
    },
  }
}
