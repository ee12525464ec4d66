import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'

const schema = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z][a-z0-9:.-]{3,60}$/),
  private_key_id: z.string().min(1),
  private_key: z.string().includes('-----BEGIN '),
  client_email: z.email(),
  token_uri: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
})

/** What a service account's key file says. */
export type ServiceAccount = {
  projectId: string
  keyId: string
  privateKey: string
  email: string
  tokenUrl: string
}

/** Reads the JSON that Google issues for a service account. Throws a sentence that names what is wrong, never what is in it. */
export function readServiceAccount(text: string): ServiceAccount {
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) {
    const faults = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'JSON'))]
    throw new Error(`is not the key of a service account: ${faults.join(', ')}`)
  }
  const { project_id: projectId, private_key_id: keyId, private_key: privateKey, ...rest } = parsed.data
  if (!isRsaKey(privateKey)) throw new Error('is not the key of a service account: private_key is no RSA key')
  return { projectId, keyId, privateKey, email: rest.client_email, tokenUrl: rest.token_uri }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
