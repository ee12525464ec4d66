import { Gauge } from 'prom-client'
import type { Database } from '#platform/database'
import { createPostgresTurns } from '#platform/exclusive-work.postgres'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { newTrace, runInTrace } from '#platform/trace'
import type { LogDocument, LogOutput } from './log-output.ts'
import { movePosition, readPosition } from './positions.ts'
import type { LogStream } from './streams.ts'

/** A table whose rows must all arrive: numbered upwards, none added before the last. */
export type ShippedTable = {
  stream: LogStream
  /** Those after `position`, in order; their numbers and their documents. */
  readAfter(position: number, limit: number): Promise<{ number: number; document: LogDocument }[]>
  readLast(): Promise<number>
}

type Deps = { database: Database; tables: ShippedTable[]; outputs: LogOutput[]; log: Logger; metrics: Metrics }

/** Closing sends what happened until then, for a bounded time: the position keeps the rest for the next process. */
export type Shipping = AsyncDisposable & {
  /** Sends what there is. Never rejects. */
  now(): Promise<void>
}

/** One replica ships; the others look in vain. */
const shippingLock = 7_146_201_164
const defaults = { everyMs: 5_000, pageSize: 500, longestWaitMs: 60_000, closeMs: 5_000 }

/**
 * Sends every row of `tables` to every one of `outputs`, at least once, however often processes and outputs fail: a position moves on
 * only when the output has confirmed what is before it. An output that fails holds up its own rows alone, with growing waits.
 */
export function startShipping(deps: Deps, paces: Partial<typeof defaults> = {}): Shipping {
  const pace = { ...defaults, ...paces }
  const routes = deps.outputs.flatMap((output) =>
    deps.tables.map((table) => createRoute(deps, { table, output }, pace)),
  )
  const inTurn = createPostgresTurns(deps.database, shippingLock)
  const behind = createLagGauge(deps.metrics)
  let closeAt = Number.POSITIVE_INFINITY
  const isClosed = () => Date.now() >= closeAt
  let running: Promise<void> = Promise.resolve()

  async function ship(): Promise<void> {
    await inTurn(async () => {
      for (const route of routes) if (!isClosed()) behind.set(route.labels, await route.send(isClosed))
    })
  }
  const now = () => {
    running = running
      .then(() => runInTrace({ ...newTrace(), isSampled: false }, ship))
      .catch((error: unknown) => deps.log.warn({ err: error }, 'What logs must keep could not be read'))
    return running
  }
  let timer = setTimeout(tick, pace.everyMs)
  function tick() {
    void now().then(() => {
      if (closeAt === Number.POSITIVE_INFINITY) timer = setTimeout(tick, pace.everyMs)
    })
  }
  return {
    now,
    async [Symbol.asyncDispose]() {
      closeAt = Date.now() + pace.closeMs
      clearTimeout(timer)
      await now()
    },
  }
}

type Route = {
  labels: { stream: string; output: string }
  /** Sends what is due, a page at a time; answers how many rows are left. */
  send(isClosed: () => boolean): Promise<number>
}

function createRoute(
  { database, log }: Deps,
  pair: { table: ShippedTable; output: LogOutput },
  pace: typeof defaults,
): Route {
  const { table, output } = pair
  const name = `${table.stream}:${output.name}`
  const labels = { stream: table.stream, output: output.name }
  let failures = 0
  let restUntil = 0

  async function sendPage(position: number): Promise<number> {
    const page = await table.readAfter(position, pace.pageSize)
    const last = page.at(-1)
    if (!last) return position
    await output.deliver(
      table.stream,
      page.map(({ document }) => document),
    )
    await movePosition(database, name, last.number)
    return last.number
  }

  return {
    labels,
    async send(isClosed) {
      let position = await readPosition(database, name)
      const end = await table.readLast()
      try {
        while (position < end && !isClosed() && Date.now() >= restUntil) {
          const reached = await sendPage(position)
          // Numbers may have gaps, at the end, too.
          if (reached === position) return 0
          position = reached
          failures = 0
        }
      } catch (error) {
        failures += 1
        restUntil = Date.now() + Math.min(pace.longestWaitMs, pace.everyMs * 2 ** Math.min(failures, 10))
        if (failures === 1 || failures % 10 === 0)
          log.error(
            { err: error, 'event.module': 'shipping', 'log.output': name },
            'An output does not take what it must keep',
          )
      }
      return Math.max(0, end - position)
    },
  }
}

function createLagGauge({ registry }: Metrics): Gauge<'stream' | 'output'> {
  return new Gauge({
    name: 'log_shipping_behind',
    help: 'Rows of the audit trail and of the summaries that an output has not confirmed yet',
    labelNames: ['stream', 'output'],
    registers: [registry],
  })
}
