import { randomUUID } from 'node:crypto'
import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { errorBody, wrapMessage } from '#platform/envelope'
import { AppError } from '#platform/errors'
import type { HttpServer } from '#platform/http-server'
import { platformErrors } from '#platform/platform-errors'
import { runAsSpan } from '#platform/span'
import { newTrace, runInTrace } from '#platform/trace'
import { answerQuestion } from './answer-question.ts'
import type { ClientFrame, ServerFrame } from './api.ts'
import { chatErrors } from './errors.ts'
import { readFrame } from './read-frame.ts'
import { readPartial } from './read-partial.ts'
import type { RouteDeps } from './routes.ts'

type AskFrame = Extract<ClientFrame, { type: 'ask' }>
type TypingFrame = Extract<ClientFrame, { type: 'typing' }>

/** What one person may have on its way at once, and ask within a minute, over all of their sockets. */
const mostInFlight = 4
const mostReadings = 4
const mostAMinute = 120
const minuteMs = 60_000
/** A reader who takes nothing in is cut off rather than kept in memory. */
const mostUnsentBytes = 1024 * 1024
/** Whose sign-in or key has ended loses the socket within the sum of both: how often that is looked up, and how old the answer may be. */
const recheckMs = 4_000
const oldestMs = 1_000
/** Close codes of our own: sign in again; the reader is too slow. */
const closeSignedOut = 4401
const closeTooSlow = 4408

/** The chat as a WebSocket: `ask` and `typing` in, envelopes with accepted, understood, answer and error out. */
export function registerChatSocket(server: HttpServer, deps: RouteDeps): void {
  // As many as there are people who have asked here; a socket more is no allowance more.
  const loads = new Map<string, Load>()
  server.get('/api/v1/chat', { websocket: true, config: { access: 'signed-in', scope: 'ask' } }, (socket, request) => {
    const { userId } = deps.auth.actorOf(request as FastifyRequest)
    const load = loads.get(userId) ?? { inFlight: 0, readings: 0, askedAt: [], notedAt: new Map() }
    loads.set(userId, load)
    serveSocket({ deps, socket, request: request as FastifyRequest, load })
  })
}

/**
 * What one person has under way. `askedAt`: when the questions of the last minute came, ms; `notedAt`: when a refusal that can come in
 * floods was last put on record, by its code.
 */
type Load = { inFlight: number; readings: number; askedAt: number[]; notedAt: Map<string, number> }

type Connection = {
  deps: RouteDeps
  socket: WebSocket
  request: FastifyRequest
  load: Load
  typing: Typing
  isClosed: AbortSignal
}

/**
 * What is being typed: one text that grows until it is asked. `revision` counts its states, `shown` is the last whose chips
 * went out, `next` one that waits for a reading to end.
 */
type Typing = { id: string; revision: number; shown: number; next: TypingFrame | null; asked: AbortController }

const newTyping = (): Typing => ({
  id: randomUUID(),
  revision: 0,
  shown: 0,
  next: null,
  asked: new AbortController(),
})

function serveSocket(opened: Pick<Connection, 'deps' | 'socket' | 'request' | 'load'>): void {
  const { socket } = opened
  const closed = new AbortController()
  const connection: Connection = {
    ...opened,
    typing: newTyping(),
    isClosed: closed.signal,
  }
  // The token that opened the socket may expire, and its session may end: then the socket ends too.
  const recheck = setInterval(
    () => void runInTrace(newTrace(), () => checkStanding(connection, oldestMs)),
    recheckMs,
  ).unref()
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
  if (!frame) return refuseFlood(connection, { requestId }, new AppError(chatErrors.frameUnreadable, { details }))
  if (frame.type === 'typing') return showPartial(connection, frame)
  return runAsSpan(newTrace(frame.traceparent), askSpan, () => receiveQuestion(connection, frame))
}

const askSpan = { name: 'WebSocket ask', kind: 'server' } as const

async function receiveQuestion(connection: Connection, frame: AskFrame): Promise<void> {
  const { load } = connection
  if (isOverLimit(load)) return refuseFlood(connection, frame, tooMany(load))
  if (load.inFlight >= mostInFlight) {
    const error = new AppError(chatErrors.tooManyQuestions, { params: { max: mostInFlight } })
    return refuse(connection, frame, error)
  }
  load.inFlight += 1
  const own = { isKept: false }
  try {
    await ask(connection, frame, own)
  } catch (error) {
    // A question that is kept has an audit entry of its own, which tells how it ended.
    if (own.isKept) sendError(connection, frame.requestId, error, frame.language)
    else await refuse(connection, frame, error)
  } finally {
    load.inFlight -= 1
  }
}

