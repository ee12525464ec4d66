import type { WebSocket } from 'ws'

const pingEveryMs = 30_000

/**
 * Pings an open WebSocket and ends it when a ping goes unanswered: a peer that vanished sends no farewell, and proxies
 * cut connections that stay silent.
 */
export function checkSocket(
  socket: Pick<WebSocket, 'on' | 'once' | 'ping' | 'terminate'>,
  everyMs = pingEveryMs,
): void {
  let isAlive = true
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, everyMs).unref()
  socket.on('pong', () => {
    isAlive = true
  })
  socket.once('close', () => clearInterval(timer))
}
