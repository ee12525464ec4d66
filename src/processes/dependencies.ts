import type { UnderstandingClient } from '#nlu'
import { type Dependency, lookAtPort, lookAtUrl } from '#telemetry'
import type { App } from '../wiring.ts'

/** Asking a key service may cost money. */
const keysEveryMs = 60_000

/** Everything that the http role depends on, and how to look at each. */
export function listDependencies(app: App, nlu: UnderstandingClient): Dependency[] {
  const { config, database, erp, queue, logs } = app
  const outputOf = (name: string) => logs.outputs.find((output) => output.name === name)?.check
  const { credentialsFile, endpoint = 'https://fcm.googleapis.com' } = config.push
  const pushUrl = credentialsFile === undefined ? undefined : endpoint
  return [
    { name: 'database', look: () => database.check() },
    { name: 'nlu', look: () => lookAtUnderstanding(nlu) },
    { name: 'erp', look: async () => partsOfErp(erp.connectionStatus()), isHearsay: true },
    { name: 'identity', look: lookAtUrl(`${config.oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`) },
    { name: 'keys', look: () => app.checkKeys(), everyMs: keysEveryMs },
    { name: 'queue', look: () => queue.checkReady() },
    { name: 'redis', look: app.checkRedis },
    { name: 'mail', look: lookAtServer(config.mail.smtpUrl, { 'smtps:': 465, 'smtp:': 587 }) },
    { name: 'push', look: lookAtServer(pushUrl, { 'https:': 443, 'http:': 80 }) },
    { name: 'log-store', look: outputOf('elasticsearch') },
    { name: 'log-files', look: outputOf('files') },
  ]
}

async function lookAtUnderstanding(nlu: UnderstandingClient) {
  const servers = await nlu.health()
  return servers.map(({ address, isHealthy }) => ({
    name: address,
    state: isHealthy ? ('up' as const) : ('down' as const),
  }))
}

function partsOfErp({ servers }: ReturnType<App['erp']['connectionStatus']>) {
  return servers.map(({ name, state, breaker }) => ({
    ...{ name, state },
    ...(breaker && breaker !== 'closed' && { breaker }),
  }))
}

/** Whether a server takes a connection; undefined where none is configured. */
function lookAtServer(url: string | undefined, usualPorts: Record<string, number>): Dependency['look'] {
  if (url === undefined) return undefined
  const { hostname, port, protocol } = new URL(url)
  return lookAtPort(hostname.replace(/^\[|\]$/g, ''), port === '' ? (usualPorts[protocol] ?? 0) : Number(port))
}
