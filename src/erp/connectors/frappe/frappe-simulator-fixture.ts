// A simulator of Frappe's REST API, not Frappe: the published behaviour of versions 15 and 16 that the connector meets, over
// documents in memory, behind real HTTP. No real site has answered these tests.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerList } from './simulator-list-fixture.ts'
import { type DocTypes, type Documents, FrappeError } from './simulator-model-fixture.ts'

export type Reply = { status: number; headers?: Record<string, string>; body: string }
type Request = { path: string; params: URLSearchParams; authorization: string | undefined }

export type Simulator = {
  url: string
  /** Every request so far; `lists` those for records. */
  requests: Request[]
  lists(): Request[]
  /** What may change while it runs. */
  state: State
  close(): Promise<void>
}

type State = {
  version: string
  documents: Documents
  /** Fields above the user's permission level, by document type. */
  hidden: Record<string, string[]>
  forbidden: string[]
  /** The user may not ask for versions. */
  versionsForbidden: boolean
  /** What a site, or a proxy before it, gives at most. */
  pageCap: number | undefined
  /** Answers instead, as long as it returns something. */
  intercept: ((request: Request) => Reply | 'drop' | undefined) | undefined
  /** Access and refresh tokens that are good. */
  accessTokens: Set<string>
  refreshTokens: Set<string>
  /** Whether a provider that gives tokens for client credentials stands before the site. */
  givesClientCredentials: boolean
}

export const simulatorAccess = { apiKey: 'key', apiSecret: 'secret', clientId: 'client', clientSecret: 'client secret' }
const json = { 'content-type': 'application/json' }

/** Starts a site of the given version on a free port. */
export async function startFrappeSimulator(
  version: string,
  docTypes: DocTypes,
  documents: Documents,
): Promise<Simulator> {
  const state: State = {
    version,
    documents: structuredClone(documents),
    hidden: {},
    forbidden: [],
    versionsForbidden: false,
    pageCap: undefined,
    intercept: undefined,
    accessTokens: new Set(),
    refreshTokens: new Set(['refresh-0']),
    givesClientCredentials: false,
  }
  const requests: Request[] = []
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => response.destroy(error as Error))
  })

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '', 'http://simulator')
    const request = {
      path: decodeURIComponent(url.pathname),
      params: url.searchParams,
      authorization: incoming.headers.authorization,
    }
    const body = await readText(incoming)
    requests.push(request)
    const reply = state.intercept?.(request) ?? answer(request, body)
    if (reply === 'drop') response.destroy()
    else response.writeHead(reply.status, { ...json, ...reply.headers }).end(reply.body)
  }

  function answer(request: Request, body: string): Reply {
    try {
      if (request.path === '/api/method/frappe.integrations.oauth2.get_token')
        return giveToken(new URLSearchParams(body), state)
      requireSignIn(request, state)
      return { status: 200, body: route(request) }
    } catch (error) {
      if (error instanceof FrappeError) return errorReply(error)
      throw error
    }
  }

  function route({ path, params }: Request): string {
    const isV16 = Number(state.version.split('.')[0]) >= 16
    if (path === '/api/method/frappe.auth.get_logged_user') return '{"message":"chatbot@example.com"}'
    if (path === '/api/method/frappe.utils.change_log.get_versions') {
      if (state.versionsForbidden) throw new FrappeError(403, 'PermissionError', 'Not permitted')
      return JSON.stringify({ message: { frappe: { title: 'Frappe Framework', version: state.version } } })
    }
    const docType = /^\/api\/resource\/([^/]+)$/.exec(path)?.[1]
    if (docType === undefined) throw new FrappeError(404, 'DoesNotExistError', path)
    if (state.forbidden.includes(docType))
      throw new FrappeError(
        403,
        'PermissionError',
        `User chatbot@example.com does not have doctype access for ${docType}`,
      )
    return answerList(docType, params, { docTypes, isV16, ...state })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    lists: () => requests.filter(({ path }) => path.startsWith('/api/resource/')),
    state,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An error as version 1 of the API words it: what is shown to people is JSON in JSON. */
export function errorReply({ status, type, message }: FrappeError): Reply {
  const shown = JSON.stringify({ message, title: 'Message', indicator: 'red', raise_exception: 1 })
  const exception = `frappe.exceptions.${type}: ${message}`
  const body = {
    exception,
    exc_type: type,
    exc: JSON.stringify([`Traceback …\n${exception}`]),
    _server_messages: JSON.stringify([shown]),
  }
  return { status, body: JSON.stringify(body) }
}

function requireSignIn({ authorization = '' }: Request, { accessTokens }: State): void {
  const { apiKey, apiSecret } = simulatorAccess
  const [kind = '', credential = ''] = authorization.split(' ')
  if (kind.toLowerCase() === 'token' && credential === `${apiKey}:${apiSecret}`) return
  if (kind === 'Bearer' && accessTokens.has(credential)) return
  throw new FrappeError(401, 'AuthenticationError', 'Invalid login credentials')
}

/** Frappe's own provider knows refresh tokens and not client credentials; a refresh gives a new refresh token. */
function giveToken(form: URLSearchParams, state: State): Reply {
  const isRefresh =
    form.get('grant_type') === 'refresh_token' && state.refreshTokens.has(form.get('refresh_token') ?? '')
  const isClient = form.get('grant_type') === 'client_credentials' && state.givesClientCredentials
  if (!isRefresh && !isClient) return { status: 400, body: '{"error":"unsupported_grant_type"}' }
  const access = `access-${state.accessTokens.size + 1}`
  const refresh = `refresh-${state.refreshTokens.size}`
  state.accessTokens.add(access)
  if (isRefresh) state.refreshTokens.add(refresh)
  const tokens = {
    access_token: access,
    expires_in: 3_600,
    token_type: 'Bearer',
    ...(isRefresh ? { refresh_token: refresh } : {}),
  }
  return { status: 200, body: JSON.stringify(tokens) }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
