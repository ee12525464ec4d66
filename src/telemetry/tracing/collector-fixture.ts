import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A span as OTLP writes it in JSON, with the name of the process that sent it. */
export type ReceivedSpan = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: { key: string; value: { stringValue?: string; intValue?: number } }[]
  status?: { code?: number }
  instance: string
}

type Attribute = NonNullable<ReceivedSpan['attributes']>[number]
type Body = {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: { spans: Omit<ReceivedSpan, 'instance'>[] }[]
  }[]
}

export type Collector = {
  url: string
  spans: ReceivedSpan[]
  /** Everything that came, as it came. */
  texts: string[]
  /** Answers with this status, or not at all. */
  fault: number | 'hang' | undefined
  close(): Promise<void>
}

/** A collector that takes OTLP over HTTP (JSON) at /v1/traces and keeps it. */
export async function startCollector(): Promise<Collector> {
  const state = { spans: [] as ReceivedSpan[], texts: [] as string[], fault: undefined as Collector['fault'] }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
    if (state.fault === 'hang') return
    if (state.fault !== undefined || request.url !== '/v1/traces')
      return void response.writeHead(state.fault ?? 404, { 'content-type': 'application/json' }).end('{}')
    state.texts.push(text)
    state.spans.push(...readSpans(JSON.parse(text) as Body))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
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

function readSpans({ resourceSpans }: Body): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const instance = resource.attributes.find(({ key }) => key === 'service.instance.id')?.value.stringValue ?? ''
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, instance })))
  })
}
