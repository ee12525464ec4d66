/**
 * A role that runs. `url` is where it listens, if it does. `readiness`: what it cannot do without, beside what every role needs.
 */
export type RunningRole = AsyncDisposable & { url?: string; readiness?: Record<string, () => Promise<void>> }
