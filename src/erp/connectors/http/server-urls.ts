import { isLoopback } from '#platform/loopback'
import { createBreaker } from './breaker.ts'
import type { CallLimits } from './call-limits.ts'
import type { Server } from './server-group.ts'

/**
 * The servers of an ERP under their names, primary first. `path` is where the API is below each address. Throws Error for an
 * address that would carry data in the clear.
 */
export function listServers(urls: string[], path: string, limits: CallLimits): Server[] {
  return urls.map((url, index) => ({
    name: nameServer(index),
    url: new URL(path, requireSafe(url)),
    breaker: createBreaker(limits),
  }))
}

/** Asks the first server, and no other. */
export async function atFirst<T>(servers: Server[], ask: (server: Server) => Promise<T>): Promise<T> {
  const [first] = servers
  if (!first) throw new Error('an ERP without a server')
  return await ask(first)
}

function nameServer(index: number): string {
  if (index === 0) return 'primary'
  return index === 1 ? 'standby' : `standby${index}`
}

function requireSafe(text: string): string {
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw new Error(`The ERP at ${url.host} must be reached over https`)
  return url.href
}
