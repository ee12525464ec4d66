/** A refusal in OData's terms: what the caller did, or what is not served here. Anything else thrown is a fault of ours. */
export class ODataError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.name = 'ODataError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** 400: the request says something that cannot be read or that makes no sense. */
export const badRequest = (code: string, message: string) => new ODataError(400, code, message)

/** 501: valid OData that this server does not do. */
export const notImplemented = (message: string) => new ODataError(501, 'NotImplemented', message)

/** The body of every error reply. */
export function errorText(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } })
}
