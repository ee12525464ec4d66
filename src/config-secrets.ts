import { readFileSync } from 'node:fs'

/** Variables that hold a secret, and may name a file that holds it instead: `X_FILE` for `X`. */
const secretVariables = [
  'DATABASE_URL',
  'REDIS_URL',
  'QUEUE_URL',
  'SMTP_URL',
  'OIDC_CLIENT_SECRET',
  'ERP_CLIENT_SECRET',
  'ERP_REFRESH_TOKEN',
  'ERP_PASSWORD',
  'ERP_API_KEY',
  'ERP_API_SECRET',
  'CHANGES_URL',
  'CHANGES_SECRET',
  'ELASTICSEARCH_API_KEY',
  'ELASTICSEARCH_PASSWORD',
  'OTEL_EXPORTER_OTLP_HEADERS',
]
const largestFile = 64 * 1024

type Environment = Record<string, string | undefined>

/**
 * The environment with secrets read from the files that it names, as container platforms mount them, without the line break at
 * their end. A problem never quotes what is in a file.
 */
export function readSecretFiles(environment: Environment): { environment: Environment; problems: string[] } {
  const problems: string[] = []
  const read: Environment = {}
  for (const name of secretVariables) {
    const path = environment[`${name}_FILE`]
    if (path === undefined || path === '') continue
    if (environment[name]) problems.push(`${name}, ${name}_FILE: only one of them may be set`)
    const { text, problem } = readSecret(path)
    if (problem) problems.push(`${name}_FILE: ${path} ${problem}`)
    else read[name] = text
  }
  return { environment: { ...environment, ...read }, problems }
}

function readSecret(path: string): { text: string; problem?: string } {
  try {
    const bytes = readFileSync(path)
    const text = bytes.toString().replace(/\r?\n$/, '')
    if (bytes.length > largestFile) return { text: '', problem: 'is too large for a secret' }
    return text === '' ? { text, problem: 'is empty' } : { text }
  } catch {
    return { text: '', problem: 'cannot be read' }
  }
}
