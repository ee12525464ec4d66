import { readFile } from 'node:fs/promises'
import { type PasswordSignIn, signInWithPassword } from './sign-in.ts'

/**
 * What to call the service with: the API key of `ERP_CHATBOT_API_KEY`, or of the file that `ERP_CHATBOT_API_KEY_FILE` names, where
 * a machine calls; else an access token of the person's own. Throws one sentence when there is neither.
 */
export async function findAccessToken(person: PasswordSignIn): Promise<string> {
  const key = (process.env.ERP_CHATBOT_API_KEY || (await readKeyFile())).trim()
  if (key === '') return (await signInWithPassword(person)).accessToken
  if (!/^ecb_[\w-]+$/.test(key)) throw new Error('ERP_CHATBOT_API_KEY is not an API key: it begins with ecb_.')
  requireSafe(person.serviceUrl)
  return key
}

async function readKeyFile(): Promise<string> {
  const path = process.env.ERP_CHATBOT_API_KEY_FILE
  if (!path) return ''
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`ERP_CHATBOT_API_KEY_FILE: ${path} cannot be read.`, { cause })
  })
}

/** A key goes over https, or stays on this machine. */
function requireSafe(serviceUrl: string): void {
  const { protocol, hostname, origin } = new URL(serviceUrl)
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  if (protocol !== 'https:' && !loopback) throw new Error(`${origin} is not reached over https: the key was not sent.`)
}
