import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'oidc-provider'

/** The provider's own secrets: what signs ID tokens, and what signs its cookies. */
export type IdentityKeys = { signing: JWK; cookies: string[] }

/** Reads them from `dataDir`, or makes them (0600) on the first start, so that a restart leaves tokens and sessions valid. */
export async function loadIdentityKeys(dataDir: string): Promise<IdentityKeys> {
  const path = join(dataDir, 'identity-keys.json')
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const signing = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' } as JWK
  const keys = { signing, cookies: [randomBytes(32).toString('base64url')] }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, JSON.stringify(keys), { mode: 0o600 })
  await rename(`${path}.new`, path)
  return keys
}
