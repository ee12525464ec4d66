/** A part of the office that runs: a child process or PostgreSQL. */
export type Running = {
  pid: number
  url: string
  ended: Promise<string>
  isRunning: () => boolean
  kill: (signal: NodeJS.Signals) => void
  stop: () => Promise<void>
}

export type Part = {
  readonly pid: number
  readonly url: string
  isRunning: () => boolean
  kill: (signal: NodeJS.Signals) => void
  stop: () => Promise<void>
  /** Starts it again at the same address after it was stopped or killed. */
  restart: () => Promise<void>
}

type PartOptions<Name extends string> = {
  name: Name
  /** Parts with a higher number are stopped first. */
  tier: number
  start: (signal: AbortSignal) => Promise<Running>
}

export type Roster<Name extends string> = {
  add: (options: PartOptions<Name>) => Promise<Part>
  parts: Partial<Record<Name, Part>>
  /** Stops everything, also what is just starting; what is added later does not start. */
  stopAll: () => Promise<void>
  killAll: () => void
}

/** Knows every part that was started. `onEnd` hears of each that ends by itself. */
export function createRoster<Name extends string>(onEnd: (name: Name, how: string) => void): Roster<Name> {
  const closing = new AbortController()
  const known: { tier: number; part: Part }[] = []
  const starting = new Set<Promise<unknown>>()
  const parts: Partial<Record<Name, Part>> = {}

  const add = async ({ name, tier, start }: PartOptions<Name>) => {
    let wanted = true
    let running: Running
    const begin = async () => {
      closing.signal.throwIfAborted()
      const attempt = start(closing.signal)
      starting.add(attempt)
      running = await attempt.finally(() => starting.delete(attempt))
      wanted = true
      const current = running
      void current.ended.then((how) => wanted && running === current && !closing.signal.aborted && onEnd(name, how))
    }
    await begin()
    const part: Part = {
      get pid() {
        return running.pid
      },
      get url() {
        return running.url
      },
      isRunning: () => running.isRunning(),
      kill: (signal) => running.kill(signal),
      stop: async () => {
        wanted = false
        await running.stop()
      },
      restart: async () => {
        if (running.isRunning()) await running.stop()
        await begin()
      },
    }
    known.push({ tier, part })
    parts[name] = part
    if (closing.signal.aborted) await part.stop()
    return part
  }
  const stopAll = async () => {
    closing.abort(new Error('Stopped while starting.'))
    await Promise.allSettled(starting)
    for (const tier of [...new Set(known.map((entry) => entry.tier))].sort((a, b) => b - a)) {
      await Promise.all(known.filter((entry) => entry.tier === tier).map((entry) => entry.part.stop()))
    }
  }
  return { add, parts, stopAll, killAll: () => known.forEach(({ part }) => void part.kill('SIGKILL')) }
}
