import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A log store and a collector that take everything and look at nothing, so that the measured process has the machine. */
export type LogSinks = {
  url: string
  lines: number
  spans: number
  /** While true the log store answers nothing. */
  isAway: boolean
  close(): Promise<void>
}

export async function startLogSinks(): Promise<LogSinks> {
  const state = { lines: 0, spans: 0, isAway: false }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    response.setHeader('x-elastic-product', 'Elasticsearch')
    if (request.url?.startsWith('/v1/traces')) {
      state.spans += count(body, '"spanId"')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }
    if (state.isAway) return
    const lines = count(body, '{"create":')
    state.lines += lines
    const items = Array.from({ length: lines }, () => '{"create":{"status":201}}').join(',')
    const type = { 'content-type': 'application/vnd.elasticsearch+json;compatible-with=9' }
    response.writeHead(200, type).end(`{"took":1,"errors":false,"items":[${items}]}`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

function count(body: Buffer, text: string): number {
  let found = 0
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) found += 1
  return found
}
