import { Agent, request } from 'node:http'

export type RawRequest = {
  method: string
  /** With its query, as it goes over the wire. */
  path: string
  headers: Record<string, string | string[]>
  body: string | undefined
}

export type RawReply = { status: number; type: string; text: string }

const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const deadlineMs = 30_000

/** Sends a request as it is, well-formed or not: `fetch` would mend it first. Rejects when there is no HTTP answer. */
export function sendRaw(url: string, { method, path, headers, body }: RawRequest): Promise<RawReply> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const call = request({ agent, hostname, port, method, path, headers, timeout: deadlineMs }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          type: reply.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    call.on('timeout', () => call.destroy(new Error('No answer in time')))
    call.on('error', reject)
    call.end(body)
  })
}
