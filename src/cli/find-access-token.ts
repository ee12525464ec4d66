import { readFile } from 'node:fs/promises'
import { requirePrivate } from './require-private.ts'
import { type PasswordSignIn, signInWithPassword } from './sign-in.ts'

/**
 * What to call the service with: the API key of `ERP_CHATBOT_API_KEY`, or of the file that `ERP_CHATBOT_API_KEY_FILE` names, where
 * a machine calls; else an access token of the person's own. Throws one sentence when there is neither,
 * or when the service is reached in the clear.
 */
export async function findAccessToken(person: PasswordSignIn): Promise<string> {
  requirePrivate(new URL(person.serviceUrl))
  const key = (process.env.ERP_CHATBOT_API_KEY || (await readKeyFile())).trim()
  if (key === '') return (await signInWithPassword(person)).accessToken
  if (!/^ecb_[\w-]+$/.test(key)) throw new Error('ERP_CHATBOT_API_KEY is not an API key: it begins with ecb_.')
  return key
}

async function readKeyFile(): Promise<string> {
  const path = process.env.ERP_CHATBOT_API_KEY_FILE
  if (!path) return ''
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`ERP_CHATBOT_API_KEY_FILE: ${path} cannot be read.`, { cause })
  })
}