/** Counts one more question; true when it is one too many within a minute. */
function isOverLimit(load: Load): boolean {
  const now = performance.now()
  load.askedAt = load.askedAt.filter((at) => now - at < minuteMs)
  if (load.askedAt.length >= mostAMinute) return true
  load.askedAt.push(now)
  return false
}

function tooMany({ askedAt }: Load): AppError {
  const now = performance.now()
  const seconds = Math.ceil((minuteMs - (now - (askedAt[0] ?? now))) / 1000)
  return new AppError(platformErrors.rateLimited, { params: { seconds } })
}

type Refused = { requestId: string | null; language?: AskFrame['language'] }

/** Answers what anyone can send without end, and puts the first of a minute on record: a flood must not fill the trail. */
async function refuseFlood(connection: Connection, refused: Refused, error: AppError): Promise<void> {
  const { notedAt } = connection.load
  const now = performance.now()
  if (now - (notedAt.get(error.spec.code) ?? -minuteMs) < minuteMs)
    return sendError(connection, refused.requestId, error, refused.language)
  notedAt.set(error.spec.code, now)
  await refuse(connection, refused, error)
}

/** Answers a question that came to nothing, another's conversation say, and puts it on record as a refused call is. */
async function refuse(connection: Connection, { requestId, language }: Refused, error: unknown): Promise<void> {
  const { deps, request } = connection
  sendError(connection, requestId, error, language)
  const errorCode = error instanceof AppError ? error.spec.code : platformErrors.internal.code
  const actorId = deps.auth.actorOf(request).userId
  const entry = { actorId, action: 'chat.ask', outcome: 'refused' as const, ip: request.ip, details: { errorCode } }
  await deps.audit.record(entry).catch((err) => deps.log.error({ err }, 'A refused question could not be audited'))
}

async function ask(connection: Connection, frame: AskFrame, own: { isKept: boolean }): Promise<void> {
  const { requestId, text, conversationId, language } = frame
  const { deps, request, isClosed } = connection
  // What is being typed is now asked: its chips would only come late.
  connection.typing.asked.abort()
  connection.typing = newTyping()
  if (!(await checkStanding(connection))) return
  const reply = await answerQuestion(deps, {
    actor: deps.auth.actorOf(request),
    text,
    conversationId,
    language,
    ip: request.ip,
    signal: isClosed,
    onAccepted: (id) => {
      own.isKept = true
      send(connection, { type: 'accepted', requestId, conversationId: id })
    },
    onUnderstood: (chips) => send(connection, { type: 'understood', requestId, chips, partial: false }),
  })
  send(connection, { type: 'answer', requestId, ...reply })
}

/**
 * Reads what is typed as it comes: the understanding server drops a state of the text that a newer one replaces. Past what
 * one person may have under way, the newest state waits and the ones before it go unread.
 */
async function showPartial(connection: Connection, frame: TypingFrame): Promise<void> {
  const { load, typing } = connection
  if (load.readings >= mostReadings) {
    typing.next = frame
    return
  }
  load.readings += 1
  typing.next = null
  typing.revision += 1
  await readTyping(connection, typing, { frame, revision: typing.revision })
  load.readings -= 1
  if (typing.next && !typing.asked.signal.aborted) await showPartial(connection, typing.next)
}

async function readTyping(connection: Connection, typing: Typing, read: { frame: TypingFrame; revision: number }) {
  const { deps, request, isClosed } = connection
  const { frame, revision } = read
  const { requestId, text, conversationId, language } = frame
  const signal = AbortSignal.any([typing.asked.signal, isClosed])
  try {
    // Names in chips are of the ERP, too: who has been shut out sees no more of them.
    await deps.auth.guard(request, 'signed-in')
    const actor = deps.auth.actorOf(request)
    const growing = { id: typing.id, revision }
    const chips = await readPartial(deps, { actor, text, growing, conversationId, language, signal })
    if (signal.aborted || revision < typing.shown) return
    typing.shown = revision
    send(connection, { type: 'understood', requestId, chips, partial: true })
  } catch (error) {
    // Chips while typing are a courtesy: only what the person can mend is worth a message.
    if (!signal.aborted && error instanceof AppError && error.spec.kind === 'invalid') {
      sendError(connection, requestId, error, language)
    }
  }
}

/** Whether the person may still ask; when not, says why and ends the connection. */
async function checkStanding(connection: Connection, oldest?: number): Promise<boolean> {
  const { deps, socket, request } = connection
  try {
    await deps.auth.guard(request, 'signed-in', oldest)
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
