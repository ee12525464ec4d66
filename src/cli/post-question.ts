import type { AskReply } from '#chat'
import type { Envelope } from '#platform/envelope'
import { errorBodySchema } from '#platform/envelope'

type Asked = { serviceUrl: string; accessToken: string; text: string; language: 'ko' | 'en' | undefined }

const deadlineMs = 30_000

/** Asks over the HTTP API. Throws one sentence: the service's own with its code and trace id, or that it cannot be reached. */
export async function postQuestion({ serviceUrl, accessToken, text, language }: Asked): Promise<Envelope<AskReply>> {
  const url = new URL('/api/v1/chat/messages', serviceUrl)
  const headers = {
    authorization: `Bearer ${accessToken}`,
    'content-type': 'application/json',
    ...(language && { 'accept-language': language }),
  }
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ text, ...(language && { language }) }),
    signal: AbortSignal.timeout(deadlineMs),
  }).catch((cause) => {
    throw new Error(`${url.origin} cannot be reached.`, { cause })
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body as Envelope<AskReply>
  const refused = errorBodySchema.safeParse(body)
  if (!refused.success) throw new Error(`${url.origin} answered ${response.status} and nothing that can be read.`)
  const { code, message, traceId } = refused.data.error
  throw new Error(`${message} (${code}, ${traceId})`)
}
