import type { Logger } from '#platform/log'
import type { ConnectionStatus, ServerStatus } from '../../erp-connector.ts'
import { reasonOf } from '../../failure-reason.ts'
import type { Breaker } from './breaker.ts'
import type { ServerLost } from './retry-call.ts'

/** One instance of an ERP: the primary, or a standby with the same data. */
export type Server = { name: string; url: URL; breaker: Breaker }

/** Which instances answer. The first is the primary; a lost one is asked again after a while, beside the traffic. */
export type ServerGroup = {
  /**
   * Servers to try, best first: those that answer before those that are lost. Without those whose breaker is open, and those
   * that asked to be left alone; there may be none.
   */
  inOrder(): Server[]
  /** Whether it is for time-outs that a server is left alone. */
  isTimeout(): boolean
  reportUp(server: Server): void
  reportLost(server: Server, reason?: ServerLost): void
  status(): ConnectionStatus
  /** Ends the probes. */
  close(): void
}

type Deps = {
  servers: Server[]
  /** Resolves when the server answers again. */
  probe: (server: Server) => Promise<void>
  /** How long a lost server is left alone, in milliseconds. */
  restMs: number
  log: Logger
  now: () => Date
}

/** `leftAlone`: it asked for that itself. */
type Health = { state: ServerStatus['state']; since: Date; leftAlone: boolean; timer?: NodeJS.Timeout | undefined }

/** However long a server asks to be left alone, it is asked again after this. */
const longestRestMs = 5 * 60_000

/** Follows the health of a group of servers; nobody waits for a probe. */
export function createServerGroup({ servers, probe, restMs, log, now }: Deps): ServerGroup {
  const health = new Map<Server, Health>(
    servers.map((server) => [server, { state: 'unknown', since: now(), leftAlone: false }]),
  )
  let isClosed = false
  for (const server of servers) server.breaker.onOpen((failure) => fail(server, restMs, failure))

  function change(server: Server, own: Health, state: 'up' | 'down', reason?: unknown): void {
    if (own.state === state) return
    if (state === 'down')
      log.warn({ 'erp.server': server.name, 'erp.reason': reasonOf(reason) }, 'An ERP server is lost')
    else if (own.state === 'down') log.info({ 'erp.server': server.name }, 'An ERP server is back')
    own.state = state
    own.since = now()
  }

  function fail(server: Server, askAgainMs: number, reason: unknown): void {
    const own = health.get(server)
    if (!own || isClosed) return
    change(server, own, 'down', reason)
    // Failures of calls that were still under way do not put off the next probe.
    if (own.timer && askAgainMs <= restMs) return
    clearTimeout(own.timer)
    own.timer = setTimeout(() => askAgain(server, own), askAgainMs).unref()
  }

  function recover(server: Server): void {
    const own = health.get(server)
    // A call from before may still end well after the breaker opened; only a probe closes it.
    if (!own || server.breaker.state() !== 'closed') return
    own.leftAlone = false
    clearTimeout(own.timer)
    own.timer = undefined
    change(server, own, 'up')
  }

  function askAgain(server: Server, own: Health): void {
    own.leftAlone = false
    own.timer = undefined
    probe(server)
      .then(() => recover(server))
      .catch((error: unknown) => {
        log.debug({ 'erp.server': server.name, 'erp.reason': reasonOf(error) }, 'An ERP server is still lost')
        fail(server, restMs, error)
      })
  }

  const isDown = (server: Server) => health.get(server)?.state === 'down'
  const isAskable = (server: Server) => server.breaker.state() === 'closed' && health.get(server)?.leftAlone !== true

  return {
    inOrder: () => {
      const askable = servers.filter(isAskable)
      return [...askable.filter((server) => !isDown(server)), ...askable.filter(isDown)]
    },
    isTimeout: () => servers.some(({ breaker }) => breaker.state() !== 'closed' && breaker.isTimeout()),
    reportUp: recover,
    reportLost: (server, reason) => {
      const askedMs = Math.min(reason?.retryAfterMs ?? 0, longestRestMs)
      const own = health.get(server)
      if (own && askedMs > 0) own.leftAlone = true
      fail(server, Math.max(restMs, askedMs), reason)
    },
    status: () => {
      const states = [...health.values()].map(({ state }) => state)
      const all = [...health].map(([{ name, breaker }, own]) => ({
        name,
        state: own.state,
        since: own.since.toISOString(),
        breaker: breaker.state(),
      }))
      if (states.every((state) => state === 'down')) return { state: 'down', servers: all }
      return { state: states[0] === 'down' ? 'failover' : 'live', servers: all }
    },
    close: () => {
      isClosed = true
      for (const { timer } of health.values()) clearTimeout(timer)
    },
  }
}
