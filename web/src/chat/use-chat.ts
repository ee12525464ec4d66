import { useCallback, useEffect, useEffectEvent, useMemo, useReducer, useRef } from 'react'
import type { AskInput } from '../../../src/chat/api.ts'
import { createChatRequests } from '../api/chat-requests.ts'
import { type ApiClient, ApiError, localCodes } from '../api/client.ts'
import { currentLanguage } from '../i18n/i18n.ts'
import type { Navigate, Route } from '../shell/use-route.ts'
import { emptyChat, findArrived, reduceChat } from './chat-state.ts'
import { useConnection } from './use-connection.ts'

/** After this a question counts as unanswered; the server gives up well before. */
const answerDeadlineMs = 30_000
const readingPauseMs = 160

type Options = { api: ApiClient; route: Route; navigate: Navigate; onAnswered: () => void }

/** The conversation on screen: what it shows, and what a person can do with it. */
export function useChat({ api, route, navigate, onAnswered }: Options) {
  const [state, dispatch] = useReducer(reduceChat, emptyChat)
  const requests = useMemo(() => createChatRequests(api), [api])
  const typed = useRef('')
  const readingTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const input = (text: string): AskInput => ({
    text,
    language: currentLanguage(),
    ...(state.conversationId === null ? {} : { conversationId: state.conversationId }),
  })

  const load = useCallback(
    async (conversationId: string) => {
      try {
        dispatch({ type: 'opened', conversation: await requests.openConversation(conversationId) })
      } catch (error) {
        const gone = error instanceof ApiError && [400, 403, 404].includes(error.status)
        dispatch({ type: 'open-failed', reason: gone ? 'not-found' : 'failed' })
      }
    },
    [requests],
  )

  const { connection, send, reconnectNow } = useConnection({
    api,
    onFrame: (frame) => dispatch({ type: 'frame', frame }),
    onOpen: (again) => {
      if (again) void catchUp()
      read(typed.current)
    },
  })

  /** After a cut: the answer may be waiting in the conversation; if not, the question is asked again under the same id. */
  async function catchUp(): Promise<void> {
    const waiting = state.pending
    if (!waiting) return
    if (state.conversationId !== null) {
      const kept = await requests.openConversation(state.conversationId).catch(() => null)
      if (kept) dispatch({ type: 'opened', conversation: kept })
      if (kept && findArrived(state, kept)) return
    }
    send({ type: 'ask', requestId: waiting.requestId, ...input(waiting.question) })
  }

  const open = useEffectEvent((conversationId: string | null) => {
    if (conversationId === state.conversationId) return
    if (conversationId === null) return dispatch({ type: 'started-new' })
    dispatch({ type: 'opening', conversationId })
    void load(conversationId)
  })
  useEffect(() => open(route.conversationId), [route.conversationId])

  const follow = useEffectEvent((conversationId: string | null) => {
    if (conversationId !== null && state.pending) navigate(conversationId, 'replace')
  })
  useEffect(() => follow(state.conversationId), [state.conversationId])

  const answered = useEffectEvent(onAnswered)
  useEffect(() => {
    if (state.freshTurnId !== null) answered()
  }, [state.freshTurnId])

  const pendingId = state.pending?.requestId
  useEffect(() => {
    if (pendingId === undefined) return
    const late = { type: 'failed', requestId: pendingId, code: localCodes.timeout, message: '', traceId: null } as const
    const timer = setTimeout(() => dispatch(late), answerDeadlineMs)
    return () => clearTimeout(timer)
  }, [pendingId])

  async function askByHttp(requestId: string, question: string): Promise<void> {
    try {
      const { conversationId, turn } = await requests.ask(input(question))
      dispatch({ type: 'frame', frame: { type: 'accepted', requestId, conversationId } })
      dispatch({ type: 'frame', frame: { type: 'answer', requestId, conversationId, turn } })
    } catch (error) {
      const known = error instanceof ApiError ? error : null
      const { code = localCodes.badReply, message = '', traceId = null } = known ?? {}
      dispatch({ type: 'failed', requestId, code, message, traceId })
    }
  }

  /** Sends a question; false when it can't leave now and should stay in the box. */
  function ask(question: string): boolean {
    if (connection !== 'online' || state.pending || state.loading !== 'ready') return false
    clearTimeout(readingTimer.current)
    typed.current = ''
    const requestId = crypto.randomUUID()
    dispatch({ type: 'asked', requestId, question })
    if (!send({ type: 'ask', requestId, ...input(question) })) void askByHttp(requestId, question)
    return true
  }

  /** Asks how half-typed text is understood, once the keys rest. */
  function read(text: string): void {
    typed.current = text
    clearTimeout(readingTimer.current)
    if (text.trim() === '') {
      dispatch({ type: 'typed', requestId: null })
      return
    }
    readingTimer.current = setTimeout(() => {
      const requestId = `typing-${crypto.randomUUID()}`
      if (send({ type: 'typing', requestId, ...input(text) })) dispatch({ type: 'typed', requestId })
    }, readingPauseMs)
  }

  function startNew(): void {
    dispatch({ type: 'started-new' })
    navigate(null)
  }

  function reopen(): void {
    if (route.conversationId === null) return
    dispatch({ type: 'opening', conversationId: route.conversationId })
    void load(route.conversationId)
  }

  return { state, connection, requests, ask, read, startNew, reopen, reconnectNow }
}
