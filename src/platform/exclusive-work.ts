/**
 * Runs work that only one replica at a time may do. Returns false at once, without running it, when another is at it. A
 * replica that dies gives up its turn.
 */
export type RunExclusively = (work: () => Promise<void>) => Promise<boolean>
