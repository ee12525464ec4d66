import { join } from 'node:path'
import type { Secrets } from './secrets.ts'

export type ServiceParts = {
  dataDir: string
  port: number
  publicUrl: string
  databaseUrl: string
  issuer: string
  smtpUrl: string
  erpUrls: string[]
  /** Of the demo ERP's own database, whose changes are followed; absent when the ERP is not ours. */
  erpDatabaseUrl?: string | undefined
  secrets: Secrets
  nluPort: number
  /** Where roles without an HTTP server show their metrics, when each has a process of its own. */
  metricsPorts: { nlu: number; worker: number }
  given: Record<string, string>
}

/** What the demo's parts know the service as. */
export const clientId = 'erp-chatbot'

/** One process with all roles, or one for each: name and environment. What was `given` wins over the demo's own. */
export function describeServices(
  parts: ServiceParts,
  roles: 'one' | 'three',
): { name: 'service' | 'http' | 'nlu' | 'worker'; env: Record<string, string> }[] {
  const common = { ...demoEnvironment(parts), ...parts.given }
  const serving = { ...common, PORT: String(parts.port) }
  if (roles === 'one') return [{ name: 'service', env: serving }]
  const nlu = `127.0.0.1:${parts.nluPort}`
  const metricsOf = (role: 'nlu' | 'worker') => ({ METRICS_LISTEN: `127.0.0.1:${parts.metricsPorts[role]}` })
  return [
    // The worker fetches the names that the nlu role waits for.
    { name: 'worker', env: { ...common, ROLES: 'worker', PORT: '0', ...metricsOf('worker') } },
    { name: 'nlu', env: { ...common, ROLES: 'nlu', PORT: '0', NLU_LISTEN: nlu, ...metricsOf('nlu') } },
    { name: 'http', env: { ...serving, ROLES: 'http', NLU_ADDRESSES: nlu } },
  ]
}

function demoEnvironment({
  dataDir,
  publicUrl,
  databaseUrl,
  issuer,
  smtpUrl,
  erpUrls,
  erpDatabaseUrl,
  secrets,
}: ServiceParts): Record<string, string> {
  const repository = join(import.meta.dirname, '../..')
  return {
    ROLES: 'http,nlu,worker',
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: databaseUrl,
    KEY_FILE: join(dataDir, 'service.key'),
    METRICS_FOLDERS: dataDir,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: secrets.oidcClientSecret,
    ERP_URLS: erpUrls.join(','),
    ERP_CLIENT_ID: clientId,
    ERP_CLIENT_SECRET: secrets.erpClientSecret,
    ERP_API_KEY: secrets.erpApiKey,
    ...(erpDatabaseUrl === undefined ? {} : { CHANGES_URL: erpDatabaseUrl }),
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'ERP 챗봇 <chatbot@hanbit.example>',
    MAIL_TEMPLATES_DIR: join(repository, 'notify-templates'),
    COMPANY_NAME: '한빛정밀',
    COMPANY_NAME_EN: 'Hanbit Precision',
    CATALOG_DIR: join(repository, 'catalog'),
    WEB_DIR: join(repository, 'web/dist'),
  }
}
