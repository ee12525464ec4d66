// Simulated OData services, which refuse what their vendors' services refuse: tests only. No vendor's server is behind them.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DialectName } from './dialect.ts'
import { answer, type SimSet } from './simulator-answer-fixture.ts'
import { type Grammar, grammars, Refusal } from './simulator-filter-fixture.ts'
import { describeSets } from './simulator-metadata-fixture.ts'

/** How a vendor's service behaves, as published. */
type Vendor = {
  /** What it takes in the query; anything else is refused. */
  options: RegExp
  grammarOf(path: string): Grammar
  pageCap?: number
}

const { standard: v4, 'business-central': bc, 'finance-operations': fo, s4hana: s4, 's4hana-v2': s4v2 } = grammars

const common = '\\$filter|\\$select|\\$expand|\\$orderby|\\$top'
const sapGrammar = (path: string) => (path.includes('/odata4/') ? s4 : s4v2)
const sapOptions = new RegExp(
  `^(${common}|\\$skip|\\$skiptoken|\\$count|\\$inlinecount|\\$format|\\$apply|sap-client|sap-language)$`,
)

const vendors: Record<DialectName, Vendor> = {
  standard: {
    options: new RegExp(`^(${common}|\\$skip|\\$skiptoken|\\$count|\\$apply)$`),
    grammarOf: () => v4,
    pageCap: 5_000,
  },
  // Pages by $skip are discouraged there; here they are a fault of whoever asks for them.
  'business-central': {
    options: new RegExp(`^(${common}|\\$count|\\$skiptoken|\\$schemaversion)$`),
    grammarOf: () => bc,
    pageCap: 20_000,
  },
  'finance-operations': {
    options: new RegExp(`^(${common}|\\$skip|\\$count|\\$skiptoken|cross-company)$`),
    grammarOf: () => fo,
    pageCap: 10_000,
  },
  s4hana: { options: sapOptions, grammarOf: sapGrammar },
  's4hana-v2': { options: sapOptions, grammarOf: sapGrammar },
}

export type SimOptions = {
  dialect: DialectName
  /** Where the API is. */
  root: string
  sets: Record<string, SimSet>
  /** A page has so many records at most, whatever is asked for. */
  pageCap?: number
  /** A reply of the test's own, tried first. */
  intercept?: (
    url: URL,
    request: IncomingMessage,
  ) => { status: number; headers?: Record<string, string>; body?: string } | undefined
  delayMs?: number
}

type SimRequest = { url: URL; headers: IncomingHttpHeaders; body: string }

/** Credentials that the simulated services take. */
export const simAccess = { clientId: 'chatbot', clientSecret: 'secret', user: 'COMM_USER', password: 'pass:word' }

/** A service on a port of its own; its token endpoint is `/tenant/oauth2/v2.0/token`. */
export async function serveOData(options: SimOptions) {
  const state = { requests: [] as SimRequest[], tokens: [] as SimRequest[], running: 0, mostRunning: 0 }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      send(response, 500, JSON.stringify({ error: { message: String(error) } })),
    )
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    const body = (await request.toArray()).map(String).join('')
    const seen = { url, headers: request.headers, body }
    if (url.pathname === '/tenant/oauth2/v2.0/token') {
      state.tokens.push(seen)
      send(response, 200, '{"access_token":"token","expires_in":3600}')
      return
    }
    state.requests.push(seen)
    const own = options.intercept?.(url, request)
    if (own) {
      send(response, own.status, own.body ?? '', own.headers)
      return
    }
    state.running += 1
    state.mostRunning = Math.max(state.mostRunning, state.running)
    if (options.delayMs) await sleep(options.delayMs)
    reply(options, seen, response)
    state.running -= 1
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...state,
    state,
    url,
    tokenUrl: `${url}/tenant/oauth2/v2.0/token`,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function reply(options: SimOptions, { url, headers }: SimRequest, response: ServerResponse): void {
  if (url.pathname.startsWith(options.root) && url.pathname.endsWith('$metadata')) {
    const service = url.pathname.slice(options.root.length, -'$metadata'.length)
    send(response, 200, describeSets(options.sets, service), { 'content-type': 'application/xml' })
    return
  }
  try {
    send(response, 200, answerTo(options, url, headers), { 'content-type': 'application/json;odata.metadata=minimal' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    send(response, error.status, JSON.stringify({ error: { code: 'BadRequest', message: error.message } }))
  }
}

function answerTo({ dialect, root, sets, pageCap }: SimOptions, url: URL, headers: IncomingHttpHeaders): string {
  const basic = `Basic ${Buffer.from(`${simAccess.user}:${simAccess.password}`).toString('base64')}`
  if (headers.authorization !== 'Bearer token' && headers.authorization !== basic) throw new Refusal(401, 'who are you')
  const path = decodeURIComponent(url.pathname)
  const set = path.startsWith(root) ? sets[path.slice(root.length)] : undefined
  if (!set) throw new Refusal(404, `there is nothing at ${path}`)
  const vendor = vendors[dialect]
  const grammar = vendor.grammarOf(path)
  requireOptions(url, { vendor, grammar, set })
  const asked = /odata\.maxpagesize=(\d+)/.exec(String(headers.prefer))?.[1]
  const pageSize = Math.min(
    ...[asked && grammar.version === 4 ? Number(asked) : undefined, vendor.pageCap, pageCap].map(
      (size) => size ?? Number.POSITIVE_INFINITY,
    ),
  )
  return answer({
    set: dialect === 'finance-operations' ? ofCompany(set, url) : set,
    params: url.searchParams,
    grammar,
    pageSize,
    quotesDecimals: grammar.version === 2 || String(headers.accept).includes('IEEE754Compatible=true'),
    linkTo: (skip) => nextOf(url, skip, grammar),
  })
}

function requireOptions(url: URL, { vendor, grammar, set }: { vendor: Vendor; grammar: Grammar; set: SimSet }): void {
  const { searchParams: params } = url
  for (const name of params.keys()) if (!vendor.options.test(name)) throw new Refusal(400, `the option ${name}`)
  if (grammar.version === 2) {
    if (params.get('$format') !== 'json') throw new Refusal(406, 'this would be Atom')
    if (params.has('$count')) throw new Refusal(400, 'the option $count of version 4')
  } else if (params.has('$inlinecount') || params.has('$format')) throw new Refusal(400, 'an option of version 2')
  if (params.has('$apply') && !(set.apply ?? false)) throw new Refusal(501, 'no ApplySupported')
}

/** Without `cross-company=true` only the default company answers. */
function ofCompany(set: SimSet, { searchParams }: URL): SimSet {
  if (searchParams.get('cross-company') === 'true') return set
  return { ...set, rows: set.rows.filter(({ dataAreaId }) => dataAreaId === 'usmf') }
}

function nextOf(url: URL, skip: number, { version }: Grammar): string {
  const next = new URL(url)
  next.searchParams.set('$skiptoken', String(skip))
  next.searchParams.delete('sap-client')
  return version === 2 ? `${next.pathname.split('/').at(-1)}${next.search}` : next.href
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}
