import type { Envelope } from '#platform/envelope'
import { errorBodySchema } from '#platform/envelope'

/** Where the service is and who calls it. */
export type Service = { serviceUrl: string; accessToken: string; language?: 'ko' | 'en' | undefined }

type Call = { method: 'GET' | 'POST'; path: string; body?: object }

const deadlineMs = 30_000

/** Calls the HTTP API. Throws one sentence: the service's own with its code and trace id, or that it cannot be reached. */
export async function callService<T>(service: Service, { method, path, body }: Call): Promise<Envelope<T>> {
  const { serviceUrl, accessToken, language } = service
  const url = new URL(path, serviceUrl)
  const headers = {
    authorization: `Bearer ${accessToken}`,
    ...(body && { 'content-type': 'application/json' }),
    ...(language && { 'accept-language': language }),
  }
  const response = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(deadlineMs),
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause) => {
    throw new Error(`${url.origin} cannot be reached.`, { cause })
  })
  const reply: unknown = await response.json().catch(() => undefined)
  if (response.ok) return reply as Envelope<T>
  const refused = errorBodySchema.safeParse(reply)
  if (!refused.success) throw new Error(`${url.origin} answered ${response.status} and nothing that can be read.`)
  const { code, message, traceId } = refused.data.error
  throw new Error(`${message} (${code}, ${traceId})`)
}
