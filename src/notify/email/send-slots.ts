/** Bounds how many messages go out: `work` runs when its turn has come. Rejects when the signal ends first. */
export type SendSlots = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
