import type { Client } from '@elastic/elasticsearch'

/**
 * How the log store is reached: base addresses, and an API key or a user. `ca`: PEM of an authority of one's own. `requestMs`: what a
 * request may take, 10 s unless told.
 */
export type ElasticsearchAccess = {
  urls: string[]
  apiKey?: string | undefined
  user?: string | undefined
  password?: string | undefined
  ca?: string | undefined
  requestMs?: number
}

/**
 * A client that leaves retries to its caller and refuses a server that is not Elasticsearch. The library is loaded here, because it
 * costs a second that nobody without a log store should pay.
 */
export async function connectElasticsearch(access: ElasticsearchAccess): Promise<Client> {
  const { Client } = await import('@elastic/elasticsearch')
  const { apiKey, user, password, requestMs = 10_000 } = access
  const isByUser = user !== undefined && password !== undefined
  return new Client({
    nodes: access.urls,
    ...(apiKey !== undefined && { auth: { apiKey } }),
    ...(apiKey === undefined && isByUser && { auth: { username: user, password } }),
    // 1.3 alone, whatever else the process is set to.
    tls: { minVersion: 'TLSv1.3', ...(access.ca !== undefined && { ca: access.ca }) },
    requestTimeout: requestMs,
    maxRetries: 0,
    sniffOnStart: false,
    enableMetaHeader: false,
    redaction: { type: 'remove' },
  })
}
