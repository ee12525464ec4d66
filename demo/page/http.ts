import { once } from 'node:events'
import type { Server } from 'node:http'

/** Listens on 127.0.0.1 and answers the base URL. Throws one sentence when the port is taken. */
export async function listen(server: Server, port: number): Promise<string> {
  server.requestTimeout = 10_000
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(`Port ${port} on 127.0.0.1 is taken.`, { cause: error })
  }
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
}

/** Stops listening and ends open connections. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
