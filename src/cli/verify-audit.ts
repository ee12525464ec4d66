import { createAuditSeal, verifyAudit } from '#audit'
import { createLogger } from '#platform/log'
import { requireTls13 } from '#platform/tls-version'
import { readKeyConfig } from '../config.ts'
import { openKeyTools } from '../wiring-keys.ts'
import { findEnvironment } from './find-environment.ts'

// `npm run audit:verify`: walks the audit trail's hash chain and checks that its checkpoints are ours. Of the environment's
// DATABASE_URL and KEY_FILE or KMS_KEY_ID, or else of the demo running in DATA_DIR.
// Exits 0 when it is as it was written, 1 when it is not, 2 when it cannot be read.
try {
  requireTls13()
  const log = createLogger({ level: 'silent', role: 'cli' })
  await using tools = openKeyTools(readKeyConfig(findEnvironment()), log)
  const verdict = await verifyAudit(tools.database, { seal: createAuditSeal(tools.database, tools.cipher) })
  if (verdict.kind === 'intact') {
    const { entries, lastId, lastHash } = verdict
    console.log(`The audit trail is intact: ${entries} entries, the last is ${lastId}, its hash ${lastHash}`)
  } else {
    console.error(`The audit trail is broken: entry ${verdict.id} is ${verdict.reason}`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(`The audit trail cannot be read: ${(error as Error).message}`)
  process.exitCode = 2
}
