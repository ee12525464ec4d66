import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { checkSocket } from './check-sockets.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A peer that answers the first `answers` pings. */
function fakeSocket(answers: number) {
  const seen = { pings: 0, terminated: 0 }
  const socket = Object.assign(new EventEmitter(), {
    ping: () => {
      if (seen.pings++ < answers) socket.emit('pong')
    },
    terminate: () => {
      seen.terminated++
      socket.emit('close')
    },
  })
  return { socket: socket as unknown as WebSocket, seen }
}

test('a peer that answers stays, one that falls silent is ended once', () => {
  const { socket, seen } = fakeSocket(3)
  checkSocket(socket, 1_000)
  vi.advanceTimersByTime(4_000)
  expect(seen).toEqual({ pings: 4, terminated: 0 })
  vi.advanceTimersByTime(10_000)
  expect(seen).toEqual({ pings: 4, terminated: 1 })
})

test('a closed socket is left alone', () => {
  const { socket, seen } = fakeSocket(3)
  checkSocket(socket, 1_000)
  socket.emit('close')
  vi.advanceTimersByTime(10_000)
  expect(seen.pings).toBe(0)
})
