import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ClientFrame, ServerFrame } from '../../../src/chat/api.ts'
import { type ChatSocket, openChatSocket } from '../api/chat-socket.ts'
import { type ApiClient, ApiError } from '../api/client.ts'

/** `offline`: this device has no network. `lost`: the server doesn't answer. A socket that is down while HTTP works is `online`. */
export type Connection = 'online' | 'offline' | 'lost'

type Options = {
  api: ApiClient
  onFrame: (frame: ServerFrame) => void
  /** The socket is open; `again` when it was down before. */
  onOpen: (again: boolean) => void
}

export type ConnectionHandle = {
  connection: Connection
  send: (frame: ClientFrame) => boolean
  reconnectNow: () => void
}

function socketUrl(): string {
  const url = new URL('/api/v1/chat', window.location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

/** Keeps the chat socket open and knows whether the server can be reached at all. */
export function useConnection({ api, onFrame, onOpen }: Options): ConnectionHandle {
  const [connection, setConnection] = useState<Connection>(navigator.onLine ? 'online' : 'offline')
  const socket = useRef<ChatSocket | null>(null)
  const wasDown = useRef(false)
  const receive = useEffectEvent(onFrame)
  const opened = useEffectEvent(() => {
    setConnection('online')
    const again = wasDown.current
    wasDown.current = false
    onOpen(again)
  })
  /** Also renews an expired access token, without which the socket is refused. */
  const down = useEffectEvent(async () => {
    wasDown.current = true
    if (!navigator.onLine) {
      setConnection('offline')
      return true
    }
    try {
      await api.get('/api/v1/me')
      setConnection('online')
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false
      setConnection(error instanceof ApiError && error.status > 0 && error.status < 500 ? 'online' : 'lost')
    }
    return true
  })

  useEffect(() => {
    const chat = openChatSocket({ url: socketUrl(), onFrame: receive, onOpen: opened, onDown: down })
    socket.current = chat
    const goOffline = () => setConnection('offline')
    const goOnline = () => {
      setConnection('online')
      chat.reconnectNow()
    }
    window.addEventListener('offline', goOffline)
    window.addEventListener('online', goOnline)
    return () => {
      window.removeEventListener('offline', goOffline)
      window.removeEventListener('online', goOnline)
      chat.close()
    }
  }, [])

  return {
    connection,
    send: (frame) => socket.current?.send(frame) ?? false,
    reconnectNow: () => socket.current?.reconnectNow(),
  }
}
