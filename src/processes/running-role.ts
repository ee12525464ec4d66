/** A role that runs. `url` is where it listens, if it does. */
export type RunningRole = AsyncDisposable & { url?: string }
