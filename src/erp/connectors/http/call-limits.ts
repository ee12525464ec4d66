/** Milliseconds but for counts and bytes. */
export type CallLimits = {
  /** One attempt, to the end of its reply; also the longest wait for a turn. */
  attemptMs: number
  /** One call, all its attempts and waits together; an answer begins no retry later than this. */
  budgetMs: number
  /** Retries of all calls of one answer together. */
  retries: number
  baseDelayMs: number
  maxReplyBytes: number
  /** How long a lost server is left alone. */
  restMs: number
  /** Failed attempts in a row after which a server is not asked any more. */
  breakAfter: number
  /** Calls under way at one server, and calls that wait for their turn there. */
  concurrent: number
  waiting: number
}

/** The interface definition's 5 s and 3 retries, and what follows from them. */
export const standardLimits: CallLimits = {
  attemptMs: 5_000,
  budgetMs: 10_000,
  retries: 3,
  baseDelayMs: 150,
  maxReplyBytes: 32 * 1024 * 1024,
  restMs: 15_000,
  // More than the attempts of one call, so that no single question shuts a server out.
  breakAfter: 5,
  concurrent: 8,
  waiting: 400,
}
