import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

// The endpoints of Elasticsearch 9 that the product uses, as its published API describes them: status codes, bodies of errors, the
// product header that clients check, and the rules of data streams (create only, @timestamp needed, an id once).

type Body = Record<string, unknown>
type Item = { create: { _index: string; _id: string; status: number; error?: { type: string; reason: string } } }

/** How it misbehaves: `hang` never answers, `busy` answers 429 to whole requests, `broken` hangs up. */
type StoreFault = 'hang' | 'busy' | 'broken'

export type ElasticsearchSimulator = {
  url: string
  /** Documents by data stream, then by id. */
  stored: Map<string, Map<string, Body>>
  policies: Map<string, Body>
  templates: Map<string, Body>
  /** Requests so far, `PUT /_bulk`. */
  requests: string[]
  /** Of the bodies of `requests`, as their callers said. */
  requestBytes: number[]
  fault: StoreFault | undefined
  /** Items in every bulk request that are answered 429, from its first on. */
  busyItems: number
  /** What a request may have; more is answered 413. */
  mostBytes: number
  /** Only who sends this `authorization` gets in. */
  authorization: string | undefined
  productHeader: boolean
  documentsOf(stream: string): Body[]
  close(): Promise<void>
}

/** `tls`: over https, with this certificate and key. */
export async function startElasticsearchSimulator(tls?: {
  key: string
  cert: string
  maxVersion?: 'TLSv1.2'
}): Promise<ElasticsearchSimulator> {
  const state = {
    stored: new Map<string, Map<string, Body>>(),
    policies: new Map<string, Body>(),
    templates: new Map<string, Body>(),
    requests: [] as string[],
    requestBytes: [] as number[],
    fault: undefined as StoreFault | undefined,
    busyItems: 0,
    mostBytes: 100 * 1024 * 1024,
    authorization: undefined as string | undefined,
    productHeader: true,
  }
  const onRequest = (request: IncomingMessage, response: ServerResponse) => void answer(state, request, response)
  const server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(state, {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    documentsOf: (stream: string) => [...(state.stored.get(stream)?.values() ?? [])],
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

type State = Omit<ElasticsearchSimulator, 'url' | 'documentsOf' | 'close'>

async function answer(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  state.requests.push(`${request.method} ${path}`)
  state.requestBytes.push(Number(request.headers['content-length'] ?? 0))
  if (state.fault === 'broken') return void request.socket.destroy()
  const text = await readText(request)
  if (state.fault === 'hang') return
  const send = (status: number, body: unknown) => {
    if (state.productHeader) response.setHeader('x-elastic-product', 'Elasticsearch')
    const isCompatible = request.headers.accept?.includes('application/vnd.elasticsearch+json')
    const type = isCompatible ? 'application/vnd.elasticsearch+json;compatible-with=9' : 'application/json'
    response.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? '' : JSON.stringify(body))
  }
  const refusal = refuseRequest(state, request, text)
  if (refusal) return send(...refusal)
  if (path === '/')
    return send(200, { cluster_name: 'simulator', version: { number: '9.4.0' }, tagline: 'You Know, for Search' })
  if (path === '/_bulk') return send(200, store(state, text))
  if (request.method === 'POST' && path.endsWith('/_rollover')) return send(...rollOver(state, path))
  const [, kind, name] = /^\/(_ilm\/policy|_index_template|_data_stream)\/([\w.-]+)$/.exec(path) ?? []
  if (kind === undefined || name === undefined) return send(404, error(404, 'no_handler', path))
  if (request.method === 'PUT') return send(...put(state, { kind, name, body: text === '' ? {} : JSON.parse(text) }))
  return send(...get(state, kind, name))
}

type Answer = [status: number, body: unknown]

function rollOver({ stored }: State, path: string): Answer {
  const isThere = stored.has(path.slice(1, -'/_rollover'.length))
  return isThere ? [200, { acknowledged: true }] : [404, error(404, 'index_not_found_exception', path)]
}

function refuseRequest(state: State, { headers }: IncomingMessage, text: string): Answer | undefined {
  if (state.fault === 'busy') return [429, error(429, 'es_rejected_execution_exception', 'too busy')]
  if (state.authorization !== undefined && headers.authorization !== state.authorization)
    return [401, error(401, 'security_exception', 'unable to authenticate')]
  if (Buffer.byteLength(text) > state.mostBytes) return [413, error(413, 'content_too_long', 'too large')]
  return undefined
}

function put(state: State, { kind, name, body }: { kind: string; name: string; body: Body }): Answer {
  if (kind === '_ilm/policy') {
    if (typeof body.policy !== 'object') return [400, error(400, 'x_content_parse_exception', 'policy missing')]
    state.policies.set(name, body.policy as Body)
  } else if (kind === '_index_template') {
    if (!Array.isArray(body.index_patterns))
      return [400, error(400, 'action_request_validation_exception', 'index patterns are missing')]
    const policy = policyOf(body)
    if (policy !== undefined && !state.policies.has(policy))
      return [400, error(400, 'illegal_argument_exception', `policy ${policy}`)]
    state.templates.set(name, body)
  } else {
    if (state.stored.has(name)) return [400, error(400, 'resource_already_exists_exception', name)]
    if (!hasTemplate(state, name))
      return [400, error(400, 'illegal_argument_exception', `no matching index template for ${name}`)]
    state.stored.set(name, new Map())
  }
  return [200, { acknowledged: true }]
}

/** As the real one gives them back: settings under `index`, numbers and booleans as text, what it fills in itself added. */
function get(state: State, kind: string, name: string): Answer {
  const missing: Answer = [404, error(404, 'resource_not_found_exception', name)]
  if (kind === '_ilm/policy') {
    const policy = state.policies.get(name)
    if (!policy) return missing
    const phases = Object.fromEntries(
      Object.entries(policy.phases as Record<string, Body>).map(([phase, own]) => [phase, { min_age: '0ms', ...own }]),
    )
    return [
      200,
      {
        [name]: { version: 1, modified_date: '2026-11-28T00:00:00.000Z', policy: { ...policy, phases }, in_use_by: {} },
      },
    ]
  }
  if (kind === '_index_template') {
    const template = state.templates.get(name)
    if (!template) return missing
    const inner = template.template as { settings?: Body }
    const settings = { index: asText((inner.settings as { index?: Body } | undefined)?.index ?? {}) }
    return [
      200,
      {
        index_templates: [
          {
            name,
            index_template: {
              ...template,
              composed_of: [],
              template: { ...inner, settings },
              data_stream: { hidden: false, allow_custom_routing: false },
            },
          },
        ],
      },
    ]
  }
  return state.stored.has(name) ? [200, { data_streams: [{ name }] }] : missing
}

function asText(value: unknown): unknown {
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]))
  return String(value)
}

