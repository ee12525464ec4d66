import type { Dispatcher } from 'undici'

export type HttpCall = { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string }
export type HttpReply = { status: number; headers: Record<string, string>; text: string }

/**
 * Why a call has no reply. `connect`: nobody took it, so another server may. `broken`: taken and dropped. `timeout`: no
 * complete reply in the time of an attempt. `cut`: nor in the less that was left. `too-large`: more than the bound.
 */
export type CallFault = 'connect' | 'broken' | 'timeout' | 'cut' | 'too-large'

/** A call that came to no complete reply. */
export class CallError extends Error {
  override readonly name = 'CallError'
  readonly fault: CallFault

  constructor(fault: CallFault, cause?: unknown) {
    super(fault, { cause })
    this.fault = fault
  }

  /** Whether it says something about the server rather than about this call. */
  get isServerFault(): boolean {
    return this.fault === 'connect' || this.fault === 'broken' || this.fault === 'timeout'
  }
}

/** `attemptMs` is what an attempt may take, `timeLeftMs` what there is. */
type Bounds = { attemptMs: number; timeLeftMs: number; maxBytes: number }

/** The codes of a connection that never came about, TLS refusals included. */
const connectCodes =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|EPROTO|UND_ERR_CONNECT_TIMEOUT|CERT_.*|.*_CERT.*|ERR_TLS_.*|ERR_SSL_.*|UNABLE_TO_.*|HOSTNAME_MISMATCH)$/

/** One attempt, whole reply read. Throws CallError, or the signal's reason when the caller gave up. */
export async function callServer(
  server: Dispatcher,
  call: HttpCall,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<HttpReply> {
  const timeout = AbortSignal.timeout(Math.ceil(Math.max(1, Math.min(bounds.attemptMs, bounds.timeLeftMs))))
  try {
    const reply = await server.request({ ...call, body: call.body ?? null, signal: AbortSignal.any([signal, timeout]) })
    const text = await readBody(reply, bounds.maxBytes)
    return { status: reply.statusCode, headers: readHeaders(reply.headers), text }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (timeout.aborted) throw new CallError(bounds.timeLeftMs < bounds.attemptMs ? 'cut' : 'timeout', error)
    if (error instanceof CallError) throw error
    throw new CallError(connectCodes.test(codeOf(error)) ? 'connect' : 'broken', error)
  }
}

async function readBody({ body, headers }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  if (Number(headers['content-length']) > maxBytes) {
    body.destroy()
    throw new CallError('too-large')
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    // Leaving the loop destroys the stream, so a reply without end ends here.
    if (size > maxBytes) throw new CallError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
