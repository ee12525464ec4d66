import { get } from 'node:https'
import type { FetchText } from './verify-sns.ts'

const deadlineMs = 5_000
const mostBytes = 64 * 1024

/** A short text over HTTPS, without following redirects. Rejects after five seconds, or beyond 64 KiB. */
export const fetchText: FetchText = (url) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const request = get(url, { signal: AbortSignal.timeout(deadlineMs), minVersion: 'TLSv1.2' }, (response) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostBytes) return response.destroy(new Error('The reply is too long'))
      chunks.push(chunk)
    })
    response.on('error', reject)
    response.on('end', () => {
      if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString())
      else reject(new Error(`${new URL(url).host} answered ${response.statusCode}`))
    })
  })
  request.on('error', reject)
  return promise
}
