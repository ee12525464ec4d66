import { generateKeyPairSync } from 'node:crypto'
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { importSPKI, jwtVerify } from 'jose'
import { z } from 'zod'
import type { ServiceAccount } from './service-account.ts'

// A server that behaves as Google's do towards one who sends: where tokens come from, and FCM HTTP v1.

/** What happens to a message instead of being taken. */
export type Fault =
  | { status: number; errorCode?: string; retryAfter?: string; field?: string }
  | 'refuse'
  | 'reset'
  | 'take-and-reset'
  | 'goaway'
  | 'goaway-with-error'
  | 'lose-connection'
  | 'hang'

export type PeerOptions = {
  /** What befalls the n-th (from 1) try to reach a token. */
  fault?: (token: string, tries: number) => Fault | undefined
  mostStreams?: number
  tls?: { key: string; cert: string }
  tokenSeconds?: number
  /** Before each reply to a message. */
  delayMs?: number
  onToken?: () => number | undefined
  /** Keeps the port that a peer before it had. */
  port?: number
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const projectId = 'hanbit-erp'

const words = z.strictObject({ title: z.string().optional(), body: z.string().optional() })
const textMap = z.record(z.string(), z.string())
/** `Message` of the FCM HTTP v1 reference, as far as we send it; whatever else it has is refused. */
const messageSchema = z.strictObject({
  token: z.string().min(1),
  notification: words.optional(),
  data: textMap.refine((data) => Object.keys(data).every((key) => !/^(from|message_type|(google|gcm)\..*)$/.test(key))),
  android: z.strictObject({
    priority: z.enum(['HIGH', 'NORMAL']),
    ttl: z.string().regex(/^\d+s$/),
    collapse_key: z.string().optional(),
    notification: z.strictObject({ tag: z.string() }).optional(),
  }),
  apns: z.strictObject({
    headers: z.strictObject({
      'apns-priority': z.enum(['10', '5']),
      'apns-expiration': z.string().regex(/^\d+$/),
      'apns-collapse-id': z
        .string()
        .max(64)
        .regex(/^[\x21-\x7e]+$/),
    }),
    payload: z.strictObject({ aps: z.strictObject({ 'content-available': z.literal(1) }) }).optional(),
  }),
  webpush: z.strictObject({
    headers: z.strictObject({ TTL: z.string(), Urgency: z.enum(['high', 'normal']) }),
    notification: z.strictObject({ tag: z.string() }).optional(),
  }),
})
type FcmMessage = z.infer<typeof messageSchema>

/** Starts the peer. `taken` are the messages that it would have brought to a device, in order. */
export async function startFcmPeer(options: PeerOptions = {}) {
  const state = {
    taken: [] as FcmMessage[],
    tries: new Map<string, number>(),
    sessions: 0,
    tokensIssued: 0,
    mostOpen: 0,
    open: 0,
    lastId: new WeakMap<Http2Session, number>(),
    tokens: new Map<string, number>(),
    live: new Set<Http2Session>(),
    sockets: new Map<number | undefined, Socket>(),
    problems: [] as string[],
  }
  const settings = { maxConcurrentStreams: options.mostStreams ?? 100 }
  const server: Http2Server = options.tls
    ? createSecureServer({ ...options.tls, settings, minVersion: 'TLSv1.3' })
    : createServer({ settings })
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    state.sockets.set(socket.remotePort, socket)
  })
  server.on('session', (session) => {
    state.live.add(session)
    session.on('error', () => undefined)
    session.on('close', () => state.live.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    let text = ''
    stream.setEncoding('utf8')
    stream.on('data', (chunk) => {
      text += chunk
    })
    stream.on('end', () => {
      if (headers[':path'] === '/token') void issueToken(state, options, { stream, headers, text, url: tokenUrl() })
      else if (options.delayMs === undefined) answerMessage(state, options, { stream, headers, text, url })
      else setTimeout(() => answerMessage(state, options, { stream, headers, text, url }), options.delayMs)
    })
  })
  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  const url = options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  const tokenUrl = () => `${url}/token`
  const account: ServiceAccount = {
    ...{ projectId, privateKey, keyId: 'key-1', tokenUrl: tokenUrl() },
    email: 'push@hanbit-erp.iam.gserviceaccount.example',
  }
  return {
    ...{ url, account, state, options },
    /** As Google writes the key of a service account. */
    keyFile: JSON.stringify({
      type: 'service_account',
      project_id: projectId,
      private_key_id: account.keyId,
      private_key: privateKey,
      client_email: account.email,
      token_uri: account.tokenUrl,
    }),
    tokensTaken: () => state.taken.map(({ token }) => token),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        for (const session of state.live) session.destroy()
      }),
  }
}

type State = Awaited<ReturnType<typeof startFcmPeer>>['state']

function reply(
  stream: ServerHttp2Stream,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): undefined {
  if (stream.destroyed) return undefined
  stream.respond({ ':status': status, 'content-type': 'application/json; charset=UTF-8', ...headers })
  stream.end(JSON.stringify(body))
}

