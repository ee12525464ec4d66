import type { RefreshOutcome } from './refresh.ts'

type ErrorDetail = { field?: string; issue: string }
type Shape = { code: string; message: string; status: number; traceId?: string | null; details?: ErrorDetail[] }

/** What went wrong with a call, in the error format of the interface definition or made here when no reply came. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly traceId: string | null
  /** What exactly, part by part. */
  readonly details: ErrorDetail[]

  constructor(shape: Shape) {
    super(shape.message)
    this.name = 'ApiError'
    this.code = shape.code
    this.status = shape.status
    this.traceId = shape.traceId ?? null
    this.details = shape.details ?? []
  }
}

/** Codes of errors that no server sent. */
export const localCodes = {
  offline: 'CLIENT_OFFLINE',
  timeout: 'CLIENT_TIMEOUT',
  badReply: 'CLIENT_BAD_REPLY',
} as const

export type ApiDeps = {
  fetch: typeof fetch
  /** Language of the sentences we want back. */
  language: () => string
  /** Runs one refresh of the access token. */
  refresh: () => Promise<RefreshOutcome>
  /** The session is over: the caller shows the sign-in page. */
  onSignedOut: () => void
  timeoutMs: number
}

export type ApiClient = {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  remove(path: string): Promise<void>
  /** Sends a file as it is. */
  upload<T>(path: string, content: Blob, type: string): Promise<T>
  /** The raw reply, for files. */
  open(path: string): Promise<Response>
}

type Call = { method: string; body?: unknown; file?: { content: Blob; type: string } }

/** Calls our API: cookies for identity, one silent refresh on 401, envelope taken off, errors as ApiError. */
export function createApiClient(deps: ApiDeps): ApiClient {
  async function send(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': deps.language() }
    if (call.body !== undefined) headers['content-type'] = 'application/json'
    if (call.file) headers['content-type'] = call.file.type
    try {
      return await deps.fetch(path, {
        method: call.method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(deps.timeoutMs),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.file && { body: call.file.content }),
      })
    } catch (cause) {
      const late = cause instanceof DOMException && cause.name === 'TimeoutError'
      throw new ApiError({ code: late ? localCodes.timeout : localCodes.offline, message: '', status: 0 })
    }
  }

  async function request(path: string, call: Call): Promise<Response> {
    let response = await send(path, call)
    if (response.status === 401) {
      const outcome = await deps.refresh()
      if (outcome === 'unknown') throw new ApiError({ code: localCodes.offline, message: '', status: 0 })
      if (outcome === 'renewed') response = await send(path, call)
      if (response.status === 401) deps.onSignedOut()
    }
    if (!response.ok) throw await readError(response)
    return response
  }

  return {
    get: async <T>(path: string) => readBody<T>(await request(path, { method: 'GET' })),
    post: async <T>(path: string, body: unknown) => readBody<T>(await request(path, { method: 'POST', body })),
    put: async <T>(path: string, body: unknown) => readBody<T>(await request(path, { method: 'PUT', body })),
    patch: async <T>(path: string, body: unknown) => readBody<T>(await request(path, { method: 'PATCH', body })),
    remove: async (path) => void (await request(path, { method: 'DELETE' })),
    upload: async <T>(path: string, content: Blob, type: string) =>
      readBody<T>(await request(path, { method: 'POST', file: { content, type } })),
    open: (path) => request(path, { method: 'GET' }),
  }
}

async function readBody<T>(response: Response): Promise<T> {
  const reply = await response.json().catch(() => null)
  if (!isRecord(reply) || !('body' in reply)) {
    throw new ApiError({ code: localCodes.badReply, message: '', status: response.status })
  }
  return reply.body as T
}

async function readError(response: Response): Promise<ApiError> {
  const reply = await response.json().catch(() => null)
  const error = isRecord(reply) && isRecord(reply.error) ? reply.error : {}
  return new ApiError({
    code: typeof error.code === 'string' ? error.code : localCodes.badReply,
    message: typeof error.message === 'string' ? error.message : '',
    status: response.status,
    traceId: typeof error.traceId === 'string' ? error.traceId : null,
    details: Array.isArray(error.details) ? error.details.filter(isDetail) : [],
  })
}

const isDetail = (value: unknown): value is ErrorDetail => isRecord(value) && typeof value.issue === 'string'

/** Whether a parsed JSON value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
