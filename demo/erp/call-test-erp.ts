import type { TestErp } from './start-test-erp.ts'

type ErpCall = {
  instance?: 0 | 1
  method?: string
  token?: string
  apiKey?: string
  accept?: string
  prefer?: string
  signal?: AbortSignal
}
type ErpPage = {
  '@odata.context': string
  '@odata.count'?: number | string
  '@odata.nextLink'?: string
  value: Record<string, string | number | null>[]
}

/** A plain HTTP client of the demo ERP for tests; `path` follows `/odata/v4/`, or is a whole URL such as a next link. */
export type ErpCaller = {
  token: () => Promise<string>
  get: (path: string, call?: ErpCall) => Promise<Response>
  page: (path: string, call?: ErpCall) => Promise<ErpPage>
  /** The error reply, which must have OData's shape. */
  error: (path: string, call?: ErpCall) => Promise<{ status: number; code: string; message: string }>
}

/** Calls as the client and key that the test ERP knows. */
export function createErpCaller(erp: TestErp): ErpCaller {
  let held: Promise<string> | undefined
  const token = async () => {
    const { clientId, clientSecret } = erp.credentials
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const reply = await fetch(`${erp.instances[0].url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    })
    if (!reply.ok) throw new Error(`No token: ${reply.status}`)
    return ((await reply.json()) as { access_token: string }).access_token
  }
  const get: ErpCaller['get'] = async (path, call = {}) => {
    held ??= token()
    const url = path.startsWith('http') ? path : `${erp.instances[call.instance ?? 0].url}/odata/v4/${path}`
    const headers: Record<string, string> = {
      Authorization: `Bearer ${call.token ?? (await held)}`,
      'X-API-Key': call.apiKey ?? erp.credentials.apiKey,
    }
    if (call.accept) headers.Accept = call.accept
    if (call.prefer) headers.Prefer = call.prefer
    return fetch(url, { method: call.method ?? 'GET', headers, signal: call.signal ?? null })
  }
  return {
    token,
    get,
    async page(path, call) {
      const reply = await get(path, call)
      const body = await reply.text()
      if (!reply.ok) throw new Error(`${path}: ${reply.status} ${body}`)
      return JSON.parse(body)
    },
    async error(path, call) {
      const reply = await get(path, call)
      const { error } = (await reply.json()) as { error: { code: string; message: string } }
      return { status: reply.status, code: error.code, message: error.message }
    },
  }
}
