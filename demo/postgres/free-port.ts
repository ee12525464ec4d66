import { once } from 'node:events'
import { createServer } from 'node:net'

/** Whether `port` on loopback can be listened on now; 0 asks for any. Answers the port, or `undefined` when it is taken. */
export async function probePort(port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : undefined
  } catch {
    return undefined
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
}

/** A loopback port nobody listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const port = await probePort(0)
  if (port === undefined) throw new Error('No free port on 127.0.0.1.')
  return port
}