/** A request that has come in whole. */
type Received = { stream: ServerHttp2Stream; headers: IncomingHttpHeaders; text: string; url: string }

async function issueToken(state: State, options: PeerOptions, { stream, text, url }: Received) {
  const form = new URLSearchParams(text)
  const fault = options.onToken?.()
  if (fault !== undefined) return reply(stream, fault, { error: 'unavailable' })
  try {
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new Error('grant_type')
    const { payload, protectedHeader } = await jwtVerify(
      form.get('assertion') ?? '',
      await importSPKI(publicKey, 'RS256'),
      { algorithms: ['RS256'], audience: url, issuer: 'push@hanbit-erp.iam.gserviceaccount.example' },
    )
    if (payload.scope !== 'https://www.googleapis.com/auth/firebase.messaging') throw new Error('scope')
    if (protectedHeader.kid !== 'key-1') throw new Error('kid')
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > 3_600) throw new Error('exp')
  } catch (error) {
    state.problems.push(`token: ${String(error)}`)
    return reply(stream, 400, { error: 'invalid_grant' })
  }
  state.tokensIssued += 1
  const seconds = options.tokenSeconds ?? 3_599
  const token = `ya29.${state.tokensIssued}`
  state.tokens.set(token, Date.now() + seconds * 1000)
  reply(stream, 200, { access_token: token, expires_in: seconds, token_type: 'Bearer' })
}

function answerMessage(state: State, options: PeerOptions, { stream, headers, text }: Received): undefined {
  const { session } = stream
  if (!session || session.destroyed) return undefined
  // Beyond what GOAWAY named nothing is looked at.
  const last = state.lastId.get(session)
  if (last !== undefined && (stream.id ?? 0) > last) return undefined
  if (!state.lastId.has(session)) noteOpen(state, stream)
  const error = (status: number, code: string, details: object[] = []) =>
    reply(stream, status, { error: { code: status, message: 'said to somebody', status: code, details } })
  if (headers[':method'] !== 'POST' || headers[':path'] !== `/v1/projects/${projectId}/messages:send`)
    return error(404, 'NOT_FOUND')
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
  if ((state.tokens.get(bearer) ?? 0) < Date.now()) return error(401, 'UNAUTHENTICATED')
  const message = readMessage(state, text)
  if (!message) return error(400, 'INVALID_ARGUMENT', [{ '@type': fcmError, errorCode: 'INVALID_ARGUMENT' }])
  const tries = (state.tries.get(message.token) ?? 0) + 1
  state.tries.set(message.token, tries)
  const fault = options.fault?.(message.token, tries)
  if (fault !== undefined && applyFault(state, stream, message, fault)) return undefined
  state.taken.push(message)
  return reply(stream, 200, { name: `projects/${projectId}/messages/${state.taken.length}` })
}

const fcmError = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'
const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_NO_ERROR } = constants

/** Answers false when the message is to be taken all the same. */
function applyFault(state: State, stream: ServerHttp2Stream, message: FcmMessage, fault: Fault): boolean {
  const { session } = stream
  if (typeof fault === 'object') {
    const { status, errorCode, retryAfter, field } = fault
    const details = [
      ...(errorCode === undefined ? [] : [{ '@type': fcmError, errorCode }]),
      ...(field === undefined ? [] : [{ fieldViolations: [{ field, description: 'Invalid' }] }]),
    ]
    const retry = retryAfter === undefined ? undefined : { 'retry-after': retryAfter }
    reply(stream, status, { error: { code: status, message: 'said to somebody', details } }, retry)
    return true
  }
  if (fault === 'take-and-reset') state.taken.push(message)
  if (fault === 'refuse') stream.close(NGHTTP2_REFUSED_STREAM)
  else if (fault === 'reset' || fault === 'take-and-reset') stream.close(NGHTTP2_INTERNAL_ERROR)
  // Without a word, as when a machine on the way dies.
  else if (fault === 'lose-connection') state.sockets.get(session?.socket.remotePort)?.resetAndDestroy()
  else if (fault !== 'hang' && session) {
    const id = stream.id ?? 0
    state.lastId.set(session, id)
    session.goaway(fault === 'goaway' ? NGHTTP2_NO_ERROR : NGHTTP2_ENHANCE_YOUR_CALM, id)
    // Its own stream is the last that is served.
    return fault === 'goaway-with-error'
  }
  return true
}

function readMessage(state: State, text: string): FcmMessage | undefined {
  try {
    const { message } = z.strictObject({ message: messageSchema }).parse(JSON.parse(text))
    const { notification, data } = message
    if (Buffer.byteLength(JSON.stringify({ notification, data })) > 4_096) throw new Error('Message is too big')
    return message
  } catch (error) {
    state.problems.push(`message: ${String(error)}`)
    return undefined
  }
}

const counted = new WeakSet<Http2Session>()
function noteOpen(state: State, stream: ServerHttp2Stream): void {
  const { session } = stream
  if (session && !counted.has(session)) {
    counted.add(session)
    state.sessions += 1
  }
  state.open += 1
  state.mostOpen = Math.max(state.mostOpen, state.open)
  stream.on('close', () => {
    state.open -= 1
  })
}
