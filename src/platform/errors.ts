export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'limited'
  | 'unavailable'
  | 'internal'

/** One error a reader can meet: a stable code and a sentence in each language. `{name}` in a sentence is filled from the params. */
export type ErrorSpec = { code: string; kind: ErrorKind; ko: string; en: string }

export type ErrorDetail = { field?: string; issue: string }

type Options = {
  params?: Record<string, string | number>
  details?: ErrorDetail[]
  retryAfterS?: number
  cause?: unknown
}

/** An error meant for the caller. Anything else that is thrown is a fault of ours and shows only its trace id. */
export class AppError extends Error {
  readonly spec: ErrorSpec
  readonly params: Record<string, string | number>
  readonly details: ErrorDetail[]
  readonly retryAfterS: number | undefined

  constructor(spec: ErrorSpec, options: Options = {}) {
    super(spec.code, { cause: options.cause })
    this.name = 'AppError'
    this.spec = spec
    this.params = options.params ?? {}
    this.details = options.details ?? []
    this.retryAfterS = options.retryAfterS
  }

  /** The sentence for a reader of `language`, with its params filled in. */
  sentence(language: 'ko' | 'en'): string {
    return this.spec[language].replace(/\{(\w+)\}/g, (whole, key: string) => String(this.params[key] ?? whole))
  }
}

/** HTTP status of each kind; gRPC and queues map kinds in their own adapters. */
export const httpStatus: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
}
