import { LaunchError } from './launch-error.ts'

/** What the launcher reads from the environment. A part that the environment configures is not started. */
export type Settings = {
  dataDir: string
  port: number
  /** The program's own variables that were given; they win over the launcher's. */
  given: Record<string, string>
}

const serviceVariables = [
  'ROLES',
  'HOST',
  'PUBLIC_URL',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_CA_FILE',
  'REDIS_CLUSTER',
  'KEY_FILE',
  'KMS_KEY_ID',
  'KMS_REGION',
  'KMS_ENDPOINT',
  'SIGNING_KEY_DAYS',
  'SIGNING_KEY_BITS',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_REQUIRED_ACR',
  'OIDC_REQUIRED_AMR',
  'SESSION_IDLE_HOURS',
  'ERP_URLS',
  'ERP_CLIENT_ID',
  'ERP_CLIENT_SECRET',
  'ERP_REFRESH_TOKEN',
  'ERP_TOKEN_PATH',
  'ERP_API_KEY',
  'ERP_API_SECRET',
  'ERP_TOKEN_HEADER',
  'ERP_DATABASE',
  'ERP_LANGUAGE',
  'NLU_LISTEN',
  'NLU_ADDRESSES',
  'NLU_TLS_CERT_FILE',
  'NLU_TLS_KEY_FILE',
  'NLU_TLS_CA_FILE',
  'CATALOG_DIR',
  'CATALOG_MAPPING',
  'ACCESS_FILE',
  'WEB_DIR',
  'QUEUE_URL',
  'QUEUE_CA_FILE',
  'SMTP_URL',
  'SMTP_CA_FILE',
  'MAIL_FROM',
  'SES_CONFIGURATION_SET',
  'SES_TOPIC_ARN',
  'MAIL_TEMPLATES_DIR',
  'FCM_CREDENTIALS_FILE',
  'FCM_ENDPOINT',
  'FCM_CA_FILE',
  'FCM_WEB_API_KEY',
  'FCM_WEB_APP_ID',
  'FCM_WEB_SENDER_ID',
  'FCM_WEB_VAPID_KEY',
  'LOG_LEVEL',
]

/** Throws one sentence when PORT is not a port. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const port = Number(environment.PORT || 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new LaunchError(`PORT=${environment.PORT} is not a port; use a number from 1 to 65535.`)
  }
  const given = serviceVariables.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return { dataDir: environment.DATA_DIR || '.data', port, given: Object.fromEntries(given) }
}
