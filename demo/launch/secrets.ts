import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the demo's parts prove themselves to each other with: random, made once, kept in DATA_DIR (0600). */
const names = [
  'oidcClientSecret',
  'erpClientSecret',
  'erpApiKey',
  'erpSigningSecret',
  'serviceDatabasePassword',
  'erpDatabasePassword',
] as const
export type Secrets = Record<(typeof names)[number], string>

/** Reads them, making those that are not there yet. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  const kept: Partial<Secrets> = await readFile(path, 'utf8').then(JSON.parse, () => ({}))
  const made = Object.fromEntries(
    names.map((name) => [name, kept[name] ?? randomBytes(32).toString('base64url')]),
  ) as Secrets
  await writeFile(`${path}.new`, JSON.stringify(made, null, 2), { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}
