import { readFileSync } from 'node:fs'
import type { Catalog } from '#catalog'
import { AccessMissing, createConnectionTest, createConnector, type ErpConnector, type TestConnection } from '#erp'
import { createSmtpMailer, type FcmAccess, type Mailer, readServiceAccount } from '#notify'
import type { Logger } from '#platform/log'
import type { Metrics } from '#platform/metrics'
import { type Config, ConfigError } from './config.ts'
import { erpVariable } from './config-erp.ts'
import { findOpenUrls } from './config-links.ts'
import { readPem } from './read-pem.ts'

/** Undefined where no mail server is configured. */
export function openMailer({ mail }: Config): Mailer | undefined {
  const { smtpUrl: url, from, configurationSet, caFile } = mail
  return url === undefined
    ? undefined
    : createSmtpMailer({ url, from, configurationSet, ca: readPem('SMTP_CA_FILE', caFile) })
}

/** Undefined where no service account is configured. */
export function readFcmAccess({ push: { credentialsFile, endpoint, caFile, web } }: Config): FcmAccess | undefined {
  if (credentialsFile === undefined) return undefined
  const ca = readPem('FCM_CA_FILE', caFile)
  try {
    const account = readServiceAccount(readFileSync(credentialsFile, 'utf8'))
    const [problem] = findOpenUrls({ token_uri: account.tokenUrl })
    if (problem !== undefined) throw new Error(problem)
    return { account, endpoint, ca, web }
  } catch (error) {
    const reason = error instanceof Error && !('code' in error) ? error.message : 'cannot be read'
    throw new ConfigError(`Configuration:\n  FCM_CREDENTIALS_FILE: ${credentialsFile} ${reason}`)
  }
}

/** Throws ConfigError when the connector that the mapping names lacks credentials. */
export function connectErp(
  { erp, erpConnection, catalog: { mapping } }: Config,
  deps: { catalog: Catalog; log: Logger; metrics: Metrics },
): { connector: ErpConnector; testConnection: TestConnection } {
  const { caFile, clientCertFile, clientKeyFile, concurrency } = erpConnection
  const tls = {
    ca: readPem('ERP_CA_FILE', caFile),
    cert: readPem('ERP_CLIENT_CERT_FILE', clientCertFile),
    key: readPem('ERP_CLIENT_KEY_FILE', clientKeyFile),
  }
  try {
    const limits = concurrency ? { limits: { concurrent: concurrency } } : {}
    const connector = createConnector({ access: erp, tls, ...limits, ...deps })
    return { connector, testConnection: createConnectionTest({ access: erp, tls, ...deps }) }
  } catch (error) {
    if (!(error instanceof AccessMissing)) throw error
    const sets = error.missing.map((keys) => keys.map(erpVariable).join(' and ')).join(', or ')
    throw new ConfigError(`Configuration:\n  ${sets}: needed by the connector of the mapping '${mapping}'`)
  }
}
