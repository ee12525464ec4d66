import { Gauge } from 'prom-client'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import type { DependencyBody, DependencyPart, DependencyState, StatusBody } from './api.ts'
import { type DependencyName, dependencyWords } from './dependency-words.ts'

/**
 * Looks once whether something answers: resolves when it does, with the state of its parts where it has some, and rejects when it does
 * not. It should end when the signal does, but is not relied on to.
 */
export type Look = (signal: AbortSignal) => Promise<DependencyPart[]> | Promise<void>

/**
 * `look` is absent where none is configured; `everyMs` where the usual pace would cost something;
 * `isHearsay` where the look only repeats what calls have found out, so that its time says nothing.
 */
export type Dependency = { name: DependencyName; look?: Look | undefined; everyMs?: number; isHearsay?: boolean }

type Deps = { dependencies: Dependency[]; log: Logger; metrics: Metrics }
type Seen = {
  state: DependencyState
  since?: Date
  lookedAt?: Date
  tookMs?: number
  reason?: string
  parts: DependencyPart[]
}

export type DependencyWatch = Disposable & {
  /** What was seen last; looks at nothing itself. */
  status(): StatusBody
}

const defaults = { everyMs: 15_000, deadlineMs: 3_000 }

/** Looks at every dependency in the background, each by itself, and tells the system log of those that go and come back. */
export function watchDependencies(
  { dependencies, log, metrics }: Deps,
  paces: Partial<typeof defaults> = {},
): DependencyWatch {
  const pace = { ...defaults, ...paces }
  const seen = new Map(
    dependencies.map(({ name, look }): [DependencyName, Seen] => [
      name,
      { state: look ? 'unknown' : 'absent', parts: [] },
    ]),
  )
  const note = (name: DependencyName, now: Seen) => {
    const before = seen.get(name)
    const isSame = before?.state === now.state && before.since !== undefined
    seen.set(name, { ...now, since: isSame ? (before.since as Date) : new Date() })
    if (!isSame) tellChange(log, name, now, before?.state)
  }
  const timers = dependencies.flatMap(({ name, look, everyMs, isHearsay }) =>
    look
      ? [
          startLooking(
            () => lookOnce(look, pace.deadlineMs),
            ({ tookMs, ...now }) => note(name, { ...now, ...(tookMs !== undefined && !isHearsay && { tookMs }) }),
            everyMs ?? pace.everyMs,
          ),
        ]
      : [],
  )
  createGauge(metrics, seen)
  return {
    status: () => describeAll(seen),
    [Symbol.dispose]() {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

/** One look at a time: one that hangs past its deadline is not started again until it ends. */
function startLooking(
  look: () => { seen: Promise<Seen>; ended: Promise<unknown> },
  note: (seen: Seen) => void,
  everyMs: number,
) {
  let isLooking = false
  const start = () => {
    if (isLooking) return
    isLooking = true
    void runInTrace({ ...newTrace(), isSampled: false }, async () => {
      const { seen, ended } = look()
      note(await seen)
      await ended
      isLooking = false
    })
  }
  start()
  return setInterval(start, everyMs).unref()
}

function lookOnce(look: Look, deadlineMs: number): { seen: Promise<Seen>; ended: Promise<unknown> } {
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(deadlineMs)
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
  const looking = (async (): Promise<DependencyPart[] | undefined> => (await look(signal)) ?? undefined)()
  const whenDone = () => ({ lookedAt: new Date(), tookMs: Math.round((performance.now() - startedAt) * 10) / 10 })
  const seen = Promise.race([looking, late]).then(
    (found): Seen => {
      const parts = found ?? []
      return { state: stateOf(parts), parts, ...whenDone() }
    },
    (error: unknown): Seen => ({
      state: 'down',
      parts: [],
      reason: signal.aborted ? 'NO_ANSWER' : reasonOf(error),
      ...whenDone(),
    }),
  )
  return { seen, ended: Promise.allSettled([looking]) }
}

function stateOf(parts: DependencyPart[]): DependencyState {
  const down = parts.filter(({ state }) => state === 'down').length
  if (down === 0) return 'up'
  return down === parts.length ? 'down' : 'partly'
}

/** A code of the system or of ours; a message may hold anything. */
function reasonOf(error: unknown): string {
  const codes = [error, (error as { cause?: unknown } | undefined)?.cause].map((one) => {
    const { code, spec } = (one ?? {}) as { code?: unknown; spec?: { code?: unknown } }
    return code ?? spec?.code
  })
  return (
    codes.find((code): code is string => typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) ?? 'FAILED'
  )
}

function tellChange(log: Logger, name: DependencyName, { state, reason }: Seen, before?: DependencyState): void {
  const fields = {
    'event.module': 'health',
    'dependency.name': name,
    'dependency.state': state,
    'event.reason': reason,
  }
  if (state === 'down') log.error(fields, 'A dependency does not answer')
  else if (state === 'partly') log.warn(fields, 'A part of a dependency does not answer')
  else if (before === 'down' || before === 'partly') log.info(fields, 'A dependency is back')
}

function describeAll(seen: Map<DependencyName, Seen>): StatusBody {
  const dependencies = [...seen].map(([name, own]) => describe(name, own))
  const isDown = [...seen].some(([name, { state }]) => state === 'down' && dependencyWords[name].isVital)
  const isWhole = [...seen.values()].every(({ state }) => state === 'up' || state === 'absent' || state === 'unknown')
  return { state: isDown ? 'down' : isWhole ? 'up' : 'partly', dependencies }
}

function describe(name: DependencyName, { since, lookedAt, ...own }: Seen): DependencyBody {
  const { label, whenDown, whenAbsent } = dependencyWords[name]
  return {
    ...{ name, label, effect: own.state === 'absent' ? whenAbsent : whenDown },
    ...own,
    ...(since && { since: since.toISOString() }),
    ...(lookedAt && { lookedAt: lookedAt.toISOString() }),
  }
}

function createGauge({ registry }: Metrics, seen: Map<DependencyName, Seen>): void {
  new Gauge({
    name: 'dependency_up',
    help: 'What we depend on: 1 answers, 0.5 in part, 0 does not',
    labelNames: ['dependency'],
    registers: [registry],
    collect() {
      const values: Partial<Record<DependencyState, number>> = { up: 1, partly: 0.5, down: 0 }
      for (const [dependency, { state }] of seen) {
        const value = values[state]
        if (value !== undefined) this.set({ dependency }, value)
      }
    },
  })
}
