import type { Logger } from '#platform/log'
import type { ConnectionStatus, ServerStatus } from '../../erp-connector.ts'

/** One instance of an ERP: the primary, or a standby with the same data. */
export type Server = { name: string; url: URL }

/** Which instances answer. The first is the primary; a lost one is asked again after a while, beside the traffic. */
export type ServerGroup = {
  /** Servers to try, best first: those that answer before those that do not. */
  inOrder(): Server[]
  reportUp(server: Server): void
  reportLost(server: Server): void
  status(): ConnectionStatus
}

type Deps = {
  servers: Server[]
  /** Resolves when the server answers again. */
  probe: (server: Server) => Promise<void>
  /** How long a lost server is left alone. */
  restMs: number
  log: Logger
  now: () => Date
}

type Health = { state: ServerStatus['state']; since: Date; probing: boolean; askAgainAt: number }

/** Follows the health of a group of servers; nobody waits for a probe. */
export function createServerGroup({ servers, probe, restMs, log, now }: Deps): ServerGroup {
  const health = new Map<Server, Health>(
    servers.map((server) => [server, { state: 'unknown', since: now(), probing: false, askAgainAt: 0 }]),
  )

  function change(server: Server, state: 'up' | 'down'): void {
    const own = health.get(server)
    if (!own) return
    if (state === 'down') own.askAgainAt = now().getTime() + restMs
    if (own.state === state) return
    if (state === 'down') log.warn({ 'erp.server': server.name }, 'An ERP server is lost')
    else if (own.state === 'down') log.info({ 'erp.server': server.name }, 'An ERP server is back')
    own.state = state
    own.since = now()
  }

  function probeIfDue(server: Server, own: Health): void {
    if (own.state !== 'down' || own.probing || now().getTime() < own.askAgainAt) return
    own.probing = true
    probe(server)
      .then(() => change(server, 'up'))
      .catch((error: unknown) => {
        log.debug({ 'erp.server': server.name, err: error }, 'An ERP server is still lost')
        change(server, 'down')
      })
      .finally(() => {
        own.probing = false
      })
  }

  return {
    inOrder: () => {
      for (const [server, own] of health) probeIfDue(server, own)
      const isDown = (server: Server) => health.get(server)?.state === 'down'
      return [...servers.filter((server) => !isDown(server)), ...servers.filter(isDown)]
    },
    reportUp: (server) => change(server, 'up'),
    reportLost: (server) => change(server, 'down'),
    status: () => {
      for (const [server, own] of health) probeIfDue(server, own)
      const states = [...health.values()].map(({ state }) => state)
      const all = [...health].map(([{ name }, own]) => ({ name, state: own.state, since: own.since.toISOString() }))
      if (states.every((state) => state === 'down')) return { state: 'down', servers: all }
      return { state: states[0] === 'down' ? 'failover' : 'live', servers: all }
    },
  }
}
