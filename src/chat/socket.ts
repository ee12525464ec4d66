import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { errorBody, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { platformErrors } from '#platform/platform-errors'
import { newTrace, runInTrace } from '#platform/trace'
import { answerQuestion } from './answer-question.ts'
import type { ClientFrame, ServerFrame } from './api.ts'
import { chatErrors } from './errors.ts'
import { readFrame } from './read-frame.ts'
import { readPartial } from './read-partial.ts'
import type { RouteDeps } from './routes.ts'

type AskFrame = Extract<ClientFrame, { type: 'ask' }>
type TypingFrame = Extract<ClientFrame, { type: 'typing' }>

/** Questions of one socket that may be on their way at once. */
const mostInFlight = 4
const mostAMinute = 120
const minuteMs = 60_000
/** A reader who takes nothing in is cut off rather than kept in memory. */
const mostUnsentBytes = 1024 * 1024
const recheckMs = 15_000
/** Close codes of our own: sign in again; the reader is too slow. */
const closeSignedOut = 4401
const closeTooSlow = 4408

/** The chat as a WebSocket: `ask` and `typing` in, envelopes with accepted, understood, answer and error out. */
export function registerChatSocket(server: HttpServer, deps: RouteDeps): void {
  server.get('/api/v1/chat', { websocket: true, config: { access: 'signed-in' } }, (socket, request) => {
    serveSocket(deps, socket, request as FastifyRequest)
  })
}

type Connection = {
  deps: RouteDeps
  socket: WebSocket
  request: FastifyRequest
  inFlight: number
  typing: AbortController | null
  /** When the questions of the last minute came, ms. */
  askedAt: number[]
  nextTyping: TypingFrame | null
  isReading: boolean
  isClosed: AbortSignal
}

function serveSocket(deps: RouteDeps, socket: WebSocket, request: FastifyRequest): void {
  const closed = new AbortController()
  const connection: Connection = {
    deps,
    socket,
    request,
    inFlight: 0,
    askedAt: [],
    typing: null,
    nextTyping: null,
    isReading: false,
    isClosed: closed.signal,
  }
  // The token that opened the socket may expire, and its session may end: then the socket ends too.
  const recheck = setInterval(() => void runInTrace(newTrace(), () => checkStanding(connection)), recheckMs).unref()
  socket.on('message', (data, isBinary) => {
    void runInTrace(newTrace(), () => receive(connection, isBinary ? null : data.toString()))
  })
  socket.once('close', () => {
    clearInterval(recheck)
    closed.abort()
  })
}

async function receive(connection: Connection, text: string | null): Promise<void> {
  const { frame, requestId, details } = readFrame(text)
  if (!frame) return sendError(connection, requestId, new AppError(chatErrors.frameUnreadable, { details }))
  if (frame.type === 'typing') return showPartial(connection, frame)
  const excess = findExcess(connection)
  if (excess) return sendError(connection, requestId, excess, frame.language)
  connection.inFlight += 1
  try {
    await ask(connection, frame)
  } catch (error) {
    sendError(connection, frame.requestId, error, frame.language)
  } finally {
    connection.inFlight -= 1
  }
}

/** Why this question is one too many, if it is: others are still on their way, or too many came within a minute. */
function findExcess(connection: Connection): AppError | null {
  if (connection.inFlight >= mostInFlight) {
    return new AppError(chatErrors.tooManyQuestions, { params: { max: mostInFlight } })
  }
  const now = performance.now()
  connection.askedAt = [...connection.askedAt.filter((at) => now - at < minuteMs), now]
  if (connection.askedAt.length <= mostAMinute) return null
  connection.askedAt.pop()
  const seconds = Math.ceil((minuteMs - (now - (connection.askedAt[0] ?? now))) / 1000)
  return new AppError(platformErrors.rateLimited, { params: { seconds } })
}

async function ask(connection: Connection, { requestId, text, conversationId, language }: AskFrame): Promise<void> {
  const { deps, request, isClosed } = connection
  // What is being typed is now asked: its chips would only come late.
  connection.nextTyping = null
  connection.typing?.abort()
  if (!(await checkStanding(connection))) return
  const reply = await answerQuestion(deps, {
    actor: deps.auth.actorOf(request),
    text,
    conversationId,
    language,
    ip: request.ip,
    signal: isClosed,
    onAccepted: (id) => send(connection, { type: 'accepted', requestId, conversationId: id }),
    onUnderstood: (chips) => send(connection, { type: 'understood', requestId, chips, partial: false }),
  })
  send(connection, { type: 'answer', requestId, ...reply })
}

/** One text is read at a time and the latest wins: however fast someone types, there is one reading under way. */
async function showPartial(connection: Connection, frame: TypingFrame): Promise<void> {
  connection.nextTyping = frame
  connection.typing?.abort()
  if (connection.isReading) return
  connection.isReading = true
  for (let next = takeNext(connection); next; next = takeNext(connection)) await readTyping(connection, next)
  connection.isReading = false
}

function takeNext(connection: Connection): TypingFrame | null {
  const next = connection.nextTyping
  connection.nextTyping = null
  return next
}

async function readTyping(connection: Connection, { requestId, text, conversationId, language }: TypingFrame) {
  const { deps, request, isClosed } = connection
  const mine = new AbortController()
  connection.typing = mine
  const signal = AbortSignal.any([mine.signal, isClosed])
  try {
    const actor = deps.auth.actorOf(request)
    const chips = await readPartial(deps, { actor, text, conversationId, language, signal })
    if (!signal.aborted) send(connection, { type: 'understood', requestId, chips, partial: true })
  } catch (error) {
    // Chips while typing are a courtesy: only what the person can mend is worth a message.
    if (!signal.aborted && error instanceof AppError && error.spec.kind === 'invalid') {
      sendError(connection, requestId, error, language)
    }
  }
}

/** Whether the person may still ask; when not, says why and ends the connection. */
async function checkStanding(connection: Connection): Promise<boolean> {
  const { deps, socket, request } = connection
  try {
    await deps.auth.guard(request, 'signed-in')
    return true
  } catch (error) {
    sendError(connection, null, error)
    if (error instanceof AppError && (error.spec.kind === 'unauthenticated' || error.spec.kind === 'forbidden')) {
      socket.close(closeSignedOut, error.spec.code)
    }
    return false
  }
}

function sendError(connection: Connection, requestId: string | null, error: unknown, language?: 'ko' | 'en'): void {
  const { deps, request } = connection
  if (!(error instanceof AppError)) deps.log.error({ err: error }, 'A question failed for a reason of ours')
  const { error: body } = errorBody(error, language ?? deps.auth.actorOf(request).language)
  send(connection, { type: 'error', requestId, error: body })
}

function send({ socket }: Connection, frame: ServerFrame): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > mostUnsentBytes) socket.close(closeTooSlow, 'TOO_SLOW')
  else socket.send(JSON.stringify(wrapMessage(frame, { destination: 'client' })))
}
