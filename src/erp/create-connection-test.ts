import { Registry } from 'prom-client'
import type { Catalog } from '#catalog'
import type { Logger } from '#platform/log'
import { type ConnectionReport, testConnection } from './connection/test-connection.ts'
import type { AccessSettings } from './connector-declaration.ts'
import type { TlsFiles } from './connectors/http/tls-files.ts'
import { createConnector } from './create-connector.ts'

/** Tests the connection to the ERP as it is configured. Does not throw for what it finds. */
export type TestConnection = (signal: AbortSignal) => Promise<ConnectionReport>

type Deps = { access: AccessSettings; tls?: TlsFiles; catalog: Catalog; log: Logger; now?: () => Date }

/** One attempt at each thing: a test is to show trouble, not to ride it out. */
const limits = { retries: 0, attemptMs: 4_000, budgetMs: 4_000, pageSize: 1 }

/** Binds the use case to the configuration. Its connections are its own: it neither heeds nor changes what calls have met. */
export function createConnectionTest({ access, tls, catalog, log, now = () => new Date() }: Deps): TestConnection {
  const open = (url: string, narrowed: Catalog) =>
    createConnector({
      access: { ...access, urls: [url] },
      catalog: narrowed,
      log,
      // What a test meets is no figure of the service.
      metrics: { registry: new Registry() },
      limits,
      now,
      ...(tls && { tls }),
    })
  return (signal) => testConnection({ urls: access.urls, catalog, tls, open, now }, signal)
}
