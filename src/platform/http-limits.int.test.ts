import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { HttpServerOptions } from '#platform/http-server'
import { asSomi, closeAll, start } from './http/server-fixture.ts'

const sockets: { close(): void }[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  await closeAll()
})

async function listen(limits: HttpServerOptions['limits'] = {}) {
  const { server } = await start({ limits })
  let received = 0
  server.get('/api/v1/chat', { websocket: true, config: { access: 'signed-in' } }, (socket) => {
    socket.on('message', () => {
      received += 1
    })
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  const open = (headers: Record<string, string> = asSomi) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/chat`, { headers })
    socket.on('error', () => undefined)
    sockets.push(socket)
    return socket
  }
  /** The status that an upgrade was answered with. */
  const status = (socket: WebSocket) =>
    new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101))
      socket.on('unexpected-response', (_, reply) => resolve(reply.statusCode ?? 0))
    })
  return { port, open, status, received: () => received }
}

/** Sends one letter every few milliseconds for as long as the server takes it, and returns what it said. */
async function trickle(socket: Socket, letters: string): Promise<string> {
  const reply = text(socket)
  for (const letter of letters) {
    if (socket.readyState !== 'open') break
    socket.write(letter)
    await wait(10)
  }
  return await reply
}

describe('a caller who sends as slowly as it can', () => {
  test('is cut off while it sends headers', async () => {
    const { port } = await listen({ headersMs: 200, requestMs: 60_000 })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const reply = await trickle(socket, `GET /api/v1/open HTTP/1.1\r\nhost: x\r\nx-slow: ${'a'.repeat(100_000)}`)
    expect(reply).toMatch(/^HTTP\/1.1 408 /)
    expect(reply).toContain('REQUEST_TIMEOUT')
  })

  test('is cut off while it sends the body, and others are served meanwhile', async () => {
    const { port } = await listen({ headersMs: 200, requestMs: 400 })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST /api/v1/echo/1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer somi\r\n')
    const slow = trickle(
      socket,
      `content-type: application/json\r\ncontent-length: 60000\r\n\r\n${'a'.repeat(100_000)}`,
    )
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/open`)).status).toBe(200)
    expect(await slow).toMatch(/^HTTP\/1.1 408 /)
  })

  test('is cut off when it says nothing', async () => {
    const { port } = await listen({ silenceMs: 100 })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'close')
  })
})

test('headers over the limit end the connection with 431', async () => {
  const { port } = await listen({ headerBytes: 8_192 })
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET /api/v1/open HTTP/1.1\r\nhost: x\r\nx-big: ${'a'.repeat(9_000)}\r\n\r\n`)
  const reply = await text(socket)
  expect(reply).toMatch(/^HTTP\/1.1 431 /)
  expect(reply).toMatch(/HEADERS_TOO_LARGE.*8 KiB/)
})

describe('WebSockets', () => {
  test('one person may have so many open; a closed one makes place, and others have their own', async () => {
    const { open, status } = await listen({ socketsPerActor: 2 })
    const first = open()
    expect([await status(first), await status(open()), await status(open())]).toEqual([101, 101, 429])
    expect(await status(open({ authorization: 'Bearer minsu' }))).toBe(101)
    first.close()
    await once(first, 'close')
    await wait(50)
    expect([await status(open()), await status(open())]).toEqual([101, 429])
  })

  test('who sends more than anyone types is cut off, over all of their sockets', async () => {
    const { open, status, received } = await listen({ framesPerMinute: 10 })
    const [one, two] = [open(), open()]
    await Promise.all([status(one), status(two)])
    for (let n = 0; n < 6; n++) one.send('{}')
    await wait(100)
    for (let n = 0; n < 50; n++) two.send('{}')
    const [code, reason] = await once(two, 'close')
    expect([code, String(reason)]).toEqual([1008, 'RATE_LIMITED'])
    expect(received()).toBeLessThanOrEqual(11)
  })

  test('a frame that is too large ends the connection', async () => {
    const { open, status } = await listen({ frameBytes: 1_000 })
    const socket = open()
    await status(socket)
    socket.send('x'.repeat(1_001))
    expect((await once(socket, 'close'))[0]).toBe(1009)
  })
})
