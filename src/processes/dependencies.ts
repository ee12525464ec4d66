import type { UnderstandingClient } from '#nlu'
import { type Dependency, lookAtPort, lookAtUrl } from '#telemetry'
import type { App } from '../wiring.ts'

/** Asking a key service may cost money. */
const keysEveryMs = 60_000

/** Everything that the http role depends on, and how to look at each. */
export function listDependencies(app: App, nlu: UnderstandingClient): Dependency[] {
  const { config, database, erp, queue, logs } = app
  const outputOf = (name: string) => logs.outputs.find((output) => output.name === name)?.check
  return [
    { name: 'database', look: () => database.check() },
    { name: 'nlu', look: () => lookAtUnderstanding(nlu) },
    { name: 'erp', look: async () => partsOfErp(erp.connectionStatus()), isHearsay: true },
    { name: 'identity', look: lookAtUrl(`${config.oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`) },
    { name: 'keys', look: () => app.checkKeys(), everyMs: keysEveryMs },
    { name: 'queue', look: () => queue.checkReady() },
    { name: 'redis', look: app.checkRedis },
    { name: 'mail', look: lookAtMail(config.mail.smtpUrl) },
    { name: 'push', look: lookAtPush(config.push) },
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

/** Whether Google, or what stands in for it, takes a connection: a message would go to somebody. */
function lookAtPush({
  credentialsFile,
  endpoint = 'https://fcm.googleapis.com',
}: App['config']['push']): Dependency['look'] {
  if (credentialsFile === undefined) return undefined
  const { hostname, port, protocol } = new URL(endpoint)
  const usual = protocol === 'https:' ? 443 : 80
  return lookAtPort(hostname.replace(/^\[|\]$/g, ''), port === '' ? usual : Number(port))
}

function lookAtMail(smtpUrl: string | undefined): Dependency['look'] {
  if (smtpUrl === undefined) return undefined
  const { hostname, port, protocol } = new URL(smtpUrl)
  const usual = protocol === 'smtps:' ? 465 : 587
  return lookAtPort(hostname.replace(/^\[|\]$/g, ''), port === '' ? usual : Number(port))
}
