import { isIP } from 'node:net'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Logger } from './log.ts'

/** A connection to Redis, or to the nodes of a Redis Cluster: the same commands. */
export type RedisClient = Redis | Cluster

export type RedisConfig = {
  /** `redis://` or `rediss://`, with the password; for opening a connection, never for a log. */
  url: string
  /** PEM of whom to trust besides the system's own authorities. */
  ca?: string | undefined
  /** The URL is of one node of a cluster. */
  isCluster?: boolean
}

/** A call of Redis that failed: what Redis said, without the call's arguments, which the client's own errors carry. */
class RedisFailure extends Error {
  override name = 'RedisFailure'
}

const answerWithinMs = 800
const reconnectWaitsMs = { first: 50, most: 1_000 }

/**
 * Opens a connection that connects and reconnects by itself. While there is none a command fails at once, and one that is not
 * answered fails within 0.8 s: whoever asks decides what that means, nothing waits in a queue. TLS 1.3, verified, for `rediss:`.
 */
export function openRedis({ url, ca, isCluster }: RedisConfig, log: Logger): RedisClient {
  const options = optionsOf(new URL(url), ca)
  const { host, port, ...each } = options
  const client = isCluster
    ? new Cluster([{ host, port }], {
        redisOptions: each,
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        clusterRetryStrategy: retryWait,
        slotsRefreshTimeout: answerWithinMs,
        // Certificates are of names: an address that a name stands for would not be verified.
        dnsLookup: (address, done) => done(null, address),
      })
    : new Redis(options)
  watchHealth(client, log)
  return client
}

/** The servers that hold keys, each of which tells its own only. */
export function listNodes(redis: RedisClient): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis]
}

/** What `call` answers; its failure without the arguments of the call. */
export async function askRedis<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new RedisFailure(error instanceof Error ? (error.message.split(', with args')[0] ?? '') : 'unknown')
  }
}

function optionsOf(url: URL, ca: string | undefined) {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  const servername = isIP(host) ? {} : { servername: host }
  return {
    host,
    port: Number(url.port || 6379),
    ...(username && { username }),
    ...(password && { password }),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.protocol === 'rediss:' && { tls: { minVersion: 'TLSv1.3' as const, ...servername, ...(ca && { ca }) } }),
    connectionName: 'erp-chatbot',
    connectTimeout: 3_000,
    commandTimeout: answerWithinMs,
    // A connection over which nothing comes back is given up, though nobody closed it.
    socketTimeout: 2 * answerWithinMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    retryStrategy: retryWait,
    // A primary that has become a replica: the address leads to another one now.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 1 : false),
  } satisfies RedisOptions
}

function retryWait(attempt: number): number {
  return Math.min(reconnectWaitsMs.first * 2 ** Math.min(attempt, 10), reconnectWaitsMs.most)
}

/** Says once that the connection is gone and once that it is back, however often it is tried between. */
function watchHealth(client: RedisClient, log: Logger): void {
  let isDown = false
  // Without a listener the client prints errors by itself.
  client.on('error', (error: Error & { code?: string }) => {
    if (isDown) return
    isDown = true
    log.warn({ 'error.type': error.name, 'error.code': error.code ?? '' }, 'Redis cannot be reached')
  })
  client.on('ready', () => {
    if (isDown) log.info('Redis is reached again')
    isDown = false
  })
}
