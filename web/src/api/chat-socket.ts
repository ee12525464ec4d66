import type { ClientFrame, ServerFrame } from '../../../src/chat/api.ts'
import { isRecord } from './client.ts'
import { reconnectDelayMs } from './reconnect-delay.ts'

export type ChatSocketDeps = {
  url: string
  onFrame: (frame: ServerFrame) => void
  onOpen: () => void
  /** The socket closed or never opened; it tries again by itself. Settle false to stop (the session is over). */
  onDown: () => Promise<boolean>
}

export type ChatSocket = {
  /** False when the socket isn't open: the caller goes by HTTP. */
  send(frame: ClientFrame): boolean
  /** Skips the wait before the next try. */
  reconnectNow(): void
  close(): void
}

/** Takes the frame out of its envelope; anything else is dropped. */
function readFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null
  try {
    const message: unknown = JSON.parse(data)
    if (!isRecord(message) || !isRecord(message.body) || typeof message.body.type !== 'string') return null
    return message.body as ServerFrame
  } catch {
    return null
  }
}

/** One chat connection that keeps itself open, with growing pauses between tries. */
export function openChatSocket(deps: ChatSocketDeps): ChatSocket {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let attempt = 0
  let closed = false

  function connect(): void {
    timer = null
    const opened = new WebSocket(deps.url)
    socket = opened
    opened.onopen = () => {
      attempt = 0
      deps.onOpen()
    }
    opened.onmessage = (event) => {
      const frame = readFrame(event.data)
      if (frame) deps.onFrame(frame)
    }
    opened.onclose = () => {
      if (closed || socket !== opened) return
      socket = null
      void retry()
    }
  }

  async function retry(): Promise<void> {
    const goOn = await deps.onDown()
    if (closed || !goOn || socket || timer) return
    timer = setTimeout(connect, reconnectDelayMs(attempt++, Math.random()))
  }

  connect()
  return {
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(frame))
      return true
    },
    reconnectNow() {
      if (closed || socket) return
      if (timer) clearTimeout(timer)
      attempt = 0
      connect()
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
      socket?.close()
    },
  }
}