function store(state: State, text: string): Body {
  const lines = text.split('\n').filter(Boolean)
  const items: Item[] = []
  for (let at = 0; at < lines.length; at += 2) {
    const action = (JSON.parse(lines[at] ?? '{}') as { create?: { _index: string; _id: string } }).create
    if (!action) throw new Error('only create is allowed on data streams')
    items.push({
      create: {
        ...action,
        ...storeOne(state, action, { text: lines[at + 1] ?? '', isBusy: at / 2 < state.busyItems }),
      },
    })
  }
  return { took: 1, errors: items.some(({ create }) => create.status >= 400), items }
}

function storeOne(state: State, action: { _index: string; _id: string }, line: { text: string; isBusy: boolean }) {
  const refuse = (status: number, type: string) => ({ status, error: { type, reason: type } })
  if (line.isBusy) return refuse(429, 'es_rejected_execution_exception')
  const document = JSON.parse(line.text) as Body
  if (document['@timestamp'] === undefined) return refuse(400, 'document_parsing_exception')
  const stream = state.stored.get(action._index) ?? new Map<string, Body>()
  state.stored.set(action._index, stream)
  if (stream.has(action._id)) return refuse(409, 'version_conflict_engine_exception')
  stream.set(action._id, document)
  return { status: 201 }
}

function policyOf(template: Body): string | undefined {
  const settings = (template.template as { settings?: { index?: { lifecycle?: { name?: string } } } } | undefined)
    ?.settings
  return settings?.index?.lifecycle?.name
}

function hasTemplate({ templates }: State, name: string): boolean {
  return [...templates.values()].some(({ index_patterns: patterns, data_stream: isStream }) =>
    (patterns as string[]).some((pattern) => isStream !== undefined && name.startsWith(pattern.replace(/\*$/, ''))),
  )
}

function error(status: number, type: string, reason: string) {
  return { error: { type, reason, root_cause: [{ type, reason }] }, status }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
