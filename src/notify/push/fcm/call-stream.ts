import { type ClientHttp2Session, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'

/** What a server answered. */
export type Reply = { status: number; headers: IncomingHttpHeaders; body: string }

/** A stream that ended without a whole reply. `isUnprocessed`: the server has certainly not begun with it. */
export class StreamLost extends Error {
  readonly isUnprocessed: boolean

  constructor(message: string, isUnprocessed: boolean, cause?: unknown) {
    super(message, { cause })
    this.isUnprocessed = isUnprocessed
  }
}

/** A reply that did not come in time. */
export class DeadlinePassed extends Error {}

type Call = { headers: OutgoingHttpHeaders; body: string; deadlineMs: number }

const mostBytes = 64 * 1024
const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = constants

/** One request on a stream of its own. Rejects with StreamLost, or DeadlinePassed after `deadlineMs`. */
export function callStream(session: ClientHttp2Session, { headers, body, deadlineMs }: Call): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  let stream: ReturnType<ClientHttp2Session['request']>
  try {
    stream = session.request(headers)
  } catch (error) {
    // The session ended between being chosen and this.
    return Promise.reject(new StreamLost('The session is over', true, error))
  }
  let head: IncomingHttpHeaders | undefined
  let text = ''
  let hasEnded = false
  let fault: unknown
  const timer = setTimeout(() => {
    fault = new DeadlinePassed(`No reply in ${deadlineMs} ms`)
    stream.close(NGHTTP2_CANCEL)
  }, deadlineMs)
  stream.setEncoding('utf8')
  stream.on('response', (received) => {
    head = received
  })
  stream.on('data', (chunk: string) => {
    text += chunk
    if (text.length > mostBytes) stream.close(NGHTTP2_CANCEL)
  })
  stream.on('end', () => {
    hasEnded = true
  })
  stream.on('error', (error) => {
    fault ??= error
  })
  stream.on('close', () => {
    clearTimeout(timer)
    const code = stream.rstCode
    const status = Number(head?.[':status'] ?? 0)
    if (head && hasEnded && !fault && code === NGHTTP2_NO_ERROR) resolve({ status, headers: head, body: text })
    else if (fault instanceof DeadlinePassed) reject(fault)
    // A stream that never got an id has not left this machine.
    else reject(new StreamLost(`Code ${code}`, code === NGHTTP2_REFUSED_STREAM || stream.id === undefined, fault))
  })
  stream.end(body)
  return promise
}
