import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyAudit } from '#audit'
import { openDatabase } from '#platform/database'
import { createLogger } from '#platform/log'
import { requireTls13 } from '#platform/tls-version'
import { readSecretFiles } from '../config-secrets.ts'

// `npm run audit:verify`: walks the audit trail's hash chain, of DATABASE_URL or else of the demo running in DATA_DIR.
// Exits 0 when it is as it was written, 1 when it is not, 2 when it cannot be read.
function findDatabaseUrl(): string {
  const { environment, problems } = readSecretFiles(process.env)
  if (problems.length > 0) throw new Error(problems.join('; '))
  if (environment.DATABASE_URL) return environment.DATABASE_URL
  try {
    return JSON.parse(readFileSync(join(process.env.DATA_DIR ?? '.data', 'office.json'), 'utf8')).databaseUrl
  } catch {
    throw new Error('Set DATABASE_URL, or start the demo with npm start first.')
  }
}

try {
  requireTls13()
  const log = createLogger({ level: 'silent', role: 'cli' })
  await using database = openDatabase({ url: findDatabaseUrl(), log, poolSize: 1 })
  const verdict = await verifyAudit(database)
  if (verdict.kind === 'intact') {
    console.log(`The audit trail is intact: ${verdict.entries} entries, last hash ${verdict.lastHash}`)
  } else {
    console.error(`The audit trail is broken: entry ${verdict.id} is ${verdict.reason}`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(`The audit trail cannot be read: ${(error as Error).message}`)
  process.exitCode = 2
}
