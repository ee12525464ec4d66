import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The environment, or that of the demo whose launcher wrote down where its database is. Throws one sentence when there is neither. */
export function findEnvironment(): Record<string, string | undefined> {
  if (process.env.DATABASE_URL ?? process.env.DATABASE_URL_FILE) return process.env
  const folder = process.env.DATA_DIR || '.data'
  try {
    const { databaseUrl } = JSON.parse(readFileSync(join(folder, 'office.json'), 'utf8'))
    return { ...process.env, DATABASE_URL: databaseUrl, KEY_FILE: join(folder, 'service.key') }
  } catch {
    throw new Error('Set DATABASE_URL and KEY_FILE or KMS_KEY_ID, or start the demo with npm start first.')
  }
}
